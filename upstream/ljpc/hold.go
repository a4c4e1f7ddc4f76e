package ljpc

import (
	"strings"

	"hostfront/upstream"
)

var plain = strings.NewReplacer(" ", "", "-", "", "_", "")

// holdIn finds the hold that a status tells of, if any.
func holdIn(status string) upstream.Hold {
	text := plain.Replace(strings.ToLower(status))
	for _, w := range holdWords {
		if strings.Contains(text, w.word) {
			return w.hold
		}
	}
	return ""
}
