package ljpc

import (
	"fmt"
	"slices"
	"strings"
)

const assumedPrefix = "assumed: "

// shape is what an answer should hold: an object, or a list of them, with what is in these.
type shape struct {
	// into are the wrappers that may be around the object; beside one, fields may stand
	// next to the wrapper as well as in it.
	into   []field
	beside *field
	// list is the wrapper of a list; nil for a single object.
	list *field
	// keyed answers hold one object (or word) for each name asked.
	keyed  bool
	fields []field
	// inside are the objects in the object.
	inside []inside
	// word knows the words of a keyed answer, words those of fields.
	word  func(string) bool
	words []words
	// sample keeps the value of a field of the first entry, for the detail calls.
	sample   field
	sampleAs string
}

// inside is an object, or a list of them, in a field. Open: its fields may also stand in the
// outer object itself.
type inside struct {
	at         field
	list, open bool
	shape      shape
}

// words are those that a field may have.
type words struct {
	of    field
	known []string
}

// compare notes the fields that are missing and those that are not known.
func (s shape) compare(data any, check *Check, samples map[string]string) {
	entries, err := s.entries(data)
	if err != nil {
		check.Result, check.Note = "unreadable", err.Error()
		return
	}
	if s.word != nil {
		s.keyedWords(data, check)
		return
	}
	if len(entries) == 0 {
		check.Note = "The answer is empty: its fields could not be compared."
		return
	}
	if s.sampleAs != "" {
		samples[s.sampleAs] = entries[0].text(s.sample)
	}
	s.compareAll(entries, "", check)
}

// compareAll compares the entries, and what is inside them, which are found at a path.
func (s shape) compareAll(entries []object, path string, check *Check) {
	known := s.fields
	for _, in := range s.inside {
		if deeper := in.of(entries, check); len(deeper) > 0 {
			in.shape.compareAll(deeper, path+in.at.name()+".", check)
		} else if in.open {
			known = append(slices.Clone(known), in.shape.fields...)
		} else if slices.ContainsFunc(entries, func(o object) bool { return o.has(in.at) }) {
			check.remark("Nothing is in " + path + in.at.name() + ": its fields could not be compared.")
		}
	}
	for _, f := range known {
		if !slices.ContainsFunc(entries, func(o object) bool { return o.has(f) }) && !f.optional {
			check.Missing = append(check.Missing, f.label(path))
		}
	}
	for _, w := range s.words {
		for _, o := range entries {
			if said := o.text(w.of); said != "" && !slices.Contains(w.known, strings.ToLower(said)) {
				check.strange(fmt.Sprintf("%s%s %q", path, w.of.name(), said))
			}
		}
	}
	for _, name := range unknown(entries, known) {
		check.Unknown = append(check.Unknown, path+name)
	}
}

// of are the objects in a field of the entries.
func (in inside) of(entries []object, check *Check) (deeper []object) {
	for _, o := range entries {
		v, _ := o.find(in.at)
		if !in.list {
			if m := asObject(v); m != nil {
				deeper = append(deeper, m)
			}
			continue
		}
		found, err := listOf(v, in.at)
		if err != nil && v != nil {
			check.Result = "unreadable"
			check.remark(in.at.name() + ": " + err.Error() + ".")
		}
		deeper = append(deeper, found...)
	}
	return deeper
}

func (f field) label(path string) string {
	if f.documented {
		return path + f.name()
	}
	return assumedPrefix + path + f.name()
}

// keyedWords notes the words of a keyed answer that are not known.
func (s shape) keyedWords(data any, check *Check) {
	for _, answer := range asObject(data) {
		if said := textOf(answer); said == "" || !s.word(said) {
			check.strange(fmt.Sprintf("%q", said))
		}
	}
	slices.Sort(check.Words)
}

// remark adds a sentence.
func (c *Check) remark(sentence string) {
	c.Note = strings.TrimSpace(c.Note + " " + sentence)
}

func (c *Check) strange(word string) {
	if !slices.Contains(c.Words, word) {
		c.Words = append(c.Words, word)
	}
}

// entries are the objects to compare.
func (s shape) entries(data any) ([]object, error) {
	switch {
	case s.list != nil:
		return listOf(data, *s.list)
	case s.beside != nil:
		return []object{asObject(data).merged(*s.beside)}, nil
	case !s.keyed:
		return []object{within(data, s.into...)}, nil
	}
	var entries []object
	for _, answer := range asObject(data) {
		if m, ok := answer.(map[string]any); ok {
			entries = append(entries, m)
		}
	}
	return entries, nil
}

// merged is an object with what a wrapper in it holds.
func (o object) merged(wrapper field) object {
	all := object{}
	for key, v := range o {
		if !slices.Contains(wrapper.names, key) {
			all[key] = v
		}
	}
	for key, v := range o.inner(wrapper) {
		all[key] = v
	}
	return all
}

// unknown are the fields of the entries that none of the known reads.
func unknown(entries []object, known []field) []string {
	var names []string
	for _, o := range entries {
		for key := range o {
			read := slices.ContainsFunc(known, func(f field) bool { return slices.Contains(f.names, key) })
			if !read && !slices.Contains(names, key) {
				names = append(names, key)
			}
		}
	}
	slices.Sort(names)
	return names
}
