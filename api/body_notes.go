package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"hostfront/fault"
	"hostfront/money"

	"github.com/danielgtaylor/huma/v2"
)

// bodyNotes walks a body beside its schema, and notes what encoding/json lets pass, or
// tells without the field's name: a member that only differs in case, one that is given
// twice, and numbers and amounts that no field can hold. All else is huma's to tell.
type bodyNotes struct {
	schemas huma.Registry
	in      *json.Decoder
	notes   []fault.Field
}

func notesOfBody(schemas huma.Registry, schema *huma.Schema, body []byte) []fault.Field {
	n := bodyNotes{schemas: schemas, in: json.NewDecoder(bytes.NewReader(body))}
	n.in.UseNumber()
	if err := n.value(schema, ""); err != nil {
		return nil // no JSON: huma says so
	}
	return n.notes
}

// value notes about one value; a value without a schema is passed over.
func (n *bodyNotes) value(schema *huma.Schema, place string) error {
	for schema != nil && schema.Ref != "" {
		if schema.Ref == moneyRef {
			return n.amount(schema, place)
		}
		schema = n.schemas.SchemaFromRef(schema.Ref)
	}
	if schema == nil {
		var any json.RawMessage
		return n.in.Decode(&any)
	}
	token, err := n.in.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return n.members(schema, place)
		}
		return n.items(schema, place)
	case json.Number:
		if _, err := strconv.ParseInt(string(v), 10, 64); err != nil && schema.Type == huma.TypeInteger {
			n.note(place, "invalid", "Give a whole number.")
		}
	}
	return nil
}

func (n *bodyNotes) members(schema *huma.Schema, place string) error {
	seen := map[string]bool{}
	for n.in.More() {
		token, err := n.in.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		at := name
		if place != "" {
			at = place + "." + name
		}
		of := schema.Properties[name]
		if seen[name] {
			n.notes = append(n.notes, twice(at))
		} else if of == nil && schema.AdditionalProperties == false && schema.Properties != nil {
			n.notes = append(n.notes, unknownField(at))
		}
		seen[name] = true
		if err := n.value(of, at); err != nil {
			return err
		}
	}
	_, err := n.in.Token()
	return err
}

func (n *bodyNotes) items(schema *huma.Schema, place string) error {
	for i := 0; n.in.More(); i++ {
		if err := n.value(schema.Items, fmt.Sprintf("%s[%d]", place, i)); err != nil {
			return err
		}
	}
	_, err := n.in.Token()
	return err
}

// amount notes about an amount of money: as any object, and what it comes to.
func (n *bodyNotes) amount(schema *huma.Schema, place string) error {
	var raw json.RawMessage
	if err := n.in.Decode(&raw); err != nil {
		return err
	}
	inner := bodyNotes{schemas: n.schemas, in: json.NewDecoder(bytes.NewReader(raw))}
	inner.in.UseNumber()
	if err := inner.value(n.schemas.SchemaFromRef(schema.Ref), place); err != nil {
		return err
	}
	n.notes = append(n.notes, inner.notes...)
	var given Money
	if json.Unmarshal(raw, &given) != nil || given.Amount == "" {
		return nil
	}
	currency, err := money.ParseCurrency(given.Currency)
	if err != nil {
		return nil // the schema says so
	}
	if _, err := money.Parse(given.Amount, currency); err != nil {
		n.note(place+".amount", "invalid", toldAmount(err, currency))
	}
	return nil
}

func (n *bodyNotes) note(place, code, message string) {
	n.notes = append(n.notes, fault.Field{Name: place, Code: code, Message: message})
}

// toldAmount is what an amount may be, of a currency.
func toldAmount(err error, c money.Currency) string {
	most := money.Max(c).Format()
	switch {
	case errors.Is(err, money.ErrOutOfRange):
		return fmt.Sprintf("Give an amount between -%s and %s.", most, most)
	case c.Exponent() == 0:
		return fmt.Sprintf(`Give a whole number, such as "12": %s has no decimals.`, c)
	}
	return fmt.Sprintf(`Give a decimal number with at most %d decimals, such as "%s".`, c.Exponent(), money.New(1210, c).Format())
}
