package stripe

import "strings"

// object is JSON to be.
type object = map[string]any

// expansion is what a call wants to see whole: a tree of field names.
type expansion map[string]expansion

// expandable are the fields that may be expanded.
var expandable = map[string]bool{
	"data": true, "latest_charge": true, "balance_transaction": true, "payment_method": true,
	"customer": true, "payment_intent": true, "charge": true, "latest_attempt": true,
	"source": true,
}

// expansionOf reads expand[]: "latest_charge.balance_transaction".
func expansionOf(f form) (expansion, *apiError) {
	root := expansion{}
	for _, path := range f.list("expand") {
		at := root
		parts := strings.Split(path, ".")
		if len(parts) > 4 {
			return nil, invalid("expand", "", "You cannot expand more than 4 levels of a property.")
		}
		for _, part := range parts {
			if !expandable[part] {
				return nil, invalid("expand", "", "This property cannot be expanded (%s).", path)
			}
			if at[part] == nil {
				at[part] = expansion{}
			}
			at = at[part]
		}
	}
	return root, nil
}

// link shows a thing by id, or whole where that was asked for.
func link(id string, wanted expansion, name string, whole func(sub expansion) (object, bool)) any {
	if id == "" {
		return nil
	}
	if sub, ok := wanted[name]; ok {
		if o, found := whole(sub); found {
			return o
		}
	}
	return id
}
