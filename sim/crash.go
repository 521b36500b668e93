package sim

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// A crash carries a broken invariant from a worker to the goroutine that called: there whoever guards the
// program can recover from it, which nobody can in a worker.
type crash struct {
	mu    sync.Mutex
	first *crashed
}

type crashed struct {
	reason any
	stack  []byte
}

// Error is the reason alone.
func (c *crashed) Error() string { return fmt.Sprint(c.reason) }

// Trace is the stack of the worker.
func (c *crashed) Trace() string { return string(c.stack) }

// guard runs a part of a worker's work and reports whether it came to its end.
func (c *crash) guard(work func()) (whole bool) {
	defer func() {
		if p := recover(); p != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.first == nil {
				c.first = &crashed{p, debug.Stack()}
			}
		}
	}()
	work()
	return true
}

// again panics in the caller when a worker did. It is called when all workers have ended.
func (c *crash) again() {
	if c.first != nil {
		panic(c.first)
	}
}
