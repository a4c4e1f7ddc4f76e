package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"hostfront/fault"

	"github.com/gofiber/fiber/v2"
)

// readable refuses what is not UTF-8 or holds a NUL, in the body and in the
// address: neither huma nor encoding/json does, and it must not reach a database.
func readable(c *fiber.Ctx) error {
	if plain(c.Request().RequestURI()) && len(c.Request().Body()) == 0 {
		return c.Next()
	}
	uri := string(c.Request().RequestURI())
	address, err := url.PathUnescape(uri)
	if err != nil || !utf8.ValidString(address) || strings.IndexByte(address, 0) >= 0 {
		return fault.New(fault.Malformed, "invalid_utf8", "The address is not valid UTF-8, percent-encoded, or holds the character U+0000.")
	}
	if _, err := url.Parse(uri); err != nil {
		return fault.New(fault.Malformed, "malformed", "The address cannot be read.")
	}
	return readableBody(c)
}

// readableBody is readable of the body.
func readableBody(c *fiber.Ctx) error {
	body := c.Request().Body()
	if coding := c.Get(fiber.HeaderContentEncoding); len(body) > 0 && coding != "" && !strings.EqualFold(coding, "identity") {
		p := problemOf(fault.New(fault.Malformed, "unsupported_media_type", "Send the body as it is: no Content-Encoding is taken."))
		p.Status, p.Title = http.StatusUnsupportedMediaType, http.StatusText(http.StatusUnsupportedMediaType)
		return p
	}
	if !utf8.Valid(body) {
		return fault.New(fault.Malformed, "invalid_utf8", "The body is not valid UTF-8.")
	}
	if escapesNUL(body) {
		e := fault.New(fault.Malformed, "invalid_text", "A text in the body holds the character U+0000.")
		if place := placeOfNUL(body); place != "" {
			e.Fields = []fault.Field{{Name: place, Code: "invalid_text", Message: "Leave out the character U+0000."}}
		}
		return e
	}
	return c.Next()
}

// plain says of an address that it holds nothing to be decoded and nothing that a
// parser of addresses could mind: most of them.
func plain(uri []byte) bool {
	if len(uri) == 0 || uri[0] != '/' || len(uri) > 1 && uri[1] == '/' {
		return false
	}
	for _, b := range uri {
		letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
		if !letter && !strings.ContainsRune("/-_.~?=&,", rune(b)) {
			return false
		}
	}
	return true
}

// escapesNUL finds \u0000 in JSON: a text that PostgreSQL cannot store.
func escapesNUL(body []byte) bool {
	escape := []byte(`\u0000`)
	for {
		at := bytes.Index(body, escape)
		if at < 0 {
			return false
		}
		backslashes := 0
		for i := at; i >= 0 && body[i] == '\\'; i-- {
			backslashes++
		}
		if backslashes%2 == 1 {
			return true
		}
		body = body[at+len(escape):]
	}
}

// level is a list or an object that a place in a body is inside.
type level struct {
	list bool
	// name is the member that is next or now, at the item of a list.
	name string
	at   int
	// inValue: the name was read, its value comes.
	inValue bool
}

// placeOfNUL is the field whose text holds a NUL; "" where there is no telling, such as for
// the name of a member.
func placeOfNUL(body []byte) string {
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber()
	var levels []level
	for {
		token, err := in.Token()
		if err != nil {
			return ""
		}
		if d, is := token.(json.Delim); is && (d == ']' || d == '}') {
			levels = passed(levels[:len(levels)-1])
			continue
		}
		text, isText := token.(string)
		if top := len(levels) - 1; top >= 0 && !levels[top].list && !levels[top].inValue {
			levels[top].name, levels[top].inValue = text, true
			continue
		}
		if isText && strings.IndexByte(text, 0) >= 0 {
			return placeOf(levels)
		}
		if d, is := token.(json.Delim); is {
			levels = append(levels, level{list: d == '['})
			continue
		}
		levels = passed(levels)
	}
}

// passed is the place behind the value that was read.
func passed(levels []level) []level {
	if top := len(levels) - 1; top >= 0 {
		levels[top].at++
		levels[top].inValue = false
	}
	return levels
}

// placeOf writes a place as fields are named: lines[0].domain.
func placeOf(levels []level) string {
	var place strings.Builder
	for _, l := range levels {
		if l.list {
			fmt.Fprintf(&place, "[%d]", l.at)
			continue
		}
		if place.Len() > 0 {
			place.WriteByte('.')
		}
		place.WriteString(l.name)
	}
	return strings.ReplaceAll(place.String(), "\x00", "")
}
