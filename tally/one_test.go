package tally_test

import (
	"errors"
	"strings"
	"testing"

	"hostfront/tally"
)

func TestWhatPanicsIsAnErrorOfTheThingAndSaysWhere(t *testing.T) {
	t.Parallel()
	var none map[string]*int
	for what, deal := range map[string]func() error{
		"nothing":     func() error { return nil },
		"a word":      func() error { panic("a word") },
		"nil pointer": func() error { _ = *none["x"]; return nil },
		"an error":    func() error { return errors.New("an error") },
	} {
		err := tally.One(deal)
		switch what {
		case "nothing":
			if err != nil {
				t.Errorf("nothing is wrong: %v", err)
			}
		case "an error":
			if err == nil || err.Error() != what {
				t.Errorf("%s: %v", what, err)
			}
		default:
			if err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "tally_test.Test") {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
}
