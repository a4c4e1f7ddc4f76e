package storefront

import (
	"net/http"
	"net/url"
)

// showOrder is GET /orders/{id}.
func (v *visit) showOrder() error {
	var data order
	if err := v.get("/v1/orders/"+v.id(), &data); err != nil {
		return err
	}
	return v.show(data)
}

// mendLine is POST /orders/{id}: what a line waits for that fits in one field.
func (v *visit) mendLine() error {
	body := map[string]string{}
	for _, name := range []string{"auth_code", "domain"} {
		if value := v.field(name); value != "" {
			body[name] = value
		}
	}
	if err := v.post("/v1/orders/"+v.id()+"/lines/"+url.PathEscape(v.field("line"))+"/retry", body, nil); err != nil {
		return err
	}
	return v.leave("/orders/" + v.id())
}

// held is a service with how it is billed and what is open of that.
type held struct {
	Service      thing
	Subscription *subscription
	Open         []invoice
}

// showService is GET /services/{id}.
func (v *visit) showService() error {
	var data held
	if err := v.get("/v1/services/"+v.id(), &data.Service); err != nil {
		return err
	}
	if data.Service.SubscriptionID == "" {
		return v.show(data)
	}
	data.Subscription = &subscription{}
	if err := v.get("/v1/subscriptions/"+url.PathEscape(data.Service.SubscriptionID), data.Subscription); err != nil {
		return err
	}
	var invoices list[invoice]
	if err := v.get("/v1/invoices?limit=100", &invoices); err != nil {
		return err
	}
	for _, i := range invoices.Items {
		if i.State == "open" && i.Subject == data.Service.SubscriptionID {
			data.Open = append(data.Open, i)
		}
	}
	return v.show(data)
}

// doService is POST /services/{id}: signs in to the control panel, or decides about the subscription.
func (v *visit) doService() error {
	if v.field("action") == "login" {
		var login struct{ URL string }
		if err := v.get("/v1/services/"+v.id()+"/login", &login); err != nil {
			return err
		}
		return v.leave(login.URL)
	}
	var s thing
	if err := v.get("/v1/services/"+v.id(), &s); err != nil {
		return err
	}
	act := "cancel"
	if v.field("action") == "uncancel" {
		act = "uncancel"
	}
	if err := v.post("/v1/subscriptions/"+url.PathEscape(s.SubscriptionID)+"/"+act, map[string]string{}, nil); err != nil {
		return err
	}
	return v.leave("/services/" + v.id())
}

// kept is what /payment-methods shows.
type kept struct {
	Methods  []method
	Gateways []string
}

// showMethods is GET /payment-methods.
func (v *visit) showMethods() error {
	var methods list[method]
	var ways list[gateway]
	if err := v.get("/v1/payment-methods", &methods); err != nil {
		return err
	}
	if err := v.get("/v1/payment-gateways", &ways); err != nil {
		return err
	}
	data := kept{Methods: methods.Items}
	for _, g := range ways.Items {
		if g.Saves {
			data.Gateways = append(data.Gateways, g.Name)
		}
	}
	return v.show(data)
}

// doMethods is POST /payment-methods: adds one, makes one the default, or forgets one.
func (v *visit) doMethods() error {
	one := "/v1/payment-methods/" + url.PathEscape(v.field("method"))
	var err error
	switch v.field("action") {
	case "default":
		err = v.post(one+"/default", nil, nil)
	case "remove":
		err = v.ask(request{method: http.MethodDelete, path: one})
	default:
		var setup payment
		body := map[string]any{"gateway": v.field("gateway"), "return_url": v.s.shop + "/payment-methods"}
		if err = v.post("/v1/payment-methods", body, &setup); err == nil {
			to, _ := setup.leads("/payment-methods")
			return v.leave(to)
		}
	}
	if err != nil {
		return err
	}
	return v.leave("/payment-methods")
}
