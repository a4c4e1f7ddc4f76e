package upstream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hostfront/fault"
	"hostfront/upstream"
)

func buy() upstream.Call {
	return upstream.Call{Op: "buy", Method: http.MethodPost, Path: "/buy", Body: map[string]int{"n": 1}, Effect: true}
}

func look() upstream.Call { return upstream.Call{Op: "look", Method: http.MethodGet, Path: "/look"} }

func client(t *testing.T, base string, change ...func(*upstream.ClientConfig)) *upstream.Client {
	t.Helper()
	config := upstream.ClientConfig{Name: "test", BaseURL: base, Transport: &http.Transport{}, Timeout: 5 * time.Second}
	for _, f := range change {
		f(&config)
	}
	c, err := upstream.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func result(err error) fault.Result {
	if err == nil {
		return ""
	}
	return fault.OutcomeOf(err).Result
}

func TestConnectionThatCannotBeMadeMeansThatNothingHappened(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	_ = closed.Close()
	_, err = client(t, "http://"+address).Send(t.Context(), buy())
	if result(err) != fault.Unavailable {
		t.Fatalf("a refused connection is %v", err)
	}
	_, err = client(t, "https://"+strings.TrimPrefix(serve(t, func(http.ResponseWriter, *http.Request) {}), "http://")).Send(t.Context(), buy())
	if result(err) != fault.Unavailable {
		t.Fatalf("a failed TLS handshake is %v", err)
	}
}

func TestStatusDecidesWhetherACallMayHaveHappened(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status       int
		buys, looked fault.Result
	}{
		{200, "", ""}, {201, "", ""}, {204, "", ""}, {404, "", ""}, {422, "", ""},
		{302, fault.Unknown, fault.Unavailable},
		{408, fault.Unknown, fault.Unavailable},
		{429, fault.RateLimited, fault.RateLimited},
		{500, fault.Unknown, fault.Unavailable},
		{503, fault.Unknown, fault.Unavailable},
	} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(tt.status)
		})
		c := client(t, base)
		if _, err := c.Send(t.Context(), buy()); result(err) != tt.buys {
			t.Errorf("%d on a call that buys: %v, want %q", tt.status, err, tt.buys)
		}
		if _, err := c.Send(t.Context(), look()); result(err) != tt.looked {
			t.Errorf("%d on a look: %v, want %q", tt.status, err, tt.looked)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	other := serve(t, func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) })
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other, http.StatusTemporaryRedirect)
	})
	c := client(t, base)
	_, _ = c.Send(t.Context(), buy())
	_, _ = c.Send(t.Context(), look())
	if elsewhere.Load() != 0 {
		t.Fatal("a redirect was followed")
	}
}

func TestCallIsSentOnceAndALostAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if calls.Add(1) == 1 { // a good call first, so that the next goes over a kept connection
			return
		}
		panic(http.ErrAbortHandler)
	})
	c := client(t, base)
	if _, err := c.Send(t.Context(), buy()); err != nil {
		t.Fatal(err)
	}
	_, err := c.Send(t.Context(), buy())
	if result(err) != fault.Unknown || calls.Load() != 2 {
		t.Fatalf("%v after %d calls", err, calls.Load())
	}
}

func TestTimeoutAfterWritingIsUnknown(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	base := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	c := client(t, base, func(c *upstream.ClientConfig) {
		c.Timeouts = map[string]time.Duration{"buy": 50 * time.Millisecond, "look": 50 * time.Millisecond}
	})
	if _, err := c.Send(t.Context(), buy()); result(err) != fault.Unknown {
		t.Errorf("a call that buys: %v", err)
	}
	if _, err := c.Send(t.Context(), look()); result(err) != fault.Unavailable {
		t.Errorf("a look: %v", err)
	}
}

func TestWaitingInVainForAConnectionMeansThatNothingHappened(t *testing.T) {
	t.Parallel()
	reached, release := make(chan struct{}), make(chan struct{})
	base := serve(t, func(http.ResponseWriter, *http.Request) {
		close(reached)
		<-release
	})
	c := client(t, base, func(c *upstream.ClientConfig) {
		c.Transport = &http.Transport{MaxConnsPerHost: 1}
		c.Timeouts = map[string]time.Duration{"buy": 50 * time.Millisecond}
	})
	first := make(chan error, 1)
	go func() {
		_, err := c.Send(t.Context(), look())
		first <- err
	}()
	<-reached
	if _, err := c.Send(t.Context(), buy()); result(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
	close(release)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

func TestEndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client(t, "http://127.0.0.1:1").Send(ctx, buy())
	if result(err) != fault.Unavailable {
		t.Fatal(err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTransportThatReportsNothingIsBelievedOnlyWhenItSaysSo(t *testing.T) {
	t.Parallel()
	for want, cause := range map[fault.Result]error{
		fault.Unknown:     errors.New("cut"),
		fault.Unavailable: fmt.Errorf("cut: %w", upstream.ErrNotSent),
	} {
		c := client(t, "http://x", func(c *upstream.ClientConfig) {
			c.Transport = transport(func(*http.Request) (*http.Response, error) { return nil, cause })
		})
		if _, err := c.Send(t.Context(), buy()); result(err) != want {
			t.Errorf("%v gives %v, want %s", cause, err, want)
		}
	}
}

func TestAnswerThatIsTooLargeOrCutOffIsNotUsed(t *testing.T) {
	t.Parallel()
	large := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 2000)) })
	cut := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "2000")
		_, _ = w.Write(make([]byte, 10))
	})
	for name, base := range map[string]string{"large": large, "cut": cut} {
		c := client(t, base, func(c *upstream.ClientConfig) { c.MaxBody = 1000 })
		if _, err := c.Send(t.Context(), buy()); result(err) != fault.Unknown {
			t.Errorf("%s, buying: %v", name, err)
		}
		if _, err := c.Send(t.Context(), look()); result(err) != fault.Unavailable {
			t.Errorf("%s, looking: %v", name, err)
		}
	}
}

func TestRetryAfterIsReadAndBounded(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"7": 7 * time.Second, "": 30 * time.Second, "999999": time.Hour, "-1": time.Second, "soon": 30 * time.Second,
	} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := client(t, base).Send(t.Context(), buy())
		if got := fault.OutcomeOf(err).RetryAfter; got != want {
			t.Errorf("Retry-After %q waits %s, want %s", header, got, want)
		}
	}
}

func TestEveryCallIsObservedAndNamesTheProgram(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.UserAgent(), "hostfront/") || r.Header.Get("X-Key") != "secret" {
			w.WriteHeader(http.StatusForbidden)
		}
	})
	var seen []string
	c := client(t, base, func(c *upstream.ClientConfig) {
		c.Header = func(r *http.Request) { r.Header.Set("X-Key", "secret") }
		c.Observe = func(op, outcome string, _ time.Duration) { seen = append(seen, op+" "+outcome) }
	})
	_, _ = c.Send(t.Context(), look())
	public := look()
	public.NoCredentials = true
	_, _ = c.Send(t.Context(), public)
	if got := strings.Join(seen, ", "); got != "look ok, look refused" {
		t.Fatalf("observed %s", got)
	}
}

func TestSecretThatATransportEchoesIsRemoved(t *testing.T) {
	t.Parallel()
	c := client(t, "http://x", func(c *upstream.ClientConfig) {
		c.Secrets = []string{"s3cret"}
		c.Transport = transport(func(*http.Request) (*http.Response, error) { return nil, errors.New("bad header s3cret") })
	})
	_, err := c.Send(t.Context(), look())
	if text := fmt.Sprintf("%v %+v %#v", err, err, errors.Unwrap(err)); strings.Contains(text, "s3cret") {
		t.Fatal(text)
	}
	refused := c.Refuse(look(), 422, strings.Repeat("x", 497)+"s3cret")
	if strings.Contains(refused.Error(), "s3c") || !errors.Is(refused, upstream.ErrInvalid) {
		t.Fatal(refused)
	}
}

func TestBaseURLMustBeWholeAndBare(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "example.com", "ftp://example.com", "https://u:p@example.com", "https://example.com?x=1", "https://"} {
		if _, err := upstream.NewClient(upstream.ClientConfig{Name: "test", BaseURL: base}); err == nil {
			t.Errorf("%q was taken", base)
		}
	}
}
