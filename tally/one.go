package tally

import (
	"fmt"
	"runtime"
	"strings"
)

// One deals with one thing of a run. What panics, in the shop or in a plugin that it asked, is an
// error of that thing, with where it was, and keeps nothing behind it waiting.
func One(deal func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v, at %s", v, panickedAt())
		}
	}()
	return deal()
}

// panickedAt is the line that panicked: the first behind the runtime's own.
func panickedAt() string {
	var stack [32]uintptr
	frames := runtime.CallersFrames(stack[:runtime.Callers(1, stack[:])])
	for panicking := false; ; {
		f, more := frames.Next()
		inside := strings.HasPrefix(f.Function, "runtime.")
		if panicking && !inside {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		panicking = panicking || inside
		if !more {
			return "an unknown place"
		}
	}
}
