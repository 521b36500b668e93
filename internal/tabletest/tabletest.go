// Package tabletest runs the rows of table tests and says one failure a few times instead of once per row: a
// change of one number that every project holds fails hundreds of rows with the same message, behind which
// the one row that fails otherwise would not be seen. It is for tests only.
package tabletest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	alike    = 5  // rows of equal failures that are printed
	distinct = 12 // kinds of failures that are printed
	named    = 8  // rows that are named of those that are not printed
	shortest = 4  // letters of a row's name that is looked for in messages
)

// Rows runs the rows of one table as subtests. Rows that fail like five others before them are skipped as
// far as the testing package is concerned, and counted: the table's test fails with their number and names.
type Rows struct {
	t     testing.TB
	mu    sync.Mutex
	kinds map[string]*kind
	order []*kind // in the order of their first rows
}

// kind is all rows whose failures read alike.
type kind struct {
	printed int
	quiet   []string // names of the rows that were not printed
}

// New makes the rows of the test t. What was left out is reported when all rows have ended, parallel ones
// too.
func New(t *testing.T) *Rows {
	t.Helper()
	r := &Rows{t: t, kinds: map[string]*kind{}}
	t.Cleanup(func() {
		for _, line := range r.summary() {
			t.Error(line)
		}
	})
	return r
}

// Run runs a row as a subtest of that name, and reports whether it passed.
func (r *Rows) Run(name string, f func(t *T)) bool {
	passed := true
	r.t.(*testing.T).Run(name, func(t *testing.T) {
		row := &T{T: t}
		// Deferred, since a row may end in the middle; a real FailNow or Skip comes through here too.
		defer func() { passed = !row.Failed(); r.judge(row) }()
		f(row)
		row.ended = true
	})
	return passed
}

// judge prints the failures of a row or, when enough like them were printed, counts it.
func (r *Rows) judge(row *T) {
	switch {
	case !row.failed:
	case !row.ended: // a panic on its way up, which the end of the goroutine would swallow
		row.print()
	case r.admit(row.Name(), strings.Join(row.messages, "\n")):
		row.print()
		row.T.FailNow() // the testing package wants to be told even when the goroutine ends already
	default:
		row.Skip("fails as other rows do, which are printed")
	}
}

// admit counts a failure and reports whether it is to be printed.
func (r *Rows) admit(name, message string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := shape(name, message)
	k := r.kinds[key]
	if k == nil {
		k = &kind{}
		r.kinds[key] = k
		r.order = append(r.order, k)
	}
	if at := slices.Index(r.order, k); k.printed < alike && at < distinct {
		k.printed++
		return true
	}
	k.quiet = append(k.quiet, name)
	return false
}

// summary is a line for each kind of failure that was not printed in full.
func (r *Rows) summary() (lines []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var others []string
	for i, k := range r.order {
		switch {
		case len(k.quiet) == 0:
		case i < distinct:
			lines = append(lines, fmt.Sprintf("failure %d: and %d more like it: %s", i+1, len(k.quiet), list(k.quiet)))
		default:
			others = append(others, k.quiet...)
		}
	}
	if len(others) > 0 {
		lines = append(lines, fmt.Sprintf("and %d more that fail otherwise: %s", len(others), list(others)))
	}
	return lines
}

// list names the first of the rows, without the name of the table's test.
func list(rows []string) string {
	var out []string
	for _, row := range rows[:min(len(rows), named)] {
		_, name, _ := strings.Cut(row, "/")
		out = append(out, name)
	}
	if len(rows) > named {
		out = append(out, "...")
	}
	return strings.Join(out, ", ")
}

var (
	testLine = regexp.MustCompile(`(?m)^\s*Test:\s.*$`)
	quoted   = regexp.MustCompile(`"[^"\n]*"`)
	numbers  = regexp.MustCompile(`0x[0-9a-f]+|[-+]?\d[\d.]*(e[-+]?\d+)?`)
)

// shape is what failures have in common that differ in row, names and numbers only.
func shape(row, message string) string {
	_, name, _ := strings.Cut(row, "/")
	message = testLine.ReplaceAllString(message, "")
	if len(name) >= shortest {
		message = strings.ReplaceAll(message, name, "ROW")
	}
	return numbers.ReplaceAllString(quoted.ReplaceAllString(message, "NAME"), "#")
}

// T is the testing.T of a row. It keeps failures until the row has ended.
type T struct {
	*testing.T
	mu       sync.Mutex
	messages []string
	failed   bool
	ended    bool // by its last statement or by FailNow
}

// note keeps a message with the place that called the method of T.
func (t *T) note(message string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !strings.HasPrefix(message, "\n\tError Trace:") { // of testify, which gives places of its own
		_, file, line, _ := runtime.Caller(2)
		message = fmt.Sprintf("%s:%d: %s", filepath.Base(file), line, message)
	}
	t.messages, t.failed = append(t.messages, strings.TrimSuffix(message, "\n")), true
}

func (t *T) print() {
	if len(t.messages) == 0 {
		t.T.Fail()
	}
	for _, m := range t.messages {
		t.T.Error(m)
	}
}

// Error is that of testing.T.
func (t *T) Error(args ...any) { t.note(fmt.Sprintln(args...)) }

// Errorf is that of testing.T.
func (t *T) Errorf(format string, args ...any) { t.note(fmt.Sprintf(format, args...)) }

// Fatal is that of testing.T.
func (t *T) Fatal(args ...any) { t.note(fmt.Sprintln(args...)); t.FailNow() }

// Fatalf is that of testing.T.
func (t *T) Fatalf(format string, args ...any) { t.note(fmt.Sprintf(format, args...)); t.FailNow() }

// Fail is that of testing.T.
func (t *T) Fail() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed = true
}

// FailNow is that of testing.T.
func (t *T) FailNow() { t.Fail(); t.ended = true; runtime.Goexit() }

// Failed is that of testing.T.
func (t *T) Failed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed || t.T.Failed()
}
