package stripemock_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hostfront/sandbox/stripemock"
)

// told keeps what a test is told, instead of failing it.
type told struct {
	testing.TB
	errors int
}

func (t *told) Errorf(string, ...any) { t.errors++ }

func TestARequestThatStripeMockRefusesFailsTheTest(t *testing.T) {
	mock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("amount") == "" || r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	defer mock.Close()
	t.Setenv(stripemock.Env, mock.URL)
	heard := &told{TB: t}
	server := httptest.NewServer(stripemock.Replay(heard, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	})))
	defer server.Close()
	for _, try := range []struct {
		body string
		want int
	}{{"amount=100", 0}, {"amonut=100", 1}} {
		heard.errors = 0
		answer, err := http.Post(server.URL+"/v1/payment_intents", "application/x-www-form-urlencoded", strings.NewReader(try.body))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || string(got) != try.body || heard.errors != try.want {
			t.Errorf("%s: the stand-in was given %q, %d complaints, want %d (%v)", try.body, got, heard.errors, try.want, err)
		}
	}
}

func TestWithoutStripeMockNothingIsSent(t *testing.T) {
	t.Setenv(stripemock.Env, "")
	called := false
	stripemock.Replay(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true })).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/v1/charges/ch_1", nil))
	if !called {
		t.Error("the stand-in was not asked")
	}
}
