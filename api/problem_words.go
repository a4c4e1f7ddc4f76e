package api

import (
	"fmt"
	"strings"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// words is a complaint of huma as a customer is told it: what is allowed, in a
// sentence. %s stands for what the complaint names.
type words struct{ complaint, told string }

// complaints are huma's that a request of this API can meet, the longer before the
// shorter that it begins with.
func complaints() []words {
	return []words{
		{fmt.Sprintf(validation.MsgExpectedMinLength, 1), "This must not be empty."},
		{validation.MsgExpectedMinLength, "Give at least %s characters."},
		{validation.MsgExpectedMaxLength, "Give at most %s characters."},
		{validation.MsgExpectedMinItems, "Give at least %s."},
		{validation.MsgExpectedMaxItems, "Give at most %s."},
		{validation.MsgExpectedMinimumNumber, "Give a number of at least %s."},
		{validation.MsgExpectedMaximumNumber, "Give a number of at most %s."},
		{validation.MsgExpectedOneOf, "Give one of %s."},
		{validation.MsgExpectedMatchPattern, "Give what fits the pattern %s."},
		{validation.MsgExpectedRFC3339DateTime, "Give a time such as 2026-01-31T12:00:00Z."},
		{validation.MsgExpectedRFC5322Email, "Give a mail address, such as anna@example.com."},
		{validation.MsgExpectedRFC3986URI, "Give an absolute URL, such as https://shop.example/thanks."},
		{validation.MsgExpectedInteger, "Give a whole number."},
		{validation.MsgExpectedNumber, "Give a number."},
		{validation.MsgExpectedString, "Give a text, in quotes."},
		{validation.MsgExpectedBoolean, "Give true or false."},
		{validation.MsgExpectedArray, "Give a list."},
		{validation.MsgExpectedObject, "Give a JSON object."},
		// Of parameters that are not even read as what they are.
		{unreadInteger, "Give a whole number."},
		{"invalid float", "Give a number."},
		{"invalid boolean", "Give true or false."},
		{"invalid date/time for format %s", "Give a time such as 2026-01-31T12:00:00Z."},
	}
}

// unreadInteger is what huma says of a parameter that is no whole number.
const unreadInteger = "invalid integer"

// toldUnread is what is said of a body when no field of it can be named.
const toldUnread = "Some values do not fit their fields."

// toldCursor is what is said of a cursor that no page of the list gave.
const toldCursor = "Take the cursor from next_cursor of the page before, unchanged."

// patterns are what the patterns in the tags of requests ask for.
func patterns() []words {
	return []words{
		{`^[A-Za-z]{2}$`, "Give the country as its two-letter ISO 3166-1 code, such as NL."},
		{`^[a-z]+_[0-7][0-9A-HJKMNP-TV-Z]{25}$`, toldCursor},
		{`^[0-9]+$`, toldCursor},
		{`^(domain|site):.`, toldCursor},
		{`^[A-Z]{3}$`, "Give a currency as its three-letter ISO 4217 code, such as EUR."},
		{decimalPattern, `Give a decimal number, such as "12.10".`},
		{`^[ -~]*$`, "Give a key of ASCII letters, digits, signs and spaces, such as a UUID."},
		{`^https?://`, "Give an http or https URL, such as https://shop.example/thanks."},
	}
}

// told is a complaint of huma in the words of a customer; one that is not known
// stays as it is.
func told(message string) string {
	for _, w := range complaints() {
		what, found := within(message, w.complaint)
		if !found {
			continue
		}
		if w.complaint == validation.MsgExpectedMatchPattern {
			return toldPattern(what, w.told)
		}
		return strings.Replace(w.told, "%s", what, 1)
	}
	return message
}

func toldPattern(pattern, otherwise string) string {
	for _, w := range patterns() {
		if w.complaint == pattern {
			return w.told
		}
	}
	return strings.Replace(otherwise, "%s", pattern, 1)
}

// within is what stands in a message where its format has a verb. A format without
// one is met whole.
func within(message, format string) (what string, found bool) {
	at := strings.IndexByte(format, '%')
	if at < 0 {
		return "", message == format
	}
	what, before := strings.CutPrefix(message, format[:at])
	what, after := strings.CutSuffix(what, format[at+2:])
	return what, before && after
}

// outOfRange says of a complaint that it is about a number's range, or that it is none.
func outOfRange(message string) bool {
	_, low := within(message, validation.MsgExpectedMinimumNumber)
	_, high := within(message, validation.MsgExpectedMaximumNumber)
	return message == unreadInteger || low || high
}

// toldRange is what a parameter that must be a whole number may be, of an operation;
// where it has no range, what was said of it already.
func toldRange(of *huma.Operation, field fault.Field) string {
	for _, p := range of.Parameters {
		if p.Name == field.Name && p.Schema != nil && p.Schema.Minimum != nil && p.Schema.Maximum != nil {
			return fmt.Sprintf("Give a whole number from %.0f to %.0f.", *p.Schema.Minimum, *p.Schema.Maximum)
		}
	}
	return field.Message
}
