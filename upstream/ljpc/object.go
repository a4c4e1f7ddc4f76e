package ljpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// field is a value in an answer: the names it may go by, best first. What is
// sent goes by the first.
type field struct {
	names      []string
	documented bool
	// optional fields may be absent from a good answer.
	optional bool
}

func (f field) name() string { return f.names[0] }

// object is a JSON object whose numbers are still text: no amount or id ever
// passes through a float.
type object map[string]any

// decode reads one JSON value and nothing after it.
func decode(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, errors.New("the answer is not whole JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the answer goes on after its JSON")
	}
	return value, nil
}

func (o object) find(f field) (any, bool) {
	for _, name := range f.names {
		if v, ok := o[name]; ok {
			return v, true
		}
	}
	return nil, false
}

func (o object) has(f field) bool { _, ok := o.find(f); return ok }

func (o object) keys() []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// text is a string or a number as text; "" when null, absent or anything else.
func (o object) text(f field) string {
	v, _ := o.find(f)
	return textOf(v)
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	}
	return ""
}

// integer is a whole number, given as one or as a string; nil otherwise.
func (o object) integer(f field) *int64 {
	n, err := strconv.ParseInt(o.text(f), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// flag is a yes or no, given as a boolean, 0, 1 or a word; nil otherwise.
func (o object) flag(f field) *bool {
	v, _ := o.find(f)
	if b, ok := v.(bool); ok {
		return &b
	}
	var b bool
	switch strings.ToLower(textOf(v)) {
	case "true", "1", "yes", "on":
		b = true
	case "false", "0", "no", "off":
	default:
		return nil
	}
	return &b
}

func (o object) is(f field) bool { b := o.flag(f); return b != nil && *b }

// instant is a time in one of the usual shapes; without a zone it is taken as
// UTC, which for a date of expiry is at most hours off. Zero otherwise.
func (o object) instant(f field) time.Time {
	text := o.text(f)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Millisecond)
		}
	}
	return time.Time{}
}

// inner is an object inside this one; nil (which reads as empty) otherwise.
func (o object) inner(f field) object {
	v, _ := o.find(f)
	return asObject(v)
}

// asObject is a value as an object; one that reads as empty when it is none.
func asObject(v any) object {
	m, _ := v.(map[string]any)
	return m
}

// within goes down into the first of the fields that is an object, and from
// there into the next; where there is none it stays: for an answer that may be
// under data or under data.order.
func within(v any, fields ...field) object {
	o := asObject(v)
	for _, f := range fields {
		if deeper := o.inner(f); deeper != nil {
			o = deeper
		}
	}
	return o
}
