package api

import "encoding/json"

// legible is JSON that was stored, as an answer carries it. What is none any more is shown as the
// text that it is: one broken row must not keep the list that it is in from being read.
func legible(stored json.RawMessage) json.RawMessage {
	if len(stored) == 0 || json.Valid(stored) {
		return stored
	}
	text, err := json.Marshal(string(stored))
	if err != nil {
		return json.RawMessage(`"unreadable"`)
	}
	return text
}
