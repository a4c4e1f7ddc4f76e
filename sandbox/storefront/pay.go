package storefront

import "net/url"

func escape(s string) string { return url.QueryEscape(s) }

// owed is an invoice with the ways to pay it, and a transfer that was begun.
type owed struct {
	Token    string
	Linked   linked
	Invoice  invoice
	Gateways []string
	Payment  *payment
}

// showPay is GET /pay: it only looks.
func (v *visit) showPay() error {
	data := owed{Token: v.field("token")}
	if data.Token == "" {
		return &problem{Status: 404, Detail: "The link is not complete: copy all of it out of the mail."}
	}
	if err := v.post("/v1/payment-links/show", map[string]string{"token": data.Token}, &data.Linked); err != nil {
		return err
	}
	data.Gateways = data.Linked.Gateways
	return v.show(data)
}

// doPay is POST /pay.
func (v *visit) doPay() error {
	data := owed{Token: v.field("token"), Payment: &payment{}}
	body := map[string]any{"token": data.Token, "gateway": v.field("gateway"), "return_url": v.s.shop + "/paid"}
	if err := v.post("/v1/payment-links/pay", body, data.Payment); err != nil {
		return err
	}
	if to, leads := data.Payment.leads("/paid"); leads {
		return v.leave(to)
	}
	if err := v.post("/v1/payment-links/show", map[string]string{"token": data.Token}, &data.Linked); err != nil {
		return err
	}
	return v.show(data)
}

// leads is where a payment sends the customer; false when they are to transfer the money.
func (p payment) leads(done string) (string, bool) {
	switch {
	case p.Next == nil:
		return done, true
	case p.Next.URL != "":
		return p.Next.URL, true
	}
	return "", false
}

// id is the id in the address, to be put into another.
func (v *visit) id() string { return url.PathEscape(v.r.PathValue("id")) }

// showInvoice is GET /invoices/{id}.
func (v *visit) showInvoice() error {
	data := owed{}
	if err := v.get("/v1/invoices/"+v.id(), &data.Invoice); err != nil {
		return err
	}
	if data.Invoice.State == "open" {
		var ways list[gateway]
		if err := v.get("/v1/payment-gateways", &ways); err != nil {
			return err
		}
		for _, g := range ways.Items {
			data.Gateways = append(data.Gateways, g.Name)
		}
	}
	return v.show(data)
}

// payInvoice is POST /invoices/{id}.
func (v *visit) payInvoice() error {
	here := "/invoices/" + v.id()
	data := owed{Payment: &payment{}}
	body := map[string]any{"gateway": v.field("gateway"), "return_url": v.s.shop + here}
	if err := v.post("/v1"+here+"/pay", body, data.Payment); err != nil {
		return err
	}
	if to, leads := data.Payment.leads(here); leads {
		return v.leave(to)
	}
	if err := v.get("/v1"+here, &data.Invoice); err != nil {
		return err
	}
	return v.show(data)
}

// invoicePDF is GET /invoices/{id}/pdf.
func (v *visit) invoicePDF() error {
	var document []byte
	if err := v.get("/v1/invoices/"+v.id()+"/pdf", &document); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/pdf")
	_, _ = v.w.Write(document)
	return nil
}
