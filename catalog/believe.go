package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// errVanished is how an answer is refused that lacks too much of what is on sale.
type errVanished struct {
	what string
	// missing is all that the answer lacks: items, and costs of items.
	missing int64
}

// Error says what is missing, and how to take it as true.
func (e *errVanished) Error() string {
	return fmt.Sprintf("%s missing from the answer, which is taken for half a one; if it is true, accept that %d are missing (POST /v1/admin/catalog/accept-missing)", e.what, e.missing)
}

// believable refuses an answer that lacks too many of the items, or names them and
// lacks too many of their costs: to a customer both are gone. A class that was never on sale
// may be empty.
func (d *differ) believable() error {
	var missing int64
	var refused []string
	for _, part := range []struct {
		there, lacking map[string]int64
		says           string
	}{
		{d.onSale, d.gone, "%d of %d %ss are"},
		{d.offered, d.uncosted, "the costs of %d of %d prices of %ss are"},
	} {
		for _, class := range slices.Sorted(maps.Keys(part.there)) {
			n, of := part.lacking[class], part.there[class]
			missing += n
			if tooMany(n, of, d.vanish) {
				refused = append(refused, fmt.Sprintf(part.says, n, of, class))
			}
		}
	}
	if len(refused) == 0 || missing <= d.accepted {
		return nil
	}
	return &errVanished{what: strings.Join(refused, ", "), missing: missing}
}

// tooMany: so many percent of what was there, or more. One or two may be just as many: a shop
// with four products may lose two.
func tooMany(gone, of, percent int64) bool {
	const few = 2
	return gone*100 > of*percent || (gone > few && gone*100 == of*percent)
}
