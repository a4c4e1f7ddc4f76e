package api

import (
	"context"
	"strings"

	"hostfront/account"
	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
)

// access is who may call an operation.
type access int

const (
	// public: anybody; a customer's token is used when there is one and refused when it is bad.
	public access = iota
	// customer: a signed-in customer.
	customer
	// admin: the reseller's staff.
	admin
)

// caller is who is calling.
type caller struct {
	CustomerID string
	Admin      account.Admin
}

// callerOf is who made the request; the zero caller is anonymous.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(keyCaller).(caller)
	return c
}

// customerID is the signed-in customer, "" for an anonymous caller.
func customerID(ctx context.Context) string { return callerOf(ctx).CustomerID }

// authenticate is the middleware of an operation that needs this access.
func (s *Server) authenticate(a access) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		who, err := s.identify(ctx.Context(), a, ctx.Header("Authorization"))
		if err != nil {
			s.refuse(ctx, err)
			return
		}
		next(huma.WithValue(ctx, keyCaller, who))
	}
}

func (s *Server) identify(ctx context.Context, a access, header string) (caller, error) {
	token, found := strings.CutPrefix(header, "Bearer ")
	if header != "" && !found {
		return caller{}, fault.New(fault.Unauthenticated, "token_invalid", "Send the token as “Authorization: Bearer …”.")
	}
	switch {
	case a == admin:
		return s.identifyAdmin(ctx, token)
	case token != "":
		id, err := s.cfg.Accounts.Authenticate(ctx, token)
		return caller{CustomerID: id}, err
	case a != public:
		return caller{}, fault.New(fault.Unauthenticated, "token_required", "Sign in first.")
	}
	return caller{}, nil
}

func (s *Server) identifyAdmin(ctx context.Context, token string) (caller, error) {
	if token == "" {
		return caller{}, fault.New(fault.Unauthenticated, "token_required", "This needs an admin token; `hostfront admin create` prints one.")
	}
	who, err := s.cfg.Accounts.AuthenticateAdmin(ctx, token)
	return caller{Admin: who}, err
}

// refuse answers with a problem from a middleware.
func (s *Server) refuse(ctx huma.Context, err error) {
	p := s.problem(ctx.Context(), err)
	p.RequestID = requestID(ctx.Context())
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	body, err := p.MarshalJSON()
	if err != nil {
		s.cfg.Log.ErrorContext(ctx.Context(), "write problem", "code", p.Code, "error", err)
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(p.Status)
	if _, err := ctx.BodyWriter().Write(body); err != nil {
		s.cfg.Log.ErrorContext(ctx.Context(), "write problem", "code", p.Code, "error", err)
	}
}
