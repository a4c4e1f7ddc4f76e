package storefront

import (
	"errors"
	"net/http"
)

// places are all pages. Those that mails link to are as docs/storefront.md has them.
var places = []place{
	{
		path: "/", title: "The demo's storefront", page: "home.html", get: (*visit).home,
		about: "A storefront of your own goes here: this one has only the pages that mails link to. The shop itself is the API, which its own page explains.",
		calls: []string{"GET /v1/services", "GET /v1/orders", "GET /v1/invoices"},
	},
	{
		path: "/sign-in", title: "Sign in", page: "sign_in.html", get: (*visit).showSignIn, post: (*visit).doSignIn,
		about: "The link of the mail that signs in leads here, with its token. Opening it does nothing: the button exchanges the token, once.",
		calls: []string{"POST /v1/auth/sign-in", "POST /v1/auth/login", "POST /v1/auth/sign-in-link"},
	},
	{path: signOutPath, title: "Sign out", post: (*visit).doSignOut},
	{
		path: "/reset-password", title: "A new password", page: "reset.html", get: (*visit).showReset, post: (*visit).doReset,
		about: "The link of the mail that was asked for with a forgotten password leads here, with its token. The token works once, with the form.",
		calls: []string{"POST /v1/auth/password-reset/confirm", "POST /v1/auth/password-reset"},
	},
	{
		path: "/pay", title: "Pay an invoice", page: "pay.html", get: (*visit).showPay, post: (*visit).doPay,
		about: "The link of a mail about a payment that failed or is to be confirmed, or about a dispute that the shop lost, leads here. Whoever has it can look at that one invoice and pay it, without signing in.",
		calls: []string{"POST /v1/payment-links/show", "POST /v1/payment-links/pay"},
	},
	{
		path: "/paid", title: "Back from the payment", page: "paid.html", get: func(v *visit) error { return v.show(nil) },
		about: "The payment provider brings the customer back here: the return_url of the payment. That they are back proves nothing. What became of the payment, the provider tells the shop. " +
			"A storefront whose customer is signed in and that kept the payment's id asks for it here (GET /v1/payments/{id}) and shows how it stands; this page asks for nothing, since whoever paid by a link is not signed in.",
	},
	{
		path: "/orders/{id}", title: "An order", page: "order.html", get: (*visit).showOrder, post: (*visit).mendLine, own: true,
		about: "Mails about an order lead here: that it was received, that a line waits for something to be put right, or that it failed.",
		calls: []string{"GET /v1/orders/{id}", "POST /v1/orders/{id}/lines/{line}/retry"},
	},
	{
		path: "/invoices/{id}", title: "An invoice", page: "invoice.html", get: (*visit).showInvoice, post: (*visit).payInvoice, own: true,
		about: "Mails with a bill, a receipt, a credit note or a reminder lead here, and those about a dispute that was opened or won.",
		calls: []string{"GET /v1/invoices/{id}", "GET /v1/invoices/{id}/pdf", "GET /v1/payment-gateways", "POST /v1/invoices/{id}/pay"},
	},
	{path: "/invoices/{id}/pdf", title: "An invoice", get: (*visit).invoicePDF, own: true},
	{
		path: "/services/{id}", title: "What was delivered", page: "service.html", get: (*visit).showService, post: (*visit).doService, own: true,
		about: "Mails about something that the customer has lead here: it was delivered, suspended, ended, its price or its domain name is about to change or to expire.",
		calls: []string{"GET /v1/services/{id}", "GET /v1/services/{id}/login", "GET /v1/subscriptions/{id}", "POST /v1/subscriptions/{id}/cancel", "POST /v1/subscriptions/{id}/uncancel"},
	},
	{
		path: "/payment-methods", title: "Payment methods", page: "methods.html", get: (*visit).showMethods, post: (*visit).doMethods, own: true,
		about: "The mail about a card that is about to expire leads here.",
		calls: []string{"GET /v1/payment-methods", "POST /v1/payment-methods", "POST /v1/payment-methods/{id}/default", "DELETE /v1/payment-methods/{id}"},
	},
	{
		path: "/domain-fees", title: "What domain names cost", page: "fees.html", get: (*visit).showFees,
		about: "Mails about the expiry of a domain name lead here (SHOP_DOMAIN_FEES_URL): what it costs to renew a name and, after its expiry, to restore it.",
		calls: []string{"GET /v1/catalog/tlds"},
	},
}

// home is GET /: what the customer has, once they are signed in.
func (v *visit) home() error {
	var data struct {
		Services list[thing]
		Orders   list[order]
		Invoices list[invoice]
	}
	if v.token == "" {
		return v.show(data)
	}
	for path, into := range map[string]any{"/v1/services": &data.Services, "/v1/orders": &data.Orders, "/v1/invoices": &data.Invoices} {
		err := v.get(path, into)
		if p, ok := errors.AsType[*problem](err); ok && p.Status == http.StatusUnauthorized {
			v.signOut() // the session has ended
			break
		}
		if err != nil {
			return err
		}
	}
	return v.show(data)
}

// showFees is GET /domain-fees, a page of the list at a time.
func (v *visit) showFees() error {
	var found list[tld]
	path := "/v1/catalog/tlds?limit=100"
	if at := v.field("cursor"); at != "" {
		path += "&cursor=" + escape(at)
	}
	if err := v.get(path, &found); err != nil {
		return err
	}
	return v.show(found)
}
