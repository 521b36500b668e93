package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

// errDiffers ends a command whose output has already said what is wrong.
var errDiffers = errors.New("differs")

// strictError is overflow found by --strict. The work itself is done.
type strictError struct{ text string }

func (e *strictError) Error() string { return e.text }

// usageError is a wrong flag or argument.
// It is told apart because of the exit code: scripts that build command lines want to know whose fault it
// was.
type usageError struct {
	err     error
	command string // "hlsgo predict"
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usage makes an error about the command line that was typed.
func usage(c *cobra.Command, format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...), command: c.CommandPath()}
}

// report prints what went wrong, one line per error, and returns the exit code.
// The order matters. A wrong flag inside an interrupted run is still an interruption, and what verify found
// to differ stands in its table already.
func (s Streams) report(err error) int {
	var wrong *usageError
	var strict *strictError
	switch {
	case err == nil:
		return ExitDone
	case errors.Is(err, errDiffers):
		s.differs()
		return ExitFailed
	case errors.As(err, &strict):
		s.complain(err)
		return ExitStrict
	case errors.Is(err, context.Canceled):
		s.tell(levelError, interrupted)
		return ExitInterrupted
	case errors.As(err, &wrong):
		s.complain(err)
		if _, ok := s.Err.(*records); !ok {
			fmt.Fprintf(s.Err, "See '%s --help'.\n", wrong.command)
		}
		return ExitUsage
	}
	s.complain(err)
	if onlyFlags(err) {
		return ExitUsage
	}
	return ExitFailed
}

// onlyFlags reports whether all that is wrong with a configuration came from flags.
// Overrides are merged into the configuration before it is checked, so a bad --reuse-factor comes back as a
// problem of the configuration, whose place is the flag.
func onlyFlags(err error) bool {
	var config *hlsgo.ConfigError
	return errors.As(err, &config) && !slices.ContainsFunc(config.Problems, func(p hlsgo.ConfigProblem) bool {
		return !strings.HasPrefix(p.Place, "--")
	})
}

// complain names the program in each line: errors of a configuration are many, and go to logs with others'.
func (s Streams) complain(err error) {
	for _, p := range problems(err) {
		s.tell(levelError, p)
	}
}

// problems are those of an error, with the codes of the command line.
func problems(err error) []hlsgo.Problem {
	list := hlsgo.Problems(err)
	for i := range list {
		if code := ownCode(err); code != "" {
			list[i].Code = code
		}
	}
	return list
}

// tell prints one thing that people or, as a record, programs should know.
func (s Streams) tell(level string, p hlsgo.Problem) {
	p.Message = oneLine(p.Message, longestLine)
	if r, ok := s.Err.(*records); ok {
		r.write(level, p)
		return
	}
	head := "hlsgo: "
	if level == levelWarning {
		head += "warning: "
	}
	fmt.Fprintln(s.Err, head+p.Message)
}

// reportPanic says that hlsgo has a defect. Who looks for it sets HLSGO_TRACE and gets the stack.
func (s Streams) reportPanic(reason any, stack []byte) int {
	text := fmt.Sprintf("internal error, please report it: %v", reason)
	s.tell(levelError, hlsgo.Problem{Code: codeInternal, Message: text})
	if os.Getenv("HLSGO_TRACE") != "" {
		if t, ok := reason.(interface{ Trace() string }); ok { // of another goroutine
			fmt.Fprintln(s.Err, t.Trace())
		}
		_, _ = s.Err.Write(stack)
	}
	return ExitFailed
}

// warn prints what the user should know although the work goes on.
func (s Streams) warn(warnings []string) {
	for _, w := range warnings {
		s.tell(levelWarning, hlsgo.ProblemOf(codeWarning, w))
	}
}
