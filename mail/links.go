package mail

import (
	"net/url"
	"strings"
)

// Links are the pages of the storefront that mails lead to. In each {id} stands
// for the order, invoice or service and {token} for a link's token; Methods has neither. Those left
// empty are the usual path under BaseURL.
type Links struct {
	// BaseURL is the storefront's, absolute.
	BaseURL string

	Order, Invoice, Service, Reset, SignIn, Pay, Methods string
}

func (l Links) withDefaults() Links {
	base := strings.TrimSuffix(l.BaseURL, "/")
	for _, link := range []struct {
		pattern *string
		path    string
	}{
		{&l.Order, "/orders/{id}"}, {&l.Invoice, "/invoices/{id}"}, {&l.Service, "/services/{id}"},
		{&l.Pay, "/pay?token={token}"}, {&l.Methods, "/payment-methods"},
		{&l.Reset, "/reset-password?token={token}"}, {&l.SignIn, "/sign-in?token={token}"},
	} {
		if *link.pattern == "" {
			*link.pattern = base + link.path
		}
	}
	return l
}

func linkTo(pattern, id string) string {
	return strings.ReplaceAll(pattern, "{id}", url.PathEscape(id))
}

func linkWith(pattern, token string) string {
	return strings.ReplaceAll(pattern, "{token}", url.QueryEscape(token))
}
