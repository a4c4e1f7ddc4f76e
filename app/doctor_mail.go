package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/smtp"
	"net/url"
	"os"
	"time"
)

// mailTimeout bounds a conversation with the mail server.
const mailTimeout = 15 * time.Second

// smtp greets the mail server and leaves again: no sign-in, no mail.
func (e *examination) smtp(ctx context.Context) {
	place := e.config.Mail.SMTPURL
	if place == "" {
		e.mailFolder()
		return
	}
	if e.config.checkMail() != nil {
		return // said among the settings
	}
	u, err := url.Parse(place)
	if err != nil {
		return // said among the settings
	}
	starttls, err := greet(ctx, u)
	switch {
	case err != nil:
		e.fail("smtp", "%s does not take us on: %v; check SMTP_URL, and whether your network lets mail out", u.Host, err)
	case u.Scheme == "smtp" && !starttls && u.User != nil && u.Query().Get("starttls") != "off" && !local("//"+u.Host):
		e.fail("smtp", "%s offers no STARTTLS, and a password does not travel in the clear: use smtps://, or the port that offers it", u.Host)
	case u.Scheme == "smtp" && !starttls:
		e.warn("smtp", "%s takes us on without encryption", u.Host)
	default:
		e.ok("smtp", "%s takes us on, encrypted; nothing was sent and nobody signed in", u.Host)
	}
}

// greet connects, says EHLO and leaves. It says whether STARTTLS is offered.
func greet(ctx context.Context, u *url.URL) (starttls bool, err error) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"smtp": "587", "smtps": "465"}[u.Scheme]
	}
	address := net.JoinHostPort(u.Hostname(), port)
	dialer := &net.Dialer{Timeout: mailTimeout}
	var conn net.Conn
	if u.Scheme == "smtps" {
		conn, err = (&tls.Dialer{NetDialer: dialer, Config: &tls.Config{ServerName: u.Hostname()}}).DialContext(ctx, "tcp", address)
	} else {
		conn, err = dialer.DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return false, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	client, err := smtp.NewClient(conn, u.Hostname())
	if err != nil {
		return false, err
	}
	if err := client.Hello("localhost"); err != nil {
		return false, err
	}
	starttls, _ = client.Extension("STARTTLS")
	return starttls, client.Quit()
}

// mailFolder says whether mails can be written where they are to go.
func (e *examination) mailFolder() {
	folder := e.config.Mail.Folder
	if folder == "" {
		return // said under selling
	}
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		e.warn("mail", "MAIL_FOLDER %s is not there yet: it is made at the start", folder)
	case err != nil:
		e.fail("mail", "MAIL_FOLDER: %v", err)
	case !info.IsDir():
		e.fail("mail", "MAIL_FOLDER %s is not a folder: give another path", folder)
	default:
		e.warn("mail", "mails are written to %s and not sent: set SMTP_URL instead to send them", folder)
	}
}
