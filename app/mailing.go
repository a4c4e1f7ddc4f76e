package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/fault"
	"hostfront/mail"
	"hostfront/money"
	"hostfront/order"
	"hostfront/seal"
	"hostfront/service"
)

// newMail makes the room of mails and hands it where they get what they say.
func (a *App) newMail(sealer *seal.Sealer) error {
	sender, err := a.sender()
	if err != nil {
		return err
	}
	a.Mailer, err = mail.New(mail.Config{
		Store: a.Store, Clock: a.Clock, Tasks: a.Tasks, Events: a.Events, Sealer: sealer, Log: a.log, Facts: a.facts(),
		Sender: sender, Shop: mail.Shop{Name: a.Config.Shop.Name, From: a.Config.Mail.From, ReplyTo: a.Config.Shop.Email, FeesURL: a.Config.Shop.FeesURL},
		Links: mail.Links{BaseURL: a.Config.storefront()}, Cut: a.options.Cut,
	})
	return err
}

// sender is SMTP, a folder, or the log.
func (a *App) sender() (mail.Sender, error) {
	switch c := a.Config.Mail; {
	case c.SMTPURL != "":
		return mail.NewSMTP(c.SMTPURL)
	case c.Folder != "":
		return mail.NewFolder(c.Folder)
	}
	return &mail.Log{Log: a.log}, nil
}

// facts are what mails say, read when a mail is sent: things as they stand then.
func (a *App) facts() mail.Facts {
	return mail.Facts{
		Customer: func(ctx context.Context, id string) (account.Customer, error) {
			return a.Accounts.Customer(ctx, a.Store.Read(), id)
		},
		Order:      a.mailOrder,
		Line:       a.mailLine,
		Invoice:    a.mailInvoice,
		InvoicePDF: a.Billing.InvoicePDF,
		Service:    a.mailService,
		PayLink: func(_ context.Context, invoiceID string) (string, time.Time, error) {
			return a.Billing.PayLink(invoiceID)
		},
		Method: func(ctx context.Context, id string) (mail.Method, error) {
			m, charged, err := a.Billing.ChargedMethod(ctx, a.Store.Read(), id)
			return mail.Method{ID: m.ID, Label: m.Label, Charged: charged}, err
		},
		Subscription: a.mailSubscription,
		Dispute: func(ctx context.Context, id string) (mail.Dispute, error) {
			d, err := a.Billing.Dispute(ctx, id)
			return mail.Dispute{ID: d.ID, Open: d.State == billing.DisputeOpen, Won: d.State == billing.DisputeWon, Amount: d.Amount}, err
		},
	}
}

func (a *App) mailOrder(ctx context.Context, id string) (mail.Order, error) {
	o, err := a.Orders.ByID(ctx, id)
	if err != nil {
		return mail.Order{}, err
	}
	shown := mail.Order{ID: o.ID, Number: o.Number, Net: o.Net, VAT: o.VAT, Gross: o.Gross}
	for _, l := range o.Lines {
		shown.Lines = append(shown.Lines, mailOrderLine(o, l))
	}
	shown.Transfer, err = a.transferOf(ctx, o.InvoiceID)
	return shown, err
}

func (a *App) mailLine(ctx context.Context, orderID, lineID string) (mail.Line, error) {
	o, err := a.Orders.ByID(ctx, orderID)
	if err != nil {
		return mail.Line{}, err
	}
	for _, l := range o.Lines {
		if l.ID == lineID {
			return mailOrderLine(o, l), nil
		}
	}
	return mail.Line{}, fault.Missing("order line", lineID)
}

func mailOrderLine(o order.Order, l order.Line) mail.Line {
	return mail.Line{
		ID: l.ID, Description: l.Description, Domain: catalog.Display(l.Domain), Price: l.Net, OrderNumber: o.Number, Deadline: l.MendBy,
	}
}

func (a *App) mailInvoice(ctx context.Context, id string) (mail.Invoice, error) {
	i, err := a.Billing.Invoice(ctx, a.Store.Read(), id)
	if err != nil {
		return mail.Invoice{}, err
	}
	shown := mail.Invoice{
		ID: i.ID, Number: i.Number, Renewal: i.Kind == billing.RenewalInvoice, Net: i.Net, VAT: i.VAT, Gross: i.Gross, Due: i.Due(),
		VATNote: i.Treatment.Note, DueAt: i.DueAt, Open: i.State == billing.InvoiceOpen, Reason: i.Reason, Credit: i.ForCredit,
	}
	switch {
	case i.Carried.IsPositive():
		shown.Later = i.Carried
	case i.Carried.IsNegative():
		shown.Earlier, shown.With = i.Carried.Neg(), i.Gross.Sub(i.Carried)
	}
	sign := func(m money.Amount) money.Amount { return m }
	if i.CreditNote {
		sign = money.Amount.Neg
		shown.Net, shown.VAT, shown.Gross = i.Net.Neg(), i.VAT.Neg(), i.Gross.Neg()
		if shown.Corrects, err = a.numberOf(ctx, i.CorrectsID); err != nil {
			return mail.Invoice{}, err
		}
	}
	for _, l := range i.Lines {
		shown.Lines = append(shown.Lines, mail.Line{ID: l.ID, Description: l.Description, Price: sign(l.Net)})
	}
	shown.Transfer, err = a.transferOf(ctx, i.ID)
	return shown, err
}

// numberOf is the number of the invoice that a credit note corrects; the receipt of credit that
// was paid back corrects none.
func (a *App) numberOf(ctx context.Context, invoiceID string) (string, error) {
	if invoiceID == "" {
		return "", nil
	}
	i, err := a.Billing.Invoice(ctx, a.Store.Read(), invoiceID)
	return i.Number, err
}

// transferOf says how to pay an invoice by bank transfer, when that is how it is
// being paid.
func (a *App) transferOf(ctx context.Context, invoiceID string) (*mail.Transfer, error) {
	payments, err := a.Billing.PaymentsOf(ctx, a.Store.Read(), invoiceID)
	if err != nil {
		return nil, err
	}
	for _, p := range payments {
		if p.Gateway != "transfer" || p.State != billing.PaymentPending {
			continue
		}
		c := a.Config.Transfer
		return &mail.Transfer{IBAN: c.IBAN, BIC: c.BIC, Beneficiary: c.Beneficiary, Reference: p.Code}, nil
	}
	return nil, nil
}

func (a *App) mailService(ctx context.Context, id string) (mail.Service, error) {
	v, err := a.Services.ByID(ctx, a.Store.Read(), id)
	if err != nil {
		return mail.Service{}, err
	}
	shown := mail.Service{
		ID: v.ID, Name: catalog.Display(v.Name), Description: v.Description, Domain: v.Kind == service.KindDomain, PaidUntil: v.ExpiresAt,
		SignOn: slices.Contains(v.Actions, service.ActionLogin),
	}
	if shown.Domain {
		return a.withRegistrant(ctx, v, shown)
	}
	shown.Records, err = a.recordsToSet(ctx, v)
	return shown, err
}

func (a *App) mailSubscription(ctx context.Context, id string) (mail.Subscription, error) {
	v, err := a.Billing.Subscription(ctx, a.Store.Read(), id)
	if err != nil {
		return mail.Subscription{}, err
	}
	return mail.Subscription{
		ID: v.ID, ServiceID: v.ServiceID, Description: v.Description, Cycle: v.Cycle.String(), Price: v.Net,
		Domain: v.Kind == billing.DomainSubscription, Paused: v.State == billing.SubscriptionPaused,
		EndsAt: v.CancelAt, Ended: v.State == billing.SubscriptionCancelled, PaidUntil: v.CurrentPeriodEnd,
	}, nil
}

// withRegistrant tells of the check that registries of generic TLDs make (ICANN's
// Whois accuracy program, section 1.f): country-code TLDs, of two letters, have none.
func (a *App) withRegistrant(ctx context.Context, v service.Service, shown mail.Service) (mail.Service, error) {
	_, tld, found := strings.Cut(v.Name, ".")
	if !found || v.RegistrantID == "" || len(tld[strings.LastIndexByte(tld, '.')+1:]) == 2 {
		return shown, nil
	}
	registrant, err := a.Accounts.RegistrantByID(ctx, a.Store.Read(), v.RegistrantID)
	if err != nil {
		return mail.Service{}, err
	}
	shown.VerifyRegistrant, shown.RegistrantEmail = true, registrant.Email
	return shown, nil
}

// recordsToSet are the records that a customer sets where the name is held: none
// when they hold it here.
func (a *App) recordsToSet(ctx context.Context, v service.Service) ([]mail.Record, error) {
	here, err := a.Services.Holds(ctx, a.Store.Read(), v.Name, v.CustomerID)
	if err != nil || here {
		return nil, err
	}
	return a.Config.hostingRecords()
}

// hostingRecords reads "A @ 192.0.2.10;A www 192.0.2.10".
func (c Config) hostingRecords() ([]mail.Record, error) {
	var records []mail.Record
	for _, setting := range c.LJPC.Records {
		parts := strings.SplitN(strings.TrimSpace(setting), " ", 3)
		if len(parts) != 3 {
			return nil, fmt.Errorf("LJPC_HOSTING_RECORDS has %q: give type, name and content, such as A @ 192.0.2.10", setting)
		}
		records = append(records, mail.Record{Type: parts[0], Name: parts[1], Content: parts[2]})
	}
	return records, nil
}
