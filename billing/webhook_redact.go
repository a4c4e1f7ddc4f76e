package billing

import (
	"encoding/json"
	"strings"
)

// payloadKept bounds what is kept of an event, in bytes.
const payloadKept = 16 << 10

// removed are parts of names of JSON members whose values are not kept: secrets, and what
// the shop need not know of a person.
var removed = []string{
	"secret", "token", "password", "signature", "cvc", "fingerprint", "number", "iban", "email", "phone", "address", "name",
	"billing_details", "shipping", "customer_details", "receipt_url", "ip",
}

// redacted is an event as it may be kept and shown to staff. What is not JSON is not kept.
func redacted(body []byte) string {
	var whole any
	if json.Unmarshal(body, &whole) != nil {
		return ""
	}
	text, err := json.Marshal(clean(whole))
	if err != nil || len(text) > payloadKept {
		return `"too long to be kept"`
	}
	return string(text)
}

func clean(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if inner != nil && isRemoved(name) {
				v[name] = "[removed]"
				continue
			}
			v[name] = clean(inner)
		}
	case []any:
		for i := range v {
			v[i] = clean(v[i])
		}
	}
	return v
}

func isRemoved(name string) bool {
	name = strings.ToLower(name)
	for _, part := range removed {
		if part == "ip" && name != "ip" && !strings.HasPrefix(name, "ip_") {
			continue
		}
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
