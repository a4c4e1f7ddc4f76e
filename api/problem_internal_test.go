package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"testing"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

func TestARequestThatItsDeadlineEndedMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	s := &Server{cfg: Config{Log: slog.New(slog.DiscardHandler)}}
	p := s.problem(t.Context(), fmt.Errorf("read orders: %w", context.DeadlineExceeded))
	if p.Status != http.StatusServiceUnavailable || p.Code != "timeout" || p.GetHeaders().Get("Retry-After") != "1" {
		t.Errorf("the problem is %+v with %v", p, p.GetHeaders())
	}
}

func TestAnUnforeseenErrorSaysNothing(t *testing.T) {
	t.Parallel()
	s := &Server{cfg: Config{Log: slog.New(slog.DiscardHandler)}}
	p := s.problem(t.Context(), fmt.Errorf("secret of the database"))
	if p.Status != http.StatusInternalServerError || p.Detail != internalProblem().Detail {
		t.Errorf("the problem is %+v", p)
	}
}

func TestANULIsFoundOnlyWhereItIsEscaped(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"a":"\u0000"}`:           true,
		`{"a":"x\\\u0000"}`:        true,
		`{"a":"\\u0000"}`:          false,
		`{"a":"\\u0000 \u0000"}`:   true,
		`{"a":"\\\\u0000\\u0000"}`: false,
		`{"a":"u0000"}`:            false,
		``:                         false,
	} {
		if got := escapesNUL([]byte(body)); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

func TestFieldsAreNamedAsTheClientSentThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		location, message string
		want              fault.Field
	}{
		{"body", fmt.Sprintf(validation.MsgExpectedRequiredProperty, "email"), fault.Field{Name: "email", Code: "required", Message: "This is needed."}},
		{"body.lines[0]", fmt.Sprintf(validation.MsgExpectedRequiredProperty, "domain"), fault.Field{Name: "lines[0].domain", Code: "required", Message: "This is needed."}},
		{"body.surprise", validation.MsgUnexpectedProperty, fault.Field{Name: "surprise", Code: "unknown", Message: "This is not known here."}},
		{"query.limit", "expected number <= 100", fault.Field{Name: "limit", Code: "invalid", Message: "expected number <= 100"}},
		{"query.name", "required query parameter is missing", fault.Field{Name: "name", Code: "required", Message: "This is needed."}},
		{"body", "expected object", fault.Field{Name: "body", Code: "invalid", Message: "expected object"}},
	} {
		got := fieldsOf([]*huma.ErrorDetail{{Location: c.location, Message: c.message}})
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s %q is %+v, want %+v", c.location, c.message, got, c.want)
		}
	}
}
