//go:build !linux

package main

import "time"

var start = time.Now()

// processorTime is the time since the start, in seconds.
func processorTime() float64 { return time.Since(start).Seconds() }
