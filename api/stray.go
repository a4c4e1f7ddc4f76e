package api

import (
	"context"
	"slices"
	"strings"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
)

// lookForStray is the middleware that notes the query parameters which an operation
// does not take. The request is refused for them together with all else that is wrong
// with it: huma by itself would tell of them alone.
func lookForStray(ctx huma.Context, next func(huma.Context)) {
	address := ctx.URL()
	if address.RawQuery == "" {
		next(ctx)
		return
	}
	var stray []fault.Field
	for name := range address.Query() {
		if !slices.ContainsFunc(ctx.Operation().Parameters, func(p *huma.Param) bool { return p.In == "query" && p.Name == name }) {
			stray = append(stray, unknownField(name))
		}
	}
	slices.SortFunc(stray, func(a, b fault.Field) int { return strings.Compare(a.Name, b.Name) })
	next(huma.WithValue(ctx, keyStray, stray))
}

// strayParameters are what lookForStray noted.
func strayParameters(ctx context.Context) []fault.Field {
	stray, _ := ctx.Value(keyStray).([]fault.Field)
	return stray
}

func unknownField(name string) fault.Field {
	return fault.Field{Name: name, Code: "unknown", Message: "This is not known here."}
}
