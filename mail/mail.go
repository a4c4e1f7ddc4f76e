package mail

import (
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/seal"
	"hostfront/task"
)

// Config is what a Mailer is handed.
type Config struct {
	Store  *db.Store
	Clock  clock.Clock // the business clock
	Tasks  *task.Engine
	Events *event.Log
	// Sealer opens the tokens of links.
	Sealer *seal.Sealer
	Log    *slog.Logger
	Facts  Facts
	Sender Sender
	Shop   Shop
	Links  Links
	// Cut is the tests' seam for a crash at a send: it is called with CutBefore and
	// CutAfter around every send. An error before keeps the mail from being sent;
	// after, the answer is lost.
	Cut func(point string) error
}

// The points that Config.Cut is called with.
const (
	CutBefore = "mail:before"
	CutAfter  = "mail:after"
)

// Shop is who the mails are from.
type Shop struct {
	Name string
	// From and ReplyTo are mail addresses; ReplyTo may be empty.
	From, ReplyTo string
	// Signature is small print under every mail, such as the address and trade
	// register number. May be empty.
	Signature string
	// FeesURL is the page that tells what renewing and restoring a name costs, also after
	// its expiry. Empty is the base URL of Links.
	FeesURL string
}

// Mailer is the room. Safe for concurrent use.
type Mailer struct {
	store  *db.Store
	clock  clock.Clock
	tasks  *task.Engine
	events *event.Log
	sealer *seal.Sealer
	log    *slog.Logger
	facts  Facts
	sender Sender
	shop   Shop
	links  Links
	pages  pages
	cut    func(point string) error
	host   string // right half of the Message-IDs
}

// New subscribes to the events that have mails sent; it comes before the first
// event. Its Kinds are to be registered with the task engine. The error says in a
// sentence which setting is bad.
func New(c Config) (*Mailer, error) {
	from, err := mail.ParseAddress(c.Shop.From)
	if err != nil || from.Address != c.Shop.From {
		return nil, fmt.Errorf("the sender of mails %q is not a plain mail address such as shop@example.com", c.Shop.From)
	}
	if c.Shop.ReplyTo != "" {
		if to, err := mail.ParseAddress(c.Shop.ReplyTo); err != nil || to.Address != c.Shop.ReplyTo {
			return nil, fmt.Errorf("the reply address of mails %q is not a plain mail address", c.Shop.ReplyTo)
		}
	}
	base, err := url.Parse(c.Links.BaseURL)
	if err != nil || base.Hostname() == "" {
		return nil, fmt.Errorf("the base URL %q of links in mails is not an absolute URL", c.Links.BaseURL)
	}
	m := &Mailer{
		store: c.Store, clock: c.Clock, tasks: c.Tasks, events: c.Events, sealer: c.Sealer, log: c.Log, facts: c.Facts,
		sender: c.Sender, shop: c.Shop, links: c.Links.withDefaults(), pages: newPages(), cut: c.Cut, host: base.Hostname(),
	}
	if m.shop.FeesURL == "" {
		m.shop.FeesURL = c.Links.BaseURL
	}
	if m.cut == nil {
		m.cut = func(string) error { return nil }
	}
	if c.Sender == nil || c.Facts.Customer == nil || c.Facts.Order == nil || c.Facts.Line == nil || c.Facts.Invoice == nil || c.Facts.Service == nil ||
		c.Facts.PayLink == nil || c.Facts.Method == nil || c.Facts.Subscription == nil || c.Facts.Dispute == nil {
		return nil, errors.New("mails need a sender and every one of their facts but the PDF")
	}
	for kind := range composers {
		c.Events.Subscribe(kind, m.queue)
	}
	return m, nil
}
