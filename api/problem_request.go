package api

import (
	"net/http"
	"slices"
	"strings"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// fromHuma turns what huma itself finds wrong with a request (types, unknown
// fields, lengths) into a Problem with the same shape as the shop's own.
func fromHuma(ctx huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		if p, isProblem := v.(*Problem); isProblem {
			p.RequestID = requestID(ctx.Context())
		}
		return v, nil
	}
	p := problemOf(faultOfStatus(e.Status, detailOf(e)))
	p.Status, p.Title = e.Status, http.StatusText(e.Status)
	if e.Status == http.StatusUnprocessableEntity {
		p.Errors = together(fieldsOf(ctx.Operation(), e.Errors), noted(ctx.Context()))
		aboutCursor(p)
	}
	p.RequestID = requestID(ctx.Context())
	return p, nil
}

// detailOf says what is wrong: where the body is no JSON, what its reader said.
func detailOf(e *huma.ErrorModel) string {
	if e.Status == http.StatusBadRequest && len(e.Errors) > 0 {
		return e.Errors[0].Message
	}
	return e.Detail
}

// fieldsOf are huma's complaints, each by the name that the client sent: a missing
// field by its own name, where huma tells its parent's.
func fieldsOf(of *huma.Operation, details []*huma.ErrorDetail) []fault.Field {
	before, after, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	fields := make([]fault.Field, 0, len(details))
	for _, d := range details {
		field := fault.Field{Name: fieldName(d.Location), Code: "invalid", Message: told(d.Message)}
		rest, found := strings.CutPrefix(d.Message, before)
		missing, whole := strings.CutSuffix(rest, after)
		switch {
		case found && whole:
			field = fault.Field{Name: fieldName(d.Location + "." + missing), Code: "required", Message: "This is needed."}
		case strings.HasPrefix(d.Message, "required ") && strings.HasSuffix(d.Message, "parameter is missing"):
			field.Code, field.Message = "required", "This is needed."
		case d.Message == validation.MsgUnexpectedProperty:
			field = unknownField(field.Name)
		case d.Message == errUnread.Error():
			field.Message = toldUnread
		case strings.HasPrefix(d.Location, "query.") && outOfRange(d.Message):
			field.Message = toldRange(of, field)
		case d.Location == "query.cursor":
			field.Code = "invalid_cursor"
		}
		if !slices.ContainsFunc(fields, func(f fault.Field) bool { return f.Name == field.Name && f.Code == field.Code }) {
			fields = append(fields, field)
		}
	}
	return fields
}

// aboutCursor gives a problem about the cursor alone its own code.
func aboutCursor(p *Problem) {
	if len(p.Errors) == 1 && p.Errors[0].Code == "invalid_cursor" {
		e := fault.BadCursor()
		p.Type, p.Code, p.Detail = problemURN(e.Code), e.Code, e.Message
	}
}

// fieldName is huma's location without the part of the request that it is in.
func fieldName(location string) string {
	for _, part := range []string{"body.", "query.", "path.", "header."} {
		if name, found := strings.CutPrefix(location, part); found {
			return name
		}
	}
	return location
}

// faultOfStatus names what the router or huma refuses by its status.
func faultOfStatus(status int, detail string) *fault.Error {
	switch status {
	case http.StatusBadRequest:
		return fault.New(fault.Malformed, "malformed", "The request cannot be read: %s.", detail)
	case http.StatusUnprocessableEntity:
		return fault.New(fault.Invalid, "invalid_fields", "Some fields are not acceptable.")
	case http.StatusNotFound:
		return fault.New(fault.NotFound, "not_found", "There is nothing at this address.")
	case http.StatusMethodNotAllowed:
		return fault.New(fault.NotFound, "method_not_allowed", "This address does not take that method.")
	case http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "too_large", "The request is larger than %d MB.", maxBody>>20)
	case http.StatusUnsupportedMediaType:
		return fault.New(fault.Malformed, "unsupported_media_type", "Send the body as application/json.")
	case http.StatusRequestHeaderFieldsTooLarge:
		return fault.New(fault.TooLarge, "header_too_large", "The request's header is larger than is accepted.")
	case http.StatusRequestTimeout:
		return fault.New(fault.Malformed, "request_timeout", "The request took too long to arrive.")
	}
	if status >= http.StatusInternalServerError {
		return fault.New(fault.Internal, "internal", "Something went wrong on our side. Nothing you sent is lost; please try again.")
	}
	return fault.New(fault.Malformed, "malformed", "The request cannot be read.")
}
