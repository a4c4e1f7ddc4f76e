package demo

import (
	"time"

	"hostfront/money"
)

// The answers of the API, as far as the tour looks at them.

type list[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"`
}

type product struct {
	ID       string `json:"id"`
	Category string `json:"category"`
	Name     string `json:"name"`
	Cycles   []struct {
		Cycle string       `json:"cycle"`
		Price money.Amount `json:"price"`
	} `json:"cycles"`
}

// cycle is the price for a cycle, and whether the product has it.
func (p product) cycle(name string) (money.Amount, bool) {
	for _, c := range p.Cycles {
		if c.Cycle == name {
			return c.Price, true
		}
	}
	return money.Amount{}, false
}

type checked struct {
	Name   string        `json:"name"`
	Status string        `json:"status"`
	Price  *money.Amount `json:"price"`
}

type tokens struct {
	AccessToken string `json:"access_token"`
}

type quote struct {
	ID        string       `json:"id"`
	Net       money.Amount `json:"net"`
	VAT       money.Amount `json:"vat"`
	Gross     money.Amount `json:"gross"`
	ExpiresAt time.Time    `json:"expires_at"`
}

type placed struct {
	Order   orderAnswer `json:"order"`
	Invoice invoice     `json:"invoice"`
	Payment struct {
		ID         string `json:"id"`
		State      string `json:"state"`
		NextAction *struct {
			Type string `json:"type"`
			URL  string `json:"url"`
		} `json:"next_action"`
	} `json:"payment"`
}

type orderAnswer struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	State  string `json:"state"`
	Lines  []struct {
		ID          string `json:"id"`
		State       string `json:"state"`
		Description string `json:"description"`
		ServiceID   string `json:"service_id"`
	} `json:"lines"`
}

type invoice struct {
	ID     string       `json:"id"`
	Number string       `json:"number"`
	State  string       `json:"state"`
	Gross  money.Amount `json:"gross"`
}

type serviceAnswer struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	State string `json:"state"`
}

type subscription struct {
	ID               string       `json:"id"`
	ServiceID        string       `json:"service_id"`
	Cycle            string       `json:"cycle"`
	Price            money.Amount `json:"price"`
	State            string       `json:"state"`
	CurrentPeriodEnd time.Time    `json:"current_period_end"`
	NextInvoiceAt    time.Time    `json:"next_invoice_at"`
}
