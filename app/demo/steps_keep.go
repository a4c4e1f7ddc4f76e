package demo

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"
)

func (w *walk) services(ctx context.Context) (string, error) {
	var page list[serviceAnswer]
	if err := w.buyer.get(ctx, "/v1/services", &page); err != nil {
		return "", err
	}
	shows := ""
	for _, s := range page.Items {
		if s.State != "active" {
			return "", fmt.Errorf("service %s is %s", s.Name, s.State)
		}
		shows += fmt.Sprintf("%s %s is %s; ", s.Kind, s.Name, s.State)
	}
	if len(page.Items) != 2 {
		return "", fmt.Errorf("%d services, want the domain and the hosting", len(page.Items))
	}
	return shows[:len(shows)-2], nil
}

func (w *walk) login(ctx context.Context) (string, error) {
	hosting, err := w.hostingService(ctx)
	if err != nil {
		return "", err
	}
	var answer struct {
		URL string `json:"url"`
	}
	if err := w.buyer.get(ctx, "/v1/services/"+hosting+"/login", &answer); err != nil {
		return "", err
	}
	var page []byte
	if err := w.guest.get(ctx, answer.URL, &page); err != nil {
		return "", fmt.Errorf("follow the link: %w", err)
	}
	if err := w.guest.get(ctx, answer.URL, &page); err == nil {
		return "", fmt.Errorf("the link works a second time")
	}
	return "signed in to the control panel; a second use of the link is refused", nil
}

func (w *walk) hostingService(ctx context.Context) (string, error) {
	var page list[serviceAnswer]
	if err := w.buyer.get(ctx, "/v1/services", &page); err != nil {
		return "", err
	}
	for _, s := range page.Items {
		if s.Kind == "hosting" {
			return s.ID, nil
		}
	}
	return "", fmt.Errorf("there is no hosting among %d services", len(page.Items))
}

func (w *walk) invoiced(ctx context.Context) (string, error) {
	var paid invoice
	if err := w.buyer.get(ctx, "/v1/invoices/"+w.placed.Invoice.ID, &paid); err != nil {
		return "", err
	}
	if paid.State != "paid" || paid.Number == "" {
		return "", fmt.Errorf("invoice %s is %s with number %q", paid.ID, paid.State, paid.Number)
	}
	var pdf []byte
	if err := w.buyer.get(ctx, "/v1/invoices/"+paid.ID+"/pdf", &pdf); err != nil {
		return "", err
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return "", fmt.Errorf("the PDF begins with %q", pdf[:min(len(pdf), 8)])
	}
	return fmt.Sprintf("invoice %s over %s, a PDF of %d bytes", paid.Number, paid.Gross, len(pdf)), nil
}

// renewal moves the clock past the hosting's next bill and looks whether it was
// paid and the period moved on by one.
func (w *walk) renewal(n int) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		before, err := w.hostingSubscription(ctx)
		if err != nil {
			return "", err
		}
		if err := w.moveTo(ctx, before.CurrentPeriodEnd.Add(24*time.Hour)); err != nil {
			return "", err
		}
		after, err := w.hostingSubscription(ctx)
		if err != nil {
			return "", err
		}
		if !after.CurrentPeriodEnd.After(before.CurrentPeriodEnd) || after.State != "active" {
			return "", fmt.Errorf("the subscription is %s until %s", after.State, after.CurrentPeriodEnd)
		}
		bills, err := w.paidInvoices(ctx)
		if err != nil {
			return "", err
		}
		if len(bills) != n+1 {
			return "", fmt.Errorf("%d invoices are paid, want the order's and %d renewals", len(bills), n)
		}
		return fmt.Sprintf("%s charged, VAT included; the period now ends on %s", bills[0].Gross, after.CurrentPeriodEnd.Format(time.DateOnly)), nil
	}
}

// moveTo lets time pass; the session has expired by then, so the customer signs in again.
func (w *walk) moveTo(ctx context.Context, t time.Time) error {
	if err := w.staff.post(ctx, "/v1/admin/clock", map[string]any{"now": t.Format(time.RFC3339)}, nil); err != nil {
		return err
	}
	var again tokens
	body := map[string]any{"email": tourEmail, "password": tourPassword}
	if err := w.guest.post(ctx, "/v1/auth/login", body, &again); err != nil {
		return err
	}
	w.buyer = w.guest.as(again.AccessToken)
	return nil
}

func (w *walk) hostingSubscription(ctx context.Context) (subscription, error) {
	hosting, err := w.hostingService(ctx)
	if err != nil {
		return subscription{}, err
	}
	var page list[subscription]
	if err := w.buyer.get(ctx, "/v1/subscriptions", &page); err != nil {
		return subscription{}, err
	}
	for _, s := range page.Items {
		if s.ServiceID == hosting {
			return s, nil
		}
	}
	return subscription{}, fmt.Errorf("the hosting has no subscription")
}

// paidInvoices are the customer's, newest first.
func (w *walk) paidInvoices(ctx context.Context) ([]invoice, error) {
	bills, err := w.invoices(ctx)
	return slices.DeleteFunc(bills, func(bill invoice) bool { return bill.State != "paid" }), err
}

func (w *walk) invoices(ctx context.Context) ([]invoice, error) {
	var page list[invoice]
	err := w.buyer.get(ctx, "/v1/invoices?limit=100", &page)
	return page.Items, err
}

// declined makes the provider refuse the saved card and moves past the next bill.
func (w *walk) declined(ctx context.Context) (string, error) {
	if err := w.shop.DeclineCards(ctx); err != nil {
		return "", err
	}
	before, err := w.hostingSubscription(ctx)
	if err != nil {
		return "", err
	}
	paid, err := w.paidInvoices(ctx)
	if err != nil {
		return "", err
	}
	if err := w.moveTo(ctx, before.CurrentPeriodEnd.Add(24*time.Hour)); err != nil {
		return "", err
	}
	after, err := w.hostingSubscription(ctx)
	if err != nil {
		return "", err
	}
	stillPaid, err := w.paidInvoices(ctx)
	if err != nil {
		return "", err
	}
	if after.State != "past_due" || len(stillPaid) != len(paid) || !after.CurrentPeriodEnd.Equal(before.CurrentPeriodEnd) {
		return "", fmt.Errorf("the subscription is %s until %s with %d paid invoices", after.State, after.CurrentPeriodEnd, len(stillPaid))
	}
	mails, err := w.shop.Mails(ctx, "payment_failed")
	if err != nil {
		return "", err
	}
	if mails == 0 {
		return "", fmt.Errorf("the customer got no mail")
	}
	return fmt.Sprintf("the subscription is %s, its invoice stays open, %d mail(s) sent", after.State, mails), nil
}

// books looks at what no customer sees.
func (w *walk) books(ctx context.Context) (string, error) {
	found, err := w.shop.Books(ctx)
	if err != nil {
		return "", err
	}
	if found.Ledger != 0 {
		return "", fmt.Errorf("the ledger is off by %d cents", found.Ledger)
	}
	if found.UpstreamOrders != 1 || found.Registrations != 1 {
		return "", fmt.Errorf("%d upstream orders and %d registrations, want one each", found.UpstreamOrders, found.Registrations)
	}
	if found.Charges != 3 {
		return "", fmt.Errorf("the provider moved money %d times, want the order and two renewals", found.Charges)
	}
	if found.Unfinished != 0 {
		return "", fmt.Errorf("%d tasks are held, unknown or failed", found.Unfinished)
	}
	return fmt.Sprintf("ledger at zero, %d upstream order, %d registration, %d charges", found.UpstreamOrders, found.Registrations, found.Charges), nil
}
