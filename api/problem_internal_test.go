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
	least, most := 1.0, 100.0
	paged := &huma.Operation{Parameters: []*huma.Param{{Name: "limit", Schema: &huma.Schema{Minimum: &least, Maximum: &most}}, {Name: "year", Schema: &huma.Schema{}}}}
	for _, c := range []struct {
		location, message string
		want              fault.Field
	}{
		{"body", fmt.Sprintf(validation.MsgExpectedRequiredProperty, "email"), fault.Field{Name: "email", Code: "required", Message: "This is needed."}},
		{"body.lines[0]", fmt.Sprintf(validation.MsgExpectedRequiredProperty, "domain"), fault.Field{Name: "lines[0].domain", Code: "required", Message: "This is needed."}},
		{"body.surprise", validation.MsgUnexpectedProperty, fault.Field{Name: "surprise", Code: "unknown", Message: "This is not known here."}},
		{"query.limit", "invalid integer", fault.Field{Name: "limit", Code: "invalid", Message: "Give a whole number from 1 to 100."}},
		{"query.year", "invalid integer", fault.Field{Name: "year", Code: "invalid", Message: "Give a whole number."}},
		{"query.all", "invalid boolean", fault.Field{Name: "all", Code: "invalid", Message: "Give true or false."}},
		{"query.limit", "expected number <= 100", fault.Field{Name: "limit", Code: "invalid", Message: "Give a whole number from 1 to 100."}},
		{"query.name", "required query parameter is missing", fault.Field{Name: "name", Code: "required", Message: "This is needed."}},
		{"body.password", fmt.Sprintf(validation.MsgExpectedMinLength, 10), fault.Field{Name: "password", Code: "invalid", Message: "Give at least 10 characters."}},
		{"body.first_name", fmt.Sprintf(validation.MsgExpectedMinLength, 1), fault.Field{Name: "first_name", Code: "invalid", Message: "This must not be empty."}},
		{"body.email", fmt.Sprintf(validation.MsgExpectedRFC5322Email, "mail: no angle-addr"), fault.Field{Name: "email", Code: "invalid", Message: "Give a mail address, such as anna@example.com."}},
		{"body.state", fmt.Sprintf(validation.MsgExpectedOneOf, "done, held"), fault.Field{Name: "state", Code: "invalid", Message: "Give one of done, held."}},
		{"body.return_url", fmt.Sprintf(validation.MsgExpectedMatchPattern, "^https?://"), fault.Field{Name: "return_url", Code: "invalid", Message: "Give an http or https URL, such as https://shop.example/thanks."}},
		{"body.x", "a complaint of tomorrow", fault.Field{Name: "x", Code: "invalid", Message: "a complaint of tomorrow"}},
		{"body", "expected object", fault.Field{Name: "body", Code: "invalid", Message: "Give a JSON object."}},
	} {
		got := fieldsOf(paged, []*huma.ErrorDetail{{Location: c.location, Message: c.message}})
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s %q is %+v, want %+v", c.location, c.message, got, c.want)
		}
	}
}
