package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/hlsgo/hlsgo"
)

// recordsFlag asks for records on standard error in place of lines for people.
const recordsFlag = "json-errors"

// The levels of records.
const (
	levelError   = "error"
	levelWarning = "warning" // the work goes on
	levelNote    = "note"    // what else is said
)

// The codes of the command line, beside those of package hlsgo.
const (
	codeUsage    hlsgo.Code = "usage"    // wrong flags or arguments
	codeOverflow hlsgo.Code = "overflow" // --strict found one
	codeDiffers  hlsgo.Code = "differs"  // verify found a bit that differs
	codeInternal hlsgo.Code = "internal" // a defect of hlsgo
	codeWarning  hlsgo.Code = "warning"
	codeNote     hlsgo.Code = "note"
)

var interrupted = hlsgo.Problem{Code: hlsgo.CodeInterrupted, Message: "interrupted"}

// ownCode is the code of an error that the command line has made; "": it has not.
func ownCode(err error) hlsgo.Code {
	var wrong *usageError
	var strict *strictError
	switch {
	case errors.As(err, &strict):
		return codeOverflow
	case errors.As(err, &wrong):
		return codeUsage
	}
	return ""
}

// differs says to programs what the table of verify has told people.
func (s Streams) differs() {
	if _, ok := s.Err.(*records); ok {
		s.tell(levelError, hlsgo.Problem{Code: codeDiffers, Message: "firmware and prediction differ"})
	}
}

// wantsRecords looks for the flag among arguments that nobody has parsed yet: what is wrong with flags is
// told in the same form.
func wantsRecords(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.Contains(args, "--"+recordsFlag)
}

// A record is a line of JSON.
type record struct {
	Level string `json:"level"`
	hlsgo.Problem
}

// records write one JSON object per line. What is written to them as text, line by line, becomes notes.
type records struct {
	mu     sync.Mutex
	w      io.Writer
	rest   []byte // the start of a line
	closed bool
}

// Write implements io.Writer.
func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rest = append(r.rest, p...)
	for {
		end := bytes.IndexByte(r.rest, '\n')
		if end < 0 {
			return len(p), nil
		}
		if err := r.note(r.rest[:end]); err != nil {
			return 0, err
		}
		r.rest = r.rest[end+1:]
	}
}

func (r *records) note(line []byte) error {
	text := strings.TrimSpace(string(line))
	if text == "" {
		return nil
	}
	return r.encode(levelNote, hlsgo.Problem{Code: codeNote, Message: oneLine(text, longestLine)})
}

// write adds a record.
func (r *records) write(level string, p hlsgo.Problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.encode(level, p) // standard error is where its own failure would be told
}

func (r *records) encode(level string, p hlsgo.Problem) error {
	if r.closed {
		return nil
	}
	p.Message = strings.TrimSpace(p.Message)
	for _, text := range []*string{&p.File, &p.Layer, &p.Got, &p.Want} {
		*text = oneLine(*text, longestLine)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(record{level, p}); err != nil {
		return err
	}
	_, err := r.w.Write(b.Bytes())
	return err
}

// close writes what is left; what comes later goes nowhere.
func (r *records) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		_ = r.note(r.rest)
	}
	r.closed = true
}
