package app

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"hostfront/clock"
)

// examineTimeout bounds each section of an examination.
const examineTimeout = time.Minute

// DoctorOptions are what the doctor looks at, and where it writes to.
type DoctorOptions struct {
	// Order is an order at the upstream to read; empty is the shop's last one.
	Order string
	Out   io.Writer
}

// Doctor looks at everything that a shop stands on and says in one line each what
// is well, what is not, and what to do about it. It works beside a running server,
// calls others for reading only, and changes nothing. The error, if any, is that
// something fails; the lines say what.
func Doctor(ctx context.Context, c Config, o DoctorOptions) error {
	e := &examination{config: c, order: o.Order, out: o.Out, clock: clock.System{}, secrets: c.secrets()}
	defer e.close()
	for _, section := range []func(context.Context){
		e.settings, e.selling, e.database, e.backups, e.disk, e.upstream, e.time, e.stripe, e.smtp, e.self, e.catalogue, e.work,
	} {
		within, cancel := context.WithTimeout(ctx, examineTimeout)
		section(within)
		cancel()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if e.failed > 0 {
		return fmt.Errorf("%d of %d checks fail", e.failed, e.made)
	}
	return nil
}

// examination is one run of the doctor.
type examination struct {
	config  Config
	order   string
	out     io.Writer
	clock   clock.Clock
	secrets []string
	// shop is open for reading where the database could be.
	shop *App
	// skew is how far this machine's clock is ahead of an upstream's, once one
	// has answered.
	skew     time.Duration
	answered bool

	made, failed int
}

func (e *examination) ok(what, format string, args ...any)   { e.say("ok", what, format, args...) }
func (e *examination) warn(what, format string, args ...any) { e.say("warn", what, format, args...) }

func (e *examination) fail(what, format string, args ...any) {
	e.failed++
	e.say("FAIL", what, format, args...)
}

// say prints one line. Whatever an error quotes, no secret leaves here.
func (e *examination) say(result, what, format string, args ...any) {
	e.made++
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	for _, secret := range e.secrets {
		text = strings.ReplaceAll(text, secret, "…")
	}
	fmt.Fprintf(e.out, "%-4s  %-9s  %s\n", result, what, text)
}

func (e *examination) close() {
	if e.shop != nil {
		_ = e.shop.Close() // opened for reading: there is nothing to lose
	}
}

// secrets are the settings, and parts of settings, that are never printed.
func (c Config) secrets() []string {
	all := append([]string{c.SecretKey, c.LJPC.APIKey, c.Stripe.SecretKey}, c.OldSecretKeys...)
	all = append(all, c.Stripe.WebhookSecrets...)
	for _, place := range []string{c.DatabaseURL, c.Mail.SMTPURL} {
		if u, err := url.Parse(place); err == nil {
			password, _ := u.User.Password()
			all = append(all, password)
		}
	}
	var secrets []string
	for _, s := range all {
		if s != "" {
			secrets = append(secrets, s)
		}
	}
	return secrets
}

// plural is "1 task" or "3 tasks".
func plural[T int | int64](n T, noun string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// local says that a URL leads to this machine alone.
func local(place string) bool {
	u, err := url.Parse(place)
	if err != nil {
		return false
	}
	host := u.Hostname()
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}
