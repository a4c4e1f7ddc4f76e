package api

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Nullable is a member that is always there and may be null, which the document
// says of it: huma itself knows null only for scalars.
type Nullable[T any] struct {
	value *T
}

// nullable is v, or null.
func nullable[T any](v *T) Nullable[T] { return Nullable[T]{value: v} }

// MarshalJSON writes the value or null.
func (n Nullable[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.value) }

// Schema is the value's, or null.
func (n Nullable[T]) Schema(r huma.Registry) *huma.Schema {
	return orNull(r.Schema(reflect.TypeFor[T](), true, ""))
}

func orNull(schema *huma.Schema) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{schema, {Type: "null"}}}
}
