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
	"time"

	"github.com/hlsgo/hlsgo"
)

// Exit codes of every verb.
const (
	ExitDone        = 0   // the work is done
	ExitFailed      = 1   // the work failed: whatever is found in a file, and differences found by verify
	ExitUsage       = 2   // wrong flags or arguments
	ExitStrict      = 3   // predict --strict: overflow changed a value
	ExitInterrupted = 130 // interrupt or termination signal, as shells say it
)

// grace is how long interrupted work may take to notice. The longest steps (a graph of thousands of layers, a
// block of large pictures) take longer; they are left behind.
const grace = 100 * time.Millisecond

// Streams are what a command reads and writes: data goes to Out, words for people go to Err.
type Streams struct {
	Out, Err io.Writer
	In       io.Reader // a CONFIG.yml or MODEL called "-"; nil: os.Stdin
}

// standardInput is its name in messages.
const standardInput = "standard input"

// in is standard input.
func (s Streams) in() io.Reader {
	if s.In == nil {
		return os.Stdin
	}
	return s.In
}

// Run executes one command line (without the program's name) on the process's streams and returns the exit
// code. An interrupt or termination signal ends it within half a second; no half-written file stays behind.
// Work that does not notice goes on until the process ends, to no effect.
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
	out, words := newScreen(s.Out, false), newWords(s.Err, args)
	defer out.close()
	defer words.close()
	a := &app{Streams: Streams{Out: out, Err: words, In: s.In}, raw: s}
	done := make(chan int, 1)
	go func() { done <- a.run(ctx, args, plugins) }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	select {
	case code := <-done:
		return code
	case <-time.After(grace):
	}
	out.close()
	words.close()
	hlsgo.Abandon()
	Streams{Err: newWords(s.Err, args)}.tell(levelError, interrupted)
	return ExitInterrupted
}

// A messenger is where messages go until it is closed.
type messenger interface {
	io.Writer
	close()
}

// newWords stands before standard error, for people or, where the arguments ask for it, for programs.
func newWords(w io.Writer, args []string) messenger {
	if wantsRecords(args) {
		return &records{w: w}
	}
	return newScreen(w, true)
}

// run does the work of a command line. A broken invariant in it is a defect of hlsgo, and still no reason to
// fill a screen.
func (a *app) run(ctx context.Context, args []string, plugins []hlsgo.Plugin) (code int) {
	defer func() {
		if p := recover(); p != nil {
			code = a.reportPanic(p, debug.Stack())
		}
	}()
	var err error
	// Per run, so that plugins of one call are no business of another.
	if a.toolkit, err = hlsgo.New(plugins...); err != nil {
		return a.report(err)
	}
	root := newRoot(a)
	root.SetArgs(args)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	return a.report(root.ExecuteContext(ctx))
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
