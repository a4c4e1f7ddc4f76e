package upstreamtest

import (
	"fmt"
	"strings"
)

// contains looks for a secret in every way that an error is usually printed.
func contains(err error, secret string) bool {
	return strings.Contains(fmt.Sprintf("%v %+v %#v %q", err, err, err, err), secret)
}
