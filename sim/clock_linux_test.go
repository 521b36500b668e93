package sim_test

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// seconds is the processor time that f takes in its own thread: other work on the machine changes it little.
func seconds(f func()) float64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begin := threadTime()
	f()
	return threadTime() - begin
}

func threadTime() float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return float64(t.Nano()) / 1e9
}
