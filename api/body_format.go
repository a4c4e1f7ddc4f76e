package api

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/danielgtaylor/huma/v2"
)

// errUnread is what is said of a body whose values do not fit their fields; what look has
// noted says which.
var errUnread = errors.New("this cannot be read")

// bodyFormat reads bodies as encoding/json does, and says what is wrong in the words of
// somebody who sends JSON rather than of somebody who reads it in Go.
func bodyFormat() map[string]huma.Format {
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshalBody}
	return map[string]huma.Format{"application/json": format, "json": format}
}

func unmarshalBody(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return err
	}
	loose, ok := v.(*any)
	if !ok {
		return errUnread
	}
	// A number that no float can hold: keep its digits, which the schema then refuses by
	// the field's name.
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	return in.Decode(loose)
}
