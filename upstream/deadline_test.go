package upstream_test

import (
	"testing"
	"time"

	"hostfront/upstream"
)

func TestTheLongestTLDThatANameEndsWithSaysItsDeadline(t *testing.T) {
	t.Parallel()
	said := upstream.Deadlines{"": 10, "uk": 20, "co.uk": 30}
	for name, days := range map[string]int{"shop.nl": 10, "shop.uk": 20, "shop.co.uk": 30, "www.shop.co.uk": 30, "uk": 10, "shop.org.uk": 20} {
		if got := said.Of(name); got != time.Duration(days)*24*time.Hour {
			t.Errorf("%s: %s before its expiry, not %d days", name, got, days)
		}
	}
	if !said.ByTLD() || !(upstream.Deadlines{"uk": 1}).ByTLD() || (upstream.Deadlines{"": 10}).ByTLD() || upstream.Deadlines(nil).ByTLD() {
		t.Error("it is not told whether a TLD has one of its own")
	}
	if got := upstream.Deadlines(nil).Of("shop.nl"); got != 14*24*time.Hour {
		t.Errorf("without a word it is %s", got)
	}
}
