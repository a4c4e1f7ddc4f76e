package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"sync"
	texttemplate "text/template"
	"time"
	"unicode"

	"hostfront/money"
)

//go:embed template/*.tmpl
var files embed.FS

// templates are the mails there are, a file each.
var templates = []string{
	"order_received", "payment_received", "invoice_issued", "renewal_invoice", "supplied_invoice", "payment_failed", "refund", "credit_given",
	"direct_debit", "method_expiring", "dispute_opened", "dispute_won", "dispute_lost",
	"delivered", "action_required", "delivery_failed", "password_reset", "sign_in_link",
	"domain_held", "domain_released",
	"reminder", "late_fee", "final_notice", "suspended", "unsuspended", "terminated", "domain_lapsing", "domain_notice",
	"subscription_cancelled", "subscription_continued", "subscription_paused", "subscription_changed", "price_announced", "price_withdrawn",
}

// forms are the two forms of a mail: a file defines "title" and "body" once as text and
// once as HTML, and shares the layout.
type forms struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

// pages give the forms of each mail by name. One is parsed when the first such mail is
// written, since a shop is up sooner than it needs all of them.
type pages map[string]func() (forms, error)

func newPages() pages {
	p := make(pages, len(templates))
	for _, name := range templates {
		p[name] = sync.OnceValues(func() (forms, error) { return parse(name) })
	}
	return p
}

func parse(name string) (forms, error) {
	paths := []string{"template/layout.tmpl", "template/part.tmpl", "template/" + name + ".tmpl"}
	text, err := texttemplate.New(name).Funcs(show).Option("missingkey=error").ParseFS(files, paths...)
	if err != nil {
		return forms{}, fmt.Errorf("text of mail %s: %w", name, err)
	}
	html, err := htmltemplate.New(name).Funcs(show).Option("missingkey=error").ParseFS(files, paths...)
	if err != nil {
		return forms{}, fmt.Errorf("HTML of mail %s: %w", name, err)
	}
	return forms{text: text, html: html}, nil
}

// show is how templates write money and dates.
var show = map[string]any{
	"amount": func(a money.Amount) string { return a.String() },
	"day":    func(t time.Time) string { return t.UTC().Format("2 January 2006") },
	"clock":  func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") + " UTC" },
}

// render writes the mail out in its two forms.
func (m *Mailer) render(p page) (Message, error) {
	var title, text, html bytes.Buffer
	forms, err := m.pages[p.Template]()
	if err != nil {
		return Message{}, err
	}
	if err := forms.text.ExecuteTemplate(&title, "title", p); err != nil {
		return Message{}, fmt.Errorf("title of mail: %w", err)
	}
	if err := forms.text.ExecuteTemplate(&text, "layout_text", p); err != nil {
		return Message{}, fmt.Errorf("text of mail: %w", err)
	}
	if err := forms.html.ExecuteTemplate(&html, "layout_html", p); err != nil {
		return Message{}, fmt.Errorf("HTML of mail: %w", err)
	}
	msg := Message{
		Template: p.Template, Subject: oneLine(title.String()), Text: tidy(text.String()), HTML: html.String(),
		FromName: oneLine(p.Shop.Name), From: p.Shop.From, ReplyTo: p.Shop.ReplyTo,
		ToName: oneLine(p.Customer.Name()), To: p.Customer.Email,
	}
	if p.Notice.Address != "" && p.Notice.Address != p.Customer.Email {
		msg.ToName, msg.To = "", p.Notice.Address
	}
	if len(p.PDF) > 0 {
		msg.Attachments = []Attachment{{Name: documentName(p.Invoice), Content: p.PDF}}
	}
	return msg, nil
}

// oneLine is fit for a header: no line break or other control character, whatever
// a product or company is called.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)), " ")
}

// tidy takes away the blank lines that the template's branches leave.
func tidy(s string) string {
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	blank := true
	for _, line := range lines {
		line = strings.TrimRight(line, " \t\r")
		if line == "" && blank {
			continue
		}
		blank = line == ""
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n")) + "\n"
}

// documentName is the file name of an attached document.
func documentName(i Invoice) string {
	kind, number := "invoice", i.Number
	if i.Corrects != "" {
		kind = "credit-note"
	} else if number == "" {
		kind, number = "proforma", i.ID
	}
	return kind + "-" + strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '-'
	}, number) + ".pdf"
}
