package order

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"hostfront/fault"
)

// priceLines prices every line, the names at the same time, and reports what cannot
// be sold for all lines at once.
func (o *Orders) priceLines(ctx context.Context, asked []LineParams) ([]QuoteLine, error) {
	if len(asked) == 0 || len(asked) > maxLines {
		return nil, fault.InvalidField("lines", "count", "A cart has 1 to %d lines.", maxLines)
	}
	lines := make([]QuoteLine, len(asked))
	failures := make([]error, len(asked))
	group := errgroup.Group{}
	group.SetLimit(o.AtOnce)
	for i, p := range asked {
		group.Go(func() error {
			lines[i], failures[i] = o.priceLine(ctx, p)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := gather(failures); err != nil {
		return nil, err
	}
	if err := oneOfEachName(lines); err != nil {
		return nil, err
	}
	for i := range lines {
		lines[i].ID = o.Store.NewID("qln")
	}
	return lines, nil
}

// gather makes one error of the lines' errors: the fields of those that are not
// acceptable, or the first one of another kind.
func gather(failures []error) error {
	var fields []fault.Field
	for i, err := range failures {
		if err == nil {
			continue
		}
		e, ok := fault.As(err)
		if !ok || e.Kind != fault.Invalid {
			return err
		}
		prefix := fmt.Sprintf("lines[%d]", i)
		if len(e.Fields) == 0 {
			fields = append(fields, fault.Field{Name: prefix + ".domain", Code: e.Code, Message: e.Message})
		}
		for _, f := range e.Fields {
			fields = append(fields, fault.Field{Name: prefix + "." + f.Name, Code: f.Code, Message: f.Message})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return fault.InvalidFields(fields...)
}

// oneOfEachName: a name is bought or moved once, and hosted once, in one order.
func oneOfEachName(lines []QuoteLine) error {
	seen := map[string]bool{}
	for i, l := range lines {
		key := l.Domain
		if l.hosting() {
			key = "hosting " + key
		}
		if seen[key] {
			return fault.InvalidField(fmt.Sprintf("lines[%d].domain", i), "duplicate", "This name is in the cart already.")
		}
		seen[key] = true
	}
	return nil
}
