package storefront

import "time"

// What the pages read of the API's answers.

type amount struct{ Amount, Currency string }

func (a amount) String() string { return a.Currency + " " + a.Amount }

type session struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
}

type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next_cursor"`
}

type invoice struct {
	ID, State, Number, Subject string
	Net, VAT, Gross, Paid      amount
	IssuedAt                   *time.Time `json:"issued_at"`
	DueAt                      *time.Time `json:"due_at"`
	Lines                      []struct {
		Description string
		Gross       amount
		PeriodStart *time.Time `json:"period_start"`
		PeriodEnd   *time.Time `json:"period_end"`
	}
}

type linked struct {
	State, Number string
	Lines         []string
	Gross, Paid   amount
	DueAt         *time.Time `json:"due_at"`
	ExpiresAt     *time.Time `json:"expires_at"`
	Gateways      []string
}

type gateway struct {
	Name  string
	Saves bool `json:"saves_methods"`
}

type payment struct {
	State string
	Next  *struct {
		Type, URL, IBAN, BIC, Beneficiary, Reference string
	} `json:"next_action"`
}

type order struct {
	ID, Number, State string
	InvoiceID         string `json:"invoice_id"`
	Gross             amount
	CreatedAt         *time.Time `json:"created_at"`
	Lines             []struct {
		ID, Kind, Description, State, Code string
		Gross                              amount
		ServiceID                          string `json:"service_id"`
		Fields                             []struct{ Field, Message string }
	}
}

type thing struct {
	ID, Kind, Name, Description, State string
	SubscriptionID                     string     `json:"subscription_id"`
	ExpiresAt                          *time.Time `json:"expires_at"`
	Actions                            []string
	Hold                               *struct{ Code string }
}

type subscription struct {
	ID, State, Cycle string
	Price            amount
	EndsAt           *time.Time `json:"ends_at"`
	PaidUntil        *time.Time `json:"current_period_end"`
	NextInvoiceAt    *time.Time `json:"next_invoice_at"`
}

type method struct {
	ID, Label                 string
	Default, Expired, Refused bool
}

type tld struct {
	TLD                                string
	Register, Renew, Transfer, Restore *amount
}
