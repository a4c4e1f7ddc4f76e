package task

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// errPanicked is a handler's panic as an error.
type errPanicked struct {
	value any
	stack []byte
}

func (p *errPanicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// guard turns a panic of a handler into an error.
func guard(handler func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &errPanicked{value: v, stack: debug.Stack()}
		}
	}()
	return handler()
}

// logPanic logs where a handler panicked; with what is kept with the task alone,
// since it may quote a payload.
func (e *Engine) logPanic(c claim, err error) {
	var p *errPanicked
	if errors.As(err, &p) {
		e.log.Error("task handler panicked", "task", c.row.ID, "kind", c.row.Kind, "stack", string(p.stack))
	}
}
