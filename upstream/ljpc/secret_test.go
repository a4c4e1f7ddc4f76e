package ljpc_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// echo refuses orders in the words that they were asked in.
type echo struct{ http.RoundTripper }

func (e echo) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost {
		return e.RoundTripper.RoundTrip(r)
	}
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	answer := `{"success":false,"jti":"1","message":"Cannot take ` + strings.ReplaceAll(string(asked), `"`, `'`) + `"}`
	return &http.Response{
		StatusCode: http.StatusUnprocessableEntity, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r,
	}, nil
}

func TestAnAuthCodeThatTheUpstreamQuotesBackReachesNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *sandbox.Options, c *ljpc.Config) { c.Transport = echo{&http.Transport{}} })
	_, err := b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Lines: []upstream.OrderItem{{
		Type: upstream.ItemDomain, Action: upstream.ActionTransfer, Domain: "ann.nl", AuthCode: "s3cr3t-c0de",
	}}})
	if err == nil || !strings.Contains(err.Error(), "Cannot take") {
		t.Fatalf("the refusal is %v", err)
	}
	if strings.Contains(err.Error(), "s3cr3t-c0de") || strings.Contains(b.logs.String(), "s3cr3t-c0de") {
		t.Fatalf("the code leaves in %v", err)
	}
}
