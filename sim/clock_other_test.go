//go:build !linux

package sim_test

import "time"

// seconds is the time that f takes.
func seconds(f func()) float64 {
	begin := time.Now()
	f()
	return time.Since(begin).Seconds()
}
