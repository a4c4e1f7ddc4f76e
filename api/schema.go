package api

import (
	"reflect"

	"hostfront/catalog"
	"hostfront/money"

	"github.com/danielgtaylor/huma/v2"
	"github.com/shopspring/decimal"
)

// Money is how an amount looks in the document; money.Amount writes it.
type Money struct {
	Amount   string `json:"amount" pattern:"^-?[0-9]+(\\.[0-9]+)?$" doc:"A decimal with the currency's decimals" example:"12.10"`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217" example:"EUR"`
}

// moneyRef is where the document has it.
const moneyRef = "#/components/schemas/Money"

// Decimal is how a plain decimal number looks in the document; decimal.Decimal writes it.
type Decimal string

// Schema is a text: a JSON number may have been a float on its way here.
func (Decimal) Schema(huma.Registry) *huma.Schema {
	longest := 30
	return &huma.Schema{Type: huma.TypeString, Pattern: decimalPattern, MaxLength: &longest}
}

// decimalPattern has no exponent: "1e999999999" is a gigabyte of digits.
const decimalPattern = `^-?[0-9]+(\.[0-9]+)?$`

// aliases tell huma how types look that marshal themselves.
func aliases(registry huma.Registry) {
	registry.RegisterTypeAlias(reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[Decimal]())
	registry.RegisterTypeAlias(reflect.TypeFor[money.Amount](), reflect.TypeFor[Money]())
	registry.RegisterTypeAlias(reflect.TypeFor[catalog.Money](), reflect.TypeFor[Money]())
}

// problemSchema is a problem, which may have members of its code alone (RFC 9457,
// section 3.2), such as the quote that is offered with price_changed.
func problemSchema(registry huma.Registry) *huma.Schema {
	schema := registry.Schema(reflect.TypeFor[Problem](), true, "Problem")
	registry.Map()["Problem"].AdditionalProperties = true
	return schema
}

// nullPrices lets the prices of a TLD be null: not for sale.
func nullPrices(tld *huma.Schema) {
	for _, name := range []string{"register", "renew", "transfer", "restore"} {
		tld.Properties[name] = orNull(tld.Properties[name])
	}
}

// pageSchema is a page of items that are served from prebuilt bytes.
func (s *Server) pageSchema(item reflect.Type, name string) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject, Required: []string{"items", "next_cursor"}, AdditionalProperties: false,
		Properties: map[string]*huma.Schema{
			"items":       {Type: huma.TypeArray, Items: s.huma.OpenAPI().Components.Schemas.Schema(item, true, name)},
			"next_cursor": {Type: huma.TypeString, Nullable: true},
		},
	}
}

// listsAreLists takes null from every list of the document, which huma lets be null: in a
// request it would be read as an empty one, and wipe what is there.
func listsAreLists(registry huma.Registry) {
	for _, schema := range registry.Map() {
		listsIn(schema)
	}
}

func listsIn(schema *huma.Schema) {
	if schema == nil {
		return
	}
	if schema.Type == huma.TypeArray {
		schema.Nullable = false
		listsIn(schema.Items)
	}
	for _, property := range schema.Properties {
		listsIn(property)
	}
	for _, one := range schema.OneOf {
		listsIn(one)
	}
}
