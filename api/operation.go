package api

import (
	"context"
	"errors"
	"net/http"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
)

// operation is one line of a route table: what it is called, where it lives and
// who may call it.
type operation struct {
	// ID is the operationId; Summary one sentence for the reader of /docs.
	ID, Method, Path, Summary, Tag string
	Access                         access
	// Status is the status of success; 200 (204 without a body) when zero.
	Status int
	// Cursor is the prefix of the ids that a paged list is of, such as "ord".
	Cursor string
	// Description is for what the summary cannot hold.
	Description string
}

// handle registers an operation with its typed handler. The handler's error
// becomes a problem here, in one place.
func handle[I, O any](s *Server, op operation, fn func(ctx context.Context, in *I) (*O, error)) {
	spec := s.spec(op)
	huma.Register(s.huma, spec, func(ctx context.Context, in *I) (*O, error) {
		if notes := noted(ctx); len(notes) > 0 {
			return nil, s.problem(ctx, fault.InvalidFields(notes...))
		}
		out, err := fn(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// spec is the operation as huma and the OpenAPI document know it.
func (s *Server) spec(op operation) huma.Operation {
	spec := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Description: op.Description, Tags: []string{op.Tag}, DefaultStatus: op.Status,
		Middlewares:  huma.Middlewares{s.authenticate(op.Access), s.look},
		Responses:    map[string]*huma.Response{"default": s.problemResponse()},
		MaxBodyBytes: maxBody,
	}
	if op.Cursor != "" {
		spec.Metadata = map[string]any{cursorPrefix: op.Cursor}
	}
	switch op.Access {
	case customer:
		spec.Security = []map[string][]string{{"customer": {}}}
	case admin:
		spec.Security = []map[string][]string{{"admin": {}}}
	}
	return spec
}

func (s *Server) problemResponse() *huma.Response {
	return &huma.Response{
		Description: "A problem (RFC 9457)",
		Content:     map[string]*huma.MediaType{problemType: {Schema: s.problemSchema}},
	}
}

// problem is what the client is told about an error. What is not a fault is
// logged here, once, and stays inside.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	e, ok := fault.As(err)
	if !ok && errors.Is(err, context.DeadlineExceeded) {
		s.cfg.Log.WarnContext(ctx, "request took too long", "request_id", requestID(ctx), "error", err)
		return timeoutProblem()
	}
	if !ok {
		s.cfg.Log.ErrorContext(ctx, "request failed", "request_id", requestID(ctx), "error", err)
		return internalProblem()
	}
	if status := statuses[e.Kind]; status == 0 || status >= http.StatusInternalServerError {
		s.cfg.Log.WarnContext(ctx, "request not served", "request_id", requestID(ctx), "error", err)
	}
	return problemOf(e)
}
