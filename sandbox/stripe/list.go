package stripe

import (
	"regexp"
	"strconv"
)

// createdHolds tells whether an instant is within the call's created[…].
func (f form) createdHolds(created int64) bool {
	holds := func(name string, ok func(bound int64) bool) bool {
		bound, err := strconv.ParseInt(f.text(name), 10, 64)
		return err != nil || ok(bound)
	}
	return holds("created", func(b int64) bool { return created == b }) &&
		holds("created[gte]", func(b int64) bool { return created >= b }) &&
		holds("created[gt]", func(b int64) bool { return created > b }) &&
		holds("created[lte]", func(b int64) bool { return created <= b }) &&
		holds("created[lt]", func(b int64) bool { return created < b })
}

// page shows a page of a list: limit (1 to 100, 10 by default) after starting_after.
func page[T any](c call, url string, all []*T, id func(*T) string, show func(*T) object) (object, *apiError) {
	limit, refused := c.form.number("limit", 10)
	if refused != nil {
		return nil, refused
	}
	if limit < 1 || limit > 100 {
		return nil, invalid("limit", "parameter_invalid_integer", "Invalid limit: it must be between 1 and 100.")
	}
	if after := c.form.text("starting_after"); after != "" {
		all = behind(all, after, id)
	}
	data := make([]object, 0, limit)
	for _, v := range all[:min(int(limit), len(all))] {
		data = append(data, show(v))
	}
	return object{"object": "list", "url": url, "has_more": len(all) > len(data), "data": data}, nil
}

func behind[T any](all []*T, after string, id func(*T) string) []*T {
	for i, v := range all {
		if id(v) == after {
			return all[i+1:]
		}
	}
	return nil
}

// byMetadata is the one query that the stand-in understands: metadata['k']:'v'.
var byMetadata = regexp.MustCompile(`^metadata\[(?:'([^']+)'|"([^"]+)")\]:(?:'([^']*)'|"([^"]*)")$`)

// searchIntents finds intents by metadata, those that the index has seen.
func (s *Server) searchIntents(c call) (object, *apiError) {
	if refused := c.form.needs("query"); refused != nil {
		return nil, refused
	}
	m := byMetadata.FindStringSubmatch(c.form.text("query"))
	if m == nil {
		return nil, invalid("query", "", "We were unable to parse your search query.")
	}
	key, value := m[1]+m[2], m[3]+m[4]
	indexed := s.options.Clock.Now().Add(-s.options.SearchDelay).Unix()
	data := []object{}
	for _, i := range s.intents.newest(func(i *intent) bool { return i.metadata[key] == value && i.created <= indexed }) {
		data = append(data, s.showIntent(i, c.expand["data"]))
	}
	return object{
		"object": "search_result", "url": "/v1/payment_intents/search", "has_more": false, "next_page": nil, "data": data,
	}, nil
}
