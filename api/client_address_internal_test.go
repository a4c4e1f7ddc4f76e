package api

import (
	"net"
	"net/netip"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

func TestAClientCannotWriteItsOwnAddress(t *testing.T) {
	t.Parallel()
	behind := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for name, tt := range map[string]struct {
		proxies               []netip.Prefix
		peer, forwarded, want string
	}{
		"no proxy is trusted":            {nil, "10.0.0.1", "203.0.113.7", "10.0.0.1"},
		"the proxy tells":                {behind, "10.0.0.1", "203.0.113.7", "203.0.113.7"},
		"two proxies tell":               {behind, "10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"},
		"the client writes one before":   {behind, "10.0.0.1", "198.51.100.9, 203.0.113.7", "203.0.113.7"},
		"the client is no proxy":         {behind, "203.0.113.7", "198.51.100.9", "203.0.113.7"},
		"what is told is no address":     {behind, "10.0.0.1", "nonsense", "10.0.0.1"},
		"the proxy tells nothing":        {behind, "10.0.0.1", "", "10.0.0.1"},
		"a client of the newer protocol": {behind, "10.0.0.1", "2001:db8::1", "2001:db8::1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := fiber.New()
			request := &fasthttp.RequestCtx{}
			request.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.ParseIP(tt.peer)}, nil)
			request.Request.Header.Set(fiber.HeaderXForwardedFor, tt.forwarded)
			c := app.AcquireCtx(request)
			defer app.ReleaseCtx(c)
			s := &Server{cfg: Config{TrustedProxies: tt.proxies}}
			if got := s.clientAddress(c); got != tt.want {
				t.Errorf("the client is at %s, want %s", got, tt.want)
			}
		})
	}
}
