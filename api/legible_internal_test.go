package api

import (
	"encoding/json"
	"testing"

	"hostfront/task"
)

func TestATaskWhosePayloadIsBrokenKeepsNoOtherFromBeingListed(t *testing.T) {
	t.Parallel()
	var list []TaskAnswer
	for _, payload := range []string{"", "{", `{"order_id":"1"}`, "\xff"} {
		list = append(list, taskAnswer(task.Task{ID: "tsk_1", Payload: json.RawMessage(payload), Result: json.RawMessage(payload)}))
	}
	list[0].Payload = nil
	for _, a := range []task.Attempt{{Look: json.RawMessage("{")}, {Result: json.RawMessage("{")}} {
		if _, err := json.Marshal(attemptAnswer(a)); err != nil {
			t.Errorf("a try with a broken look or result: %v", err)
		}
	}
	answer, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	var read []TaskAnswer
	if err := json.Unmarshal(answer, &read); err != nil || string(read[1].Payload) != `"{"` || string(read[2].Payload) != `{"order_id":"1"}` {
		t.Errorf("it is %s, %v", answer, err)
	}
}
