package account

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"hostfront/fault"

	"github.com/nyaruka/phonenumbers"
)

// need says whether a field may be left out.
type need string

const (
	required need = "required"
	optional need = "optional"
)

const (
	maxText     = 100 // characters of a name, street or city
	maxEmail    = 254 // RFC 5321
	minPassword = 8
	maxPassword = 256
)

// mailAddress is the pattern of HTML's email input: ASCII, no quoting, a domain
// with a dot. Nothing that it takes can break out of a mail header.
var mailAddress = regexp.MustCompile("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?" +
	`(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$`)

var localeTag = regexp.MustCompile(`^[a-z]{2}(-[A-Z]{2})?$`)

// checks collects the fields that are not acceptable; prefix stands before their
// names. Each check also writes back the value in its one normal form.
type checks struct {
	prefix string
	fields []fault.Field
}

func (c *checks) refuse(name, code, message string) {
	c.fields = append(c.fields, fault.Field{Name: c.prefix + name, Code: code, Message: message})
}

// missing trims the value and is true when there is nothing more to check.
func (c *checks) missing(name string, value *string, n need) bool {
	*value = strings.TrimSpace(*value)
	if *value == "" && n == required {
		c.refuse(name, "required", "This field is needed.")
	}
	return *value == ""
}

func (c *checks) text(name string, value *string, n need) {
	switch {
	case c.missing(name, value, n):
	case !utf8.ValidString(*value) || strings.ContainsFunc(*value, unprintable):
		c.refuse(name, "invalid_text", "This field holds characters that cannot be printed.")
	case utf8.RuneCountInString(*value) > maxText:
		c.refuse(name, "too_long", "This field holds at most 100 characters.")
	}
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

func (c *checks) country(name string, value *string) {
	if c.missing(name, value, required) {
		return
	}
	*value = strings.ToUpper(*value)
	if !KnownCountry(*value) {
		c.refuse(name, "invalid_country", "Give the country as its two-letter ISO 3166-1 code, such as NL.")
	}
}

func (c *checks) phone(name string, value *string, n need) {
	if c.missing(name, value, n) {
		return
	}
	number, err := phonenumbers.Parse(*value, "")
	if err != nil || !strings.HasPrefix(*value, "+") || !phonenumbers.IsValidNumber(number) {
		c.refuse(name, "invalid_phone", "Give the phone number with its country code, such as +31201234567.")
		return
	}
	*value = phonenumbers.Format(number, phonenumbers.E164)
}

func (c *checks) locale(name string, value *string) {
	if !c.missing(name, value, optional) && !localeTag.MatchString(*value) {
		c.refuse(name, "invalid_locale", "Give the language as nl or nl-NL.")
	}
}

func (c *checks) email(name string, value *string) {
	if c.missing(name, value, required) {
		return
	}
	if len(*value) > maxEmail || !mailAddress.MatchString(*value) {
		c.refuse(name, "invalid_email", "This is not a mail address that mail can be sent to.")
	}
}

func checkEmail(name, email string) []fault.Field {
	var c checks
	c.email(name, &email)
	return c.fields
}

// checkPassword asks for length alone: rules about kinds of characters make
// passwords worse (NIST SP 800-63B).
func checkPassword(name, password, email string) []fault.Field {
	var c checks
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		c.refuse(name, "too_short", "A password has at least 8 characters.")
	case len(password) > maxPassword:
		c.refuse(name, "too_long", "A password has at most 256 bytes.")
	case strings.EqualFold(password, strings.TrimSpace(email)):
		c.refuse(name, "too_simple", "The mail address is no password.")
	}
	return c.fields
}
