package demo

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hostfront/sandbox/pay"
)

// What happens behind the storefront: the customer's browser at the provider, and
// looks at what the stand-ins have seen.

// PressPay presses the pay button of the provider's page, as a browser does.
func (s *Shop) PressPay(ctx context.Context, page string) error {
	form := url.Values{"choice": {string(pay.ChoosePay)}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, page, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	browser := &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := browser.Do(request)
	if err != nil {
		return fmt.Errorf("press the pay button: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("the provider's page answered %d", response.StatusCode)
	}
	return nil
}

// DeclineCards has the provider refuse every saved card from now on.
func (s *Shop) DeclineCards(ctx context.Context) error {
	provider := newClient(s.providerURL)
	for _, method := range s.provider.Methods() {
		body := map[string]string{"behaviour": string(pay.Decliner)}
		if err := provider.post(ctx, "/_sandbox/methods/"+method.ID, body, nil); err != nil {
			return err
		}
	}
	return nil
}

// nudge lets a few seconds of the shop's time pass, so that polls fall due.
func (s *Shop) nudge(ctx context.Context) error {
	return s.app.MoveTo(ctx, s.app.Now().Add(5*time.Second))
}

// Mails counts the mails of a template that have left.
func (s *Shop) Mails(ctx context.Context, template string) (int, error) {
	count, cursor := 0, ""
	for {
		mails, next, err := s.app.Mailer.Mails(ctx, "", cursor, 100)
		if err != nil {
			return 0, err
		}
		for _, m := range mails {
			if m.Template == template && m.State == "sent" {
				count++
			}
		}
		if next == "" {
			return count, nil
		}
		cursor = next
	}
}

// Found is what the books and the stand-ins say, each for itself.
type Found struct {
	// Ledger is the sum of all entries, in minor units.
	Ledger int64
	// UpstreamOrders and Registrations are what was bought upstream.
	UpstreamOrders, Registrations int
	// Charges counts the payments that moved money at the provider.
	Charges int
	// Unfinished counts tasks that nobody is finishing: held, unknown or failed.
	Unfinished int
}

// Books holds the shop's books against what the stand-ins have seen.
func (s *Shop) Books(ctx context.Context) (Found, error) {
	found := Found{UpstreamOrders: len(s.upstream.Orders()), Registrations: len(s.upstream.Domains())}
	var err error
	if found.Ledger, err = s.app.Billing.LedgerBalance(ctx); err != nil {
		return found, err
	}
	for _, p := range s.provider.Payments() {
		if p.State == pay.Paid {
			found.Charges++
		}
	}
	stats, err := s.app.Tasks.Stats(ctx)
	for _, c := range stats.States {
		if c.State == "held" || c.State == "unknown" || c.State == "failed" {
			found.Unfinished += int(c.Tasks)
		}
	}
	return found, err
}
