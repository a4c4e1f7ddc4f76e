package api

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"slices"
	"strings"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
)

// look is the middleware that notes what huma lets pass: query parameters and members of the
// body which an operation does not take, and what is given twice. The request is refused for
// them together with all else that is wrong with it.
func (s *Server) look(ctx huma.Context, next func(huma.Context)) {
	of := ctx.Operation()
	var notes []fault.Field
	if address := ctx.URL(); address.RawQuery != "" {
		notes = notesOfQuery(of, address.Query())
	}
	if schema := bodySchema(of); schema != nil {
		if body, err := io.ReadAll(ctx.BodyReader()); err == nil && len(bytes.TrimSpace(body)) > 0 {
			notes = append(notes, notesOfBody(s.huma.OpenAPI().Components.Schemas, schema, body)...)
		}
	}
	if len(notes) > 0 {
		ctx = huma.WithValue(ctx, keyNoted, notes)
	}
	next(ctx)
}

// bodySchema is what the body of an operation looks like; nil when it takes none.
func bodySchema(of *huma.Operation) *huma.Schema {
	if of.RequestBody == nil || of.RequestBody.Content["application/json"] == nil {
		return nil
	}
	return of.RequestBody.Content["application/json"].Schema
}

func notesOfQuery(of *huma.Operation, query url.Values) (notes []fault.Field) {
	for name, values := range query {
		at := slices.IndexFunc(of.Parameters, func(p *huma.Param) bool { return p.In == "query" && p.Name == name })
		switch {
		case at < 0:
			notes = append(notes, unknownField(name))
		case len(values) > 1 && of.Parameters[at].Schema.Type != huma.TypeArray:
			notes = append(notes, twice(name))
		}
	}
	slices.SortFunc(notes, func(a, b fault.Field) int { return strings.Compare(a.Name, b.Name) })
	return notes
}

// noted is what look has noted about a request.
func noted(ctx context.Context) []fault.Field {
	notes, _ := ctx.Value(keyNoted).([]fault.Field)
	return notes
}

// together are complaints and notes, each field once for a code. A body that could not be read
// needs no complaint of its own where a note says why.
func together(complaints, notes []fault.Field) []fault.Field {
	if len(notes) > 0 {
		complaints = slices.DeleteFunc(complaints, func(f fault.Field) bool { return f.Message == toldUnread })
	}
	for _, n := range notes {
		if !slices.ContainsFunc(complaints, func(c fault.Field) bool { return c.Name == n.Name && c.Code == n.Code }) {
			complaints = append(complaints, n)
		}
	}
	return complaints
}

func unknownField(name string) fault.Field {
	return fault.Field{Name: name, Code: "unknown", Message: "This is not known here."}
}

func twice(name string) fault.Field {
	return fault.Field{Name: name, Code: "duplicate", Message: "Give this once."}
}
