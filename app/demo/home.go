package demo

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"hostfront/app"
	"hostfront/clock"
)

// home is the folder a demo keeps its data in.
type home struct {
	dir       string
	temporary bool
}

func openHome(dir string) (home, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return home{}, fmt.Errorf("the demo's folder: %w", err)
		}
		return home{dir: dir}, nil
	}
	dir, err := os.MkdirTemp("", "hostfront-demo-")
	if err != nil {
		return home{}, fmt.Errorf("the demo's folder: %w", err)
	}
	return home{dir: dir, temporary: true}, nil
}

func (h home) close() error {
	if !h.temporary {
		return nil
	}
	return os.RemoveAll(h.dir)
}

// config is the configuration of a demo: that of a shop in the Netherlands, with
// every default of a real one.
func (h home) config(url, upstreamURL string) (app.Config, error) {
	key, err := h.secretKey()
	if err != nil {
		return app.Config{}, err
	}
	return app.Config{
		DatabaseURL: h.file("hostfront.db"), BaseURL: url, SecretKey: key, LogLevel: "info", Origins: []string{"*"},
		Shop: app.ShopConfig{
			Name: "Demo Hosting", Seller: "Demo Hosting B.V.", Street: "Keizersgracht 1", Postcode: "1015 CJ", City: "Amsterdam",
			Country: "NL", Email: "shop@example.com", VATID: "NL123456789B01", Registered: "KvK 12345678", VATScheme: "oss@2021-07-01", PriceBasis: "gross",
			Currency: "EUR", FailedLine: "auto", RenewalPrice: "keep", PriceNotice: 30, CancelRest: "credit", PauseBy: "customer", TermsVersion: "demo-1",
			FeesURL: url + "/domain-fees",
		},
		LJPC: app.LJPCConfig{
			APIKey: upstreamKey, BaseURL: upstreamURL, Spaces: []string{"812:Hosting on our own space:4.99:49.90"},
			Concurrency: 64, Records: []string{"A @ 192.0.2.10", "A www 192.0.2.10"},
		},
		Transfer: app.TransferConfig{IBAN: "NL91ABNA0417164300", BIC: "ABNANL2A", Beneficiary: "Demo Hosting B.V."},
		Keep:     app.KeepConfig{Journal: 400, Webhooks: 90, Runs: 90},
		Mail:     app.MailConfig{From: "shop@example.com", Folder: h.file("mail")},
	}, nil
}

// secretKey is the demo's own, made once for each folder.
func (h home) secretKey() (string, error) {
	path := h.file("secret.key")
	if b, err := os.ReadFile(path); err == nil {
		return strings.TrimSpace(string(b)), nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("the demo's secret key: %w", err)
	}
	var raw [32]byte
	rand.Read(raw[:])
	key := hex.EncodeToString(raw[:])
	if err := os.WriteFile(path, []byte(key+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("the demo's secret key: %w", err)
	}
	return key, nil
}

// shopClock is the shop's time for its stand-ins, which are there before the shop
// is: until then it is the time of day.
type shopClock struct {
	shop atomic.Pointer[app.App]
}

func (c *shopClock) follow(a *app.App) { c.shop.Store(a) }

// Now is the shop's time.
func (c *shopClock) Now() time.Time {
	if a := c.shop.Load(); a != nil {
		return a.Now()
	}
	return clock.System{}.Now()
}
