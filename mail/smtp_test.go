package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"hostfront/fault"
	"hostfront/mail"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a mail server that keeps what it takes on, or misbehaves as told.
type server struct {
	url string

	mu       sync.Mutex
	received []letter
	mail     error // answer to MAIL FROM
	rcpt     error // answer to RCPT TO
	data     error // answer to the end of the mail
	hangUp   bool  // take the mail on and close the connection without an answer
	password string
}

type letter struct {
	from    string
	to      []string
	content []byte
}

func serve(t *testing.T) *server {
	t.Helper()
	s := &server{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	srv.Domain, srv.AllowInsecureAuth = "mx.example", true
	srv.ErrorLog = discard{}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	s.url = "smtp://" + l.Addr().String()
	return s
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// session is one conversation.
type session struct {
	server *server
	conn   *smtp.Conn
	letter letter
}

func (s *session) Reset()        { s.letter = letter{} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.letter.from = from
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	return s.server.mail
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.letter.to = append(s.letter.to, to)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	return s.server.rcpt
}

func (s *session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.data != nil {
		return s.server.data
	}
	s.letter.content = content
	s.server.received = append(s.server.received, s.letter)
	if s.server.hangUp {
		s.server.hangUp = false
		return s.conn.Conn().Close()
	}
	return nil
}

func (s *session) AuthMechanisms() []string {
	if s.server.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if password != s.server.password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func message() mail.Message {
	return mail.Message{
		ID: "mail_1@shop.example", Date: exampleFacts().invoice.DueAt, Template: "payment_received",
		FromName: "Ada's Hosting", From: "shop@shop.example", ReplyTo: "help@shop.example", ToName: "Grace Hopper", To: "customer@example.com",
		Subject: "Payment received: façade", Text: "Hello Grace,\n.\nthe dot above is not the end.\n", HTML: "<p>Hello Gråce</p>",
		Attachments: []mail.Attachment{{Name: "invoice-2026-0001.pdf", Content: bytes.Repeat([]byte("%PDF"), 5000)}},
	}
}

func sender(t *testing.T, url string) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(url)
	must(t, err)
	return s
}

func TestMailArrivesWithTextHTMLAndTheInvoice(t *testing.T) {
	t.Parallel()
	s := serve(t)
	must(t, sender(t, s.url).Send(ctx, message()))
	if len(s.received) != 1 || s.received[0].from != "shop@shop.example" || strings.Join(s.received[0].to, " ") != "customer@example.com" {
		t.Fatalf("received %+v", s.received)
	}
	got, err := netmail.ReadMessage(bytes.NewReader(s.received[0].content))
	must(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	must(t, err)
	for name, want := range map[string]string{
		"Message-Id": "<mail_1@shop.example>", "Date": "Tue, 03 Mar 2026 00:00:00 +0000", "Auto-Submitted": "auto-generated",
		"To": `"Grace Hopper" <customer@example.com>`, "From": `"Ada's Hosting" <shop@shop.example>`, "Reply-To": "<help@shop.example>",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	parts := partsOf(t, got.Header.Get("Content-Type"), got.Body)
	if subject != "Payment received: façade" || strings.Join(parts, " ") != "text/plain text/html application/pdf" {
		t.Errorf("subject %q, parts %v", subject, parts)
	}
}

// partsOf lists the media types of a mail's leaves.
func partsOf(t *testing.T, contentType string, body io.Reader) []string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	must(t, err)
	if !strings.HasPrefix(kind, "multipart/") {
		return []string{kind}
	}
	var leaves []string
	r := multipart.NewReader(body, params["boundary"])
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return leaves
		}
		must(t, err)
		leaves = append(leaves, partsOf(t, part.Header.Get("Content-Type"), part)...)
	}
}

func TestWhatAServerDoesDecidesWhetherTheMailIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*server)
		result fault.Result
	}{
		{"nobody there", func(s *server) { s.url = "smtp://127.0.0.1:1" }, fault.Unavailable},
		{"no such mailbox", func(s *server) {
			s.rcpt = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no customer@example.com"}
		}, fault.Rejected},
		{"mailbox busy", func(s *server) { s.rcpt = &smtp.SMTPError{Code: 451, Message: "later"} }, fault.Unavailable},
		{"the shop refused", func(s *server) { s.mail = &smtp.SMTPError{Code: 550, Message: "sender not allowed"} }, fault.Unavailable},
		{"relaying denied", func(s *server) {
			s.rcpt = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "relay access denied"}
		}, fault.Unavailable},
		{"content refused", func(s *server) { s.data = &smtp.SMTPError{Code: 554, Message: "spam"} }, fault.Rejected},
		{"content put off", func(s *server) { s.data = &smtp.SMTPError{Code: 452, Message: "full"} }, fault.Unavailable},
		{"no answer to the mail", func(s *server) { s.hangUp = true }, fault.Unknown},
		{"wrong password", func(s *server) {
			s.password = "right"
			s.url = strings.Replace(s.url, "smtp://", "smtp://shop:wrong@", 1)
		}, fault.Unavailable},
		{"no STARTTLS though required", func(s *server) { s.url += "?starttls=required" }, fault.Unavailable},
	} {
		s := serve(t)
		tt.change(s)
		err := sender(t, s.url).Send(ctx, message())
		o := fault.OutcomeOf(err)
		if err == nil || o.Result != tt.result || o.Code == "" {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.result)
			continue
		}
		if strings.Contains(err.Error(), "customer@") || strings.Contains(err.Error(), "wrong@") {
			t.Errorf("%s: the error names an address or password: %v", tt.name, err)
		}
	}
}

func TestPasswordIsAccepted(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.password = "p@ss word"
	must(t, sender(t, strings.Replace(s.url, "smtp://", "smtp://shop:p%40ss%20word@", 1)+"?starttls=off").Send(ctx, message()))
	if len(s.received) != 1 {
		t.Errorf("received %d", len(s.received))
	}
}

func TestMailWhoseAnswerWasLostArrivesTwiceAsOneMail(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.hangUp = true
	r := open(t, func(c *mail.Config) { c.Sender = sender(t, s.url) })
	r.happen(t, "invoice.paid", map[string]any{"invoice_id": "inv_1"})
	r.work(t)
	if r.last(t).State != "sent" || len(s.received) != 2 {
		t.Fatalf("received %d, recorded as %+v", len(s.received), r.last(t))
	}
	var ids []string
	for _, l := range s.received {
		m, err := netmail.ReadMessage(bytes.NewReader(l.content))
		must(t, err)
		ids = append(ids, m.Header.Get("Message-Id"))
	}
	if ids[0] != ids[1] || ids[0] != "<"+strings.ToLower(r.last(t).ID)+"@shop.example>" {
		t.Errorf("Message-IDs are %v", ids)
	}
}

func TestNothingInAMailCanAddAHeader(t *testing.T) {
	t.Parallel()
	s := serve(t)
	r := open(t, func(c *mail.Config) {
		c.Sender = sender(t, s.url)
		c.Shop.Name = "Shop\r\nBcc: x@y.example\r\n\r\n<b>body</b>"
	})
	r.facts.order.Number = "A\r\nBcc: thief@example.com\r\nX: "
	r.happen(t, "order.received", map[string]any{"order_id": "ord_1"})
	r.work(t)
	if len(s.received) != 1 || len(s.received[0].to) != 1 {
		t.Fatalf("received %+v", s.received)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(s.received[0].content))
	must(t, err)
	if m.Header.Get("Bcc") != "" || m.Header.Get("X") != "" || m.Header.Get("Content-Type") == "" {
		t.Errorf("headers are %v", m.Header)
	}
	bad := message()
	bad.To = "a@b.example>\r\nBcc: <c@d.example"
	if o := fault.OutcomeOf(sender(t, s.url).Send(ctx, bad)); o.Result != fault.Rejected {
		t.Errorf("an address with a header in it: %v", o)
	}
}

func TestNothingInAMailCanAddMarkup(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.facts.order.Lines[0].Description = "<script>alert(1)</script>"
	r.happen(t, "order.received", map[string]any{"order_id": "ord_1"})
	r.work(t)
	if html := r.outbox.sent[0].HTML; strings.Contains(html, "<script>") || !strings.Contains(html, "&lt;script&gt;") {
		t.Errorf("a description became markup:\n%s", html)
	}
}

func TestSMTPURLThatCannotBeIsRefusedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://shop:s3cret@mail.example.com:none",
		"smtp://shop:s3cret@mail.example.com?starttls=maybe", "smtp://shop:s3cret@mail.example.com:99999"} {
		_, err := mail.NewSMTP(url)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
