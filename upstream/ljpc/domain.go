package ljpc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"hostfront/upstream"
)

func domainPath(name string) string { return pathDomains + "/" + url.PathEscape(name) }

// RegisterDomain registers a name for a year on an owned contact. LJPc refuses a
// TLD it does not sell, a name that is registered already (ErrConflict) and a
// handle that is not ours, before anything is bought.
func (c *Client) RegisterDomain(ctx context.Context, name, contactHandle string) error {
	body := map[string]string{fieldDomain.name(): name, fieldContactHandle.name(): contactHandle}
	_, err := c.ask(ctx, change(OpRegister, http.MethodPost, pathDomains, body))
	var refusal *upstream.Refusal
	if errors.As(err, &refusal) && errors.Is(refusal, upstream.ErrInvalid) && aboutRegistrant(refusal.Message) {
		return fmt.Errorf("%w: %w", upstream.ErrRegistrant, err)
	}
	return err
}

// aboutRegistrant guesses from the words of a refusal whether it is about the holder's
// details.
func aboutRegistrant(message string) bool {
	message = strings.ToLower(message)
	for _, word := range registrantHints {
		if strings.Contains(message, word) {
			return true
		}
	}
	return false
}

// Domain reads one name: live data where LJPc has it, its stored row otherwise.
func (c *Client) Domain(ctx context.Context, name string) (upstream.Domain, error) {
	call := get(OpDomain, domainPath(name), nil)
	data, err := c.ask(ctx, call)
	if err != nil {
		return upstream.Domain{}, err
	}
	d, err := readDomain(within(data, fieldDomain, fieldDomainWrapper), name)
	if err != nil {
		return upstream.Domain{}, c.http.Unreadable(call, err)
	}
	return d, nil
}

// Domains lists the account's names.
func (c *Client) Domains(ctx context.Context) ([]upstream.Domain, error) {
	call := get(OpDomains, pathDomains, nil)
	data, err := c.ask(ctx, call)
	if err != nil {
		return nil, err
	}
	entries, err := listOf(data, listDomains)
	if err != nil {
		return nil, c.http.Unreadable(call, err)
	}
	domains := make([]upstream.Domain, 0, len(entries))
	for _, entry := range entries {
		d, err := readDomain(entry, "")
		if err != nil {
			return nil, c.http.Unreadable(call, err)
		}
		domains = append(domains, d)
	}
	return domains, nil
}

// readDomain reads a name that is ours. Asked for one by name, an answer about
// another is an error: it could settle the wrong purchase.
func readDomain(o object, asked string) (upstream.Domain, error) {
	name := o.text(fieldDomainName)
	if name == "" && asked != "" && len(o) > 0 {
		name = asked
	}
	ascii, err := asciiName(name)
	if err != nil {
		return upstream.Domain{}, err
	}
	if asked != "" {
		if want, err := asciiName(asked); err != nil || want != ascii {
			return upstream.Domain{}, errors.New("the answer is about another name")
		}
	}
	status := o.text(fieldDomainStatus)
	return upstream.Domain{
		Name: ascii, Status: status, Hold: holdIn(status), ExpiresAt: o.instant(fieldExpires),
		AutoRenew: o.flag(fieldAutoRenew), Nameservers: o.texts(fieldNameservers, fieldNSName),
		ContactHandle: o.text(fieldDomainHandle),
	}, nil
}

// UpdateDomain changes what is set in the update. Doing it twice does no harm.
func (c *Client) UpdateDomain(ctx context.Context, name string, u upstream.DomainUpdate) error {
	body := map[string]any{}
	if u.Nameservers != nil {
		body[fieldNameservers.name()] = u.Nameservers
	}
	if u.AutoRenew != nil {
		body[fieldAutoRenew.name()] = *u.AutoRenew
	}
	if u.ContactHandle != nil {
		body[fieldContactHandle.name()] = *u.ContactHandle
	}
	_, err := c.ask(ctx, change(OpUpdateDomain, http.MethodPatch, domainPath(name), body))
	return err
}

// AuthCode reads the code that lets the name be moved away.
func (c *Client) AuthCode(ctx context.Context, name string) (string, error) {
	call := get(OpAuthCode, domainPath(name)+pathAuthCode, nil)
	data, err := c.ask(ctx, call)
	if err != nil {
		return "", err
	}
	code := textOf(data)
	if code == "" {
		code = within(data, fieldDomain).text(fieldAuthCode)
	}
	if code == "" {
		return "", c.http.Unreadable(call, errors.New("no auth code in the answer"))
	}
	return code, nil
}
