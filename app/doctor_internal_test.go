package app

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"
	"time"

	"hostfront/clock"
)

func TestDoctorSeesACertificateThatEndsSoon(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)
	for left, want := range map[time.Duration]string{90 * 24 * time.Hour: "ok", 5 * 24 * time.Hour: "warn"} {
		var out bytes.Buffer
		e := &examination{out: &out, clock: clock.NewManual(now)}
		e.certificate(&http.Response{TLS: &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{NotAfter: now.Add(left)}}}})
		if !strings.HasPrefix(out.String(), want) {
			t.Errorf("%s left: %s, want %s", left, &out, want)
		}
	}
}

func TestDoctorWarnsOfPlainHTTPUnlessItIsThisMachine(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{"http://api.shop.example": "plain http", "http://localhost:8080": ""} {
		var out bytes.Buffer
		e := &examination{out: &out, clock: clock.System{}, config: Config{BaseURL: base}}
		e.certificate(&http.Response{})
		if !strings.Contains(out.String(), want) || (want == "") != (out.Len() == 0) {
			t.Errorf("%s: %q", base, &out)
		}
	}
}
