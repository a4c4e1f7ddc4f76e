package ljpc

import (
	"errors"
	"fmt"
)

// envelope is what almost every answer is wrapped in.
type envelope struct {
	success bool
	jti     string
	data    any
	message string
}

// readEnvelope takes an answer apart. Only a JSON object with a success that is
// true or false is one; a web page or half an object is an error.
func readEnvelope(body []byte) (envelope, error) {
	value, err := decode(body)
	if err != nil {
		return envelope{}, err
	}
	raw, ok := value.(map[string]any)
	if !ok {
		return envelope{}, errors.New("the answer is not an object")
	}
	o := object(raw)
	success, ok := raw["success"].(bool)
	if !ok {
		return envelope{}, fmt.Errorf("the answer has no success of true or false, only %v", o.keys())
	}
	return envelope{success: success, jti: o.text(fieldJTI), data: raw["data"], message: o.text(fieldMessage)}, nil
}
