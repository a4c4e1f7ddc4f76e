package mail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/mail"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Message is one mail, ready to leave. Its texts for headers hold no control
// characters.
type Message struct {
	// ID is the Message-ID without brackets, Date that of the header: both stay the
	// same however often the mail is tried.
	ID   string
	Date time.Time
	// Template is which mail it is.
	Template string

	FromName, From, ReplyTo string
	ToName, To              string
	Subject, Text, HTML     string
	Attachments             []Attachment
}

// Attachment is a PDF.
type Attachment struct {
	Name    string
	Content []byte
}

// Sender is a way for mails to leave. Errors are *fault.Outcome, so that the task
// engine knows whether the mail may have left; none names an address.
type Sender interface {
	Send(ctx context.Context, msg Message) error
}

// mime is the mail as MIME: text, HTML and the attachments.
func (msg Message) mime() (*gomail.Msg, error) {
	from, err := addressOf(msg.FromName, msg.From)
	if err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	to, err := addressOf(msg.ToName, msg.To)
	if err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	m := gomail.NewMsg()
	m.FromMailAddress(from)
	m.ToMailAddress(to)
	if msg.ReplyTo != "" {
		if err := m.ReplyTo(msg.ReplyTo); err != nil {
			return nil, fmt.Errorf("reply address: %w", err)
		}
	}
	m.Subject(msg.Subject)
	m.SetMessageIDWithValue(msg.ID)
	m.SetDateWithValue(msg.Date)
	// Nobody's out-of-office note should answer (RFC 3834).
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, msg.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, msg.HTML)
	for _, a := range msg.Attachments {
		content := a.Content
		m.AttachReadSeeker(a.Name, bytes.NewReader(content), gomail.WithFileContentType("application/pdf"))
	}
	return m, nil
}

// addressOf is a named address whose name is quoted as a header wants it: pasted
// between quotes, a name that holds one would be read as another address.
func addressOf(name, address string) (*mail.Address, error) {
	parsed, err := mail.ParseAddress(address)
	if err != nil {
		return nil, err
	}
	return &mail.Address{Name: name, Address: parsed.Address}, nil
}

// writeTo writes the mail as it goes over the wire (an .eml file).
func (msg Message) writeTo(w io.Writer) error {
	m, err := msg.mime()
	if err != nil {
		return err
	}
	_, err = m.WriteTo(w)
	return err
}
