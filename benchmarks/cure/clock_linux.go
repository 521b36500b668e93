package main

import "golang.org/x/sys/unix"

// processorTime is what the process has used of all cores, in seconds: other work on the machine changes it
// little.
func processorTime() float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return float64(t.Nano()) / 1e9
}
