package main

import (
	"fmt"
	"runtime"
	"syscall"
	"time"
)

// processorTime is what this process has used of it.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// worked says what each of so many things took of the processors, and how many a
// second that allows where nobody else uses them.
func worked(spent time.Duration, n int) string {
	each := spent / time.Duration(n)
	return fmt.Sprintf("processor time %.2f ms each: %.0f/s on %d idle processors",
		milliseconds(each), float64(runtime.NumCPU())/each.Seconds(), runtime.NumCPU())
}
