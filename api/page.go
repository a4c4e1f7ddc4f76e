package api

import (
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// PageInput is how a list is asked for.
type PageInput struct {
	Cursor string `query:"cursor" pattern:"^[a-z]+_[0-7][0-9A-HJKMNP-TV-Z]{25}$" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many items a page has at most"`
}

// cursorPrefix is where an operation keeps the prefix of the ids that its list is of; several have a
// comma between them.
const cursorPrefix = "cursor prefix"

// Resolve refuses the cursor of another list.
func (p *PageInput) Resolve(ctx huma.Context) []error {
	prefix, _ := ctx.Operation().Metadata[cursorPrefix].(string)
	of, _, _ := strings.Cut(p.Cursor, "_")
	if p.Cursor == "" || prefix == "" || slices.Contains(strings.Split(prefix, ","), of) {
		return nil
	}
	return []error{&huma.ErrorDetail{Location: "query.cursor", Message: toldCursor, Value: p.Cursor}}
}

// Page is one page of a list, oldest id first unless the operation says otherwise.
type Page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor" doc:"Ask for the next page with this; null on the last page"`
}

type pageOutput[T any] struct {
	Body Page[T]
}

// nextOf is the cursor after a page read newest first: the last id when the page
// is full. A full last page costs the client one empty page more.
func nextOf[R any](rows []R, limit int, id func(R) string) string {
	if len(rows) < limit || len(rows) == 0 {
		return ""
	}
	return id(rows[len(rows)-1])
}

// body is an answer that is only a body.
type body[T any] struct {
	Body T
}

// pageOf renders rows that were read with limit+1 in mind: next is the cursor the
// domain package gave.
func pageOf[R, T any](rows []R, next string, render func(R) T) *pageOutput[T] {
	out := &pageOutput[T]{Body: Page[T]{Items: make([]T, 0, len(rows))}}
	if next != "" {
		out.Body.NextCursor = &next
	}
	for _, row := range rows {
		out.Body.Items = append(out.Body.Items, render(row))
	}
	return out
}

// idInput is an operation on one thing.
type idInput struct {
	ID string `path:"id" maxLength:"64" doc:"Its id"`
}

// KeyInput carries the idempotency key of a POST that creates something.
type KeyInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" pattern:"^[ -~]*$" doc:"The same key with the same body gives the same answer, however often it is sent"`
}
