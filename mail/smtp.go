package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hostfront/fault"

	gomail "github.com/wneessen/go-mail"
)

// SMTP sends through a mail server, one connection for each mail.
type SMTP struct {
	client *gomail.Client
}

var _ Sender = (*SMTP)(nil)

// smtpTimeout bounds every step of a conversation with the server.
const smtpTimeout = 20 * time.Second

// NewSMTP reads a server's URL: smtps://user:password@host (TLS, port 465 unless
// given) or smtp://user:password@host (STARTTLS, port 587). Without a user, or on
// this machine, a server that has no STARTTLS is spoken to in the clear;
// ?starttls=required refuses that, and ?starttls=off never encrypts, not even the
// password. The error is a sentence that does not hold the password.
func NewSMTP(serverURL string) (*SMTP, error) {
	u, err := url.Parse(serverURL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("the SMTP URL must look like smtp://user:password@host:587 or smtps://user:password@host")
	}
	options, err := smtpOptions(u)
	if err != nil {
		return nil, err
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("SMTP server %s: %w", u.Host, err)
	}
	return &SMTP{client: client}, nil
}

func smtpOptions(u *url.URL) ([]gomail.Option, error) {
	options := []gomail.Option{gomail.WithTimeout(smtpTimeout), gomail.WithoutNoop()}
	port, auth := 587, gomail.SMTPAuthAutoDiscover
	if u.Scheme == "smtps" {
		options, port = append(options, gomail.WithSSL()), 465
	} else {
		policy, err := starttls(u)
		if err != nil {
			return nil, err
		}
		if policy == gomail.NoTLS {
			auth = gomail.SMTPAuthPlainNoEnc // found out by itself, it would be refused
		}
		options = append(options, gomail.WithTLSPolicy(policy))
	}
	if u.Port() != "" {
		var err error
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, fmt.Errorf("the port %q of the SMTP URL is not a number", u.Port())
		}
	}
	options = append(options, gomail.WithPort(port))
	if name := u.User.Username(); name != "" {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(name), gomail.WithPassword(password))
	}
	return options, nil
}

// starttls never lets a password cross a network in the clear unless told to.
func starttls(u *url.URL) (gomail.TLSPolicy, error) {
	switch asked := u.Query().Get("starttls"); asked {
	case "required":
		return gomail.TLSMandatory, nil
	case "off":
		return gomail.NoTLS, nil
	case "":
		if u.User.Username() == "" || loopback(u.Hostname()) {
			return gomail.TLSOpportunistic, nil
		}
		return gomail.TLSMandatory, nil
	default:
		return gomail.NoTLS, fmt.Errorf("starttls=%s in the SMTP URL is neither required nor off", asked)
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Send speaks to the server. Until it has answered the end of the mail nothing
// was sent; only an answer lost there is Unknown.
func (s *SMTP) Send(ctx context.Context, msg Message) error {
	m, err := msg.mime()
	if err != nil {
		return fault.Came(fault.Rejected, "mail_malformed", "The mail cannot be addressed.")
	}
	conn, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fault.Came(fault.Unavailable, "smtp_unreachable", "The mail server does not take us on.").Because(err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	err = s.client.SendWithSMTPClient(conn, m)
	_ = s.client.CloseWithSMTPClient(conn)
	if m.IsDelivered() {
		return nil
	}
	return smtpOutcome(err)
}

// smtpOutcome tells what a failed conversation came to. The server's own words may
// name the address, so only its code is kept.
func smtpOutcome(err error) error {
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return fault.Came(fault.Unknown, "smtp_unclear", "The mail server's answer cannot be read.")
	}
	code := failed.ErrorCode()
	at := fmt.Sprintf("The mail server answered %d %s (%s).", code, failed.EnhancedStatusCode(), failed.Reason)
	switch {
	case code >= 500 && failed.Reason == gomail.ErrSMTPMailFrom:
		// The shop is refused and not the mail: the operator's to mend, and no mail is lost.
		return fault.Came(fault.Unavailable, "smtp_sender_refused", at)
	case code >= 500 && failed.Reason == gomail.ErrSMTPRcptTo && policy(failed.EnhancedStatusCode()):
		// Relaying is denied: every mail is, until the operator has mended the account.
		return fault.Came(fault.Unavailable, "smtp_relay_denied", at)
	case code >= 500:
		return fault.Came(fault.Rejected, "smtp_rejected", at)
	case code >= 400:
		return fault.Came(fault.Unavailable, "smtp_deferred", at)
	case failed.Reason == gomail.ErrSMTPDataClose:
		return fault.Came(fault.Unknown, "smtp_answer_lost", "The connection broke before the mail server had taken the mail on or refused it.")
	}
	return fault.Came(fault.Unavailable, "smtp_cut", "The connection broke before the mail was through ("+failed.Reason.String()+").")
}

// policy says of an enhanced status code (RFC 3463, section 3.8) that the server does
// not take mail from us: 5.7.x, where 5.1.x is about the mailbox.
func policy(enhanced string) bool { return strings.HasPrefix(enhanced, "5.7.") }
