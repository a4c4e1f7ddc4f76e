package apptest

import (
	"bytes"
	"io"
	"net"
	"net/mail"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// PostOffice is a mail server that takes every letter on and keeps what its
// envelope and headers say.
type PostOffice struct {
	url string

	mu      sync.Mutex
	letters []Letter
	closed  bool
}

// Letter is a mail that arrived.
type Letter struct {
	// MessageID is without brackets.
	MessageID, To, Subject string
}

func openPostOffice(t testing.TB) *PostOffice {
	t.Helper()
	p := &PostOffice{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("open the post office: %v", err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &counter{office: p}, nil }))
	server.Domain, server.AllowInsecureAuth, server.ErrorLog = "mx.example", true, silent{}
	closed := make(chan error, 1)
	go func() { closed <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-closed
	})
	p.url = "smtp://" + l.Addr().String() + "?starttls=off"
	return p
}

// Close has the server turn letters away until Reopen, as one does that is down for
// its maintenance.
func (p *PostOffice) Close() { p.shut(true) }

// Reopen has the server take letters on again.
func (p *PostOffice) Reopen() { p.shut(false) }

func (p *PostOffice) shut(closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = closed
}

// Letters are those that arrived, in order.
func (p *PostOffice) Letters() []Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Letter{}, p.letters...)
}

// keep puts letters there that had arrived at another office.
func (p *PostOffice) keep(letters []Letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters = append(p.letters, letters...)
}

// counter is where one letter is handed in.
type counter struct {
	office *PostOffice
	to     string
}

// Reset forgets the letter at hand.
func (c *counter) Reset() { c.to = "" }

// Logout ends the conversation.
func (c *counter) Logout() error { return nil }

// Mail begins a letter.
func (c *counter) Mail(string, *smtp.MailOptions) error {
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	if c.office.closed {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again later"}
	}
	return nil
}

// Rcpt names whom it is for.
func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error { c.to = to; return nil }

// Data takes the letter on.
func (c *counter) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		return err
	}
	id := m.Header.Get("Message-ID")
	if len(id) > 2 {
		id = id[1 : len(id)-1]
	}
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.letters = append(c.office.letters, Letter{MessageID: id, To: c.to, Subject: m.Header.Get("Subject")})
	return nil
}

type silent struct{}

// Printf says nothing.
func (silent) Printf(string, ...any) {}

// Println says nothing.
func (silent) Println(...any) {}
