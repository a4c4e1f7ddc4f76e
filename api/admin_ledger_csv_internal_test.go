package api

import "testing"

func TestNoTextOfAFileIsAFormula(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "inv_1": "inv_1", "": ""} {
		if got := unformulated(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
