package app

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// renewCertificate is how long before its end a certificate should be renewed.
const renewCertificate = 14 * 24 * time.Hour

// self asks for the shop where its customers and webhooks do.
func (e *examination) self(ctx context.Context) {
	base := strings.TrimSuffix(e.config.BaseURL, "/")
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthz", nil)
	if err != nil {
		return // said among the settings
	}
	client := &http.Client{
		Transport: pooledTransport(), Timeout: 15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		e.unreached(base, err)
		return
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		e.fail("base URL", "%s/healthz answers %d: what listens there is not this shop, or its proxy does not find it", base, response.StatusCode)
	} else {
		e.ok("base URL", "%s answers", base)
	}
	e.certificate(response)
}

func (e *examination) unreached(base string, err error) {
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		e.warn("base URL", "nothing listens at %s: start the shop, or correct HOSTFRONT_BASE_URL", base)
		return
	}
	e.fail("base URL", "%s cannot be reached: %v; check HOSTFRONT_BASE_URL, DNS and the certificate", base, err)
}

// certificate says how long the certificate holds.
func (e *examination) certificate(r *http.Response) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		if !local(e.config.BaseURL) {
			e.warn("base URL", "it is plain http: passwords and tokens cross the network in the clear; put a proxy with TLS before it")
		}
		return
	}
	end := r.TLS.PeerCertificates[0].NotAfter
	left := end.Sub(e.clock.Now())
	if left < renewCertificate {
		e.warn("TLS", "the certificate ends on %s, in %d days: renew it", end.Format(time.DateOnly), int(left.Hours()/24))
		return
	}
	e.ok("TLS", "the certificate holds until %s", end.Format(time.DateOnly))
}
