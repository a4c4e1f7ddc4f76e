package ljpc

import (
	"errors"
	"fmt"
)

// listOf reads a list that may stand alone or under a name. Half a list is never
// taken for the whole: an answer that says it has more pages, or an entry that
// is not an object, is an error.
func listOf(v any, wrapper field) ([]object, error) {
	if m, ok := v.(map[string]any); ok {
		o := object(m)
		if pages := o.pages(); pages > 1 {
			return nil, fmt.Errorf("the list has %d pages and only one was given", pages)
		}
		inside, found := o.find(wrapper)
		if !found {
			return nil, fmt.Errorf("no list under any of %v, only %v", wrapper.names, o.keys())
		}
		v = inside
	}
	entries, ok := v.([]any)
	if !ok {
		return nil, errors.New("the list is not a list")
	}
	return objects(entries)
}

func objects(entries []any) ([]object, error) {
	list := make([]object, 0, len(entries))
	for i, entry := range entries {
		m, ok := entry.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("entry %d of the list is not an object", i)
		}
		list = append(list, m)
	}
	return list, nil
}

// pages is how many pages a list says it has, 0 when it does not say.
func (o object) pages() int64 {
	for _, from := range []object{o, o.inner(fieldMeta), o.inner(fieldPagination)} {
		if n := from.integer(fieldLastPage); n != nil {
			return *n
		}
	}
	return 0
}

// texts reads a list of strings, or of objects that hold one under a name.
func (o object) texts(f, inside field) []string {
	v, _ := o.find(f)
	entries, _ := v.([]any)
	var texts []string
	for _, entry := range entries {
		text := textOf(entry)
		if m, ok := entry.(map[string]any); ok {
			text = object(m).text(inside)
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}
