// Package cmd is the command line of hlsgo: flags, progress, printing and exit codes round the root package.
//
// A program with layers or backends of its own is five lines that pass its plugins to Run.
package cmd

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hlsgo/hlsgo"
)

// Exit codes of every verb.
const (
	ExitDone   = 0 // the work is done
	ExitFailed = 1 // the work failed: whatever is found in a file, and differences found by verify
	ExitUsage  = 2 // wrong flags or arguments
	ExitStrict = 3 // predict --strict: overflow changed a value
)

// Streams are what a command reads and writes: data goes to Out, words for people go to Err.
type Streams struct {
	Out, Err io.Writer
}

// Run executes one command line (without the program's name) on the process's streams and returns the exit
// code. An interrupt or termination signal ends the work; no half-written file stays behind.
func Run(ctx context.Context, args []string, plugins ...hlsgo.Plugin) int {
	return Streams{Out: os.Stdout, Err: os.Stderr}.Run(ctx, args, plugins...)
}

// Run is the function Run on other streams.
func (s Streams) Run(ctx context.Context, args []string, plugins ...hlsgo.Plugin) int {
	// The work is asked to end and cleans up its temporary files; being killed would leave them.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the process at once.
	context.AfterFunc(ctx, stop)
	// Per run, so that plugins of one call are no business of another.
	toolkit, err := hlsgo.New(plugins...)
	if err != nil {
		return s.report(err)
	}
	root := newRoot(&app{Streams: s, toolkit: toolkit})
	root.SetArgs(args)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	return s.report(root.ExecuteContext(ctx))
}

// lowerGC lets the heap grow by half before each collection, not to its double, until the function that it
// returns is called. It is for verbs that hold much for long: there peak memory decides whether a large data
// set runs at all, and collecting more often costs little beside the samples. Who sets GOGC decides.
func lowerGC() (restore func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(50)
	return func() { debug.SetGCPercent(before) }
}
