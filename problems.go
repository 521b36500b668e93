package hlsgo

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// Code says what sort of thing went wrong, in words that stay: programs decide by it, texts are for people.
type Code string

// The codes of errors. Those of the command line alone are in package cmd.
const (
	CodeConfig      Code = "config"      // a setting of a configuration, or one in its place
	CodeModel       Code = "model"       // the file of a network cannot be read as one
	CodeUnsupported Code = "unsupported" // a layer of a network that is not supported
	CodeNetwork     Code = "network"     // a network that with its settings makes no firmware
	CodeData        Code = "data"        // samples or labels: their format, shape, number or values
	CodeFile        Code = "file"        // a file or folder: missing, forbidden, there already, a full disk
	CodeMemory      Code = "memory"      // more memory is wanted than there is to have
	CodeCompiler    Code = "compiler"    // there is no C++ compiler
	CodeInterrupted Code = "interrupted" // a context was canceled
	CodeFailed      Code = "failed"      // anything else
)

// coded is an error of a stage of the work.
type coded struct {
	code Code
	error
}

func (e *coded) Unwrap() error { return e.error }

// during gives an error the code of the stage in which it came up.
func during(code Code, err error) error {
	if err == nil {
		return nil
	}
	return &coded{code, err}
}

// CodeOf is the code of an error. Where several fit, that of the cause goes before that of the stage of the
// work in which it came up.
func CodeOf(err error) Code {
	var (
		missing     *MissingCompilerError
		settings    *config.Error
		unsupported *build.UnsupportedError
		stage       *coded
	)
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.Canceled):
		return CodeInterrupted
	case errors.As(err, &missing):
		return CodeCompiler
	case errors.As(err, &settings):
		return CodeConfig
	case errors.As(err, &unsupported):
		return CodeUnsupported
	case strings.Contains(err.Error(), "memory: got "): // the one text of all refusals
		return CodeMemory
	case ofSystem(err):
		return CodeFile
	case errors.As(err, &stage):
		return stage.code
	}
	return CodeFailed
}

// ofSystem reports whether the operating system refused a file.
func ofSystem(err error) bool {
	var path *fs.PathError
	var link *os.LinkError
	var number syscall.Errno
	return errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &number) ||
		errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrPermission)
}

// Problem is one thing that is wrong, in parts as far as they are known. Got and Want are the message's own
// words.
type Problem struct {
	Code    Code   `json:"code"`
	Message string `json:"message"` // all of it, for people
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"` // of the file, from 1
	Flag    string `json:"flag,omitempty"` // of the command line, or what would be one
	Layer   string `json:"layer,omitempty"`
	Got     string `json:"got,omitempty"`
	Want    string `json:"want,omitempty"`
}

// Problems splits an error into all that it says is wrong, in its order: configurations and networks are
// checked as a whole.
func Problems(err error) []Problem {
	if err == nil {
		return nil
	}
	whole := CodeOf(err)
	var out []Problem
	for _, l := range linesOf(err) {
		p := ProblemOf(CodeOf(l.err), l.text)
		if p.Code == CodeFailed {
			p.Code = whole
		}
		p.of(l)
		out = append(out, p)
	}
	return out
}

// of fills in what types say better than texts.
func (p *Problem) of(l errorLine) {
	var node *ir.NodeError
	if errors.As(l.err, &node) {
		p.Layer = node.Name
	}
	if l.layer != "" {
		p.Layer = l.layer
	}
	var path *fs.PathError
	if p.File == "" && errors.As(l.err, &path) {
		p.File = path.Path
	}
}

var (
	placeFlag = regexp.MustCompile(`^(--?[a-z][a-z0-9-]*)(?: [^:]*)?: `)
	placeLine = regexp.MustCompile(`^([^"]+?)(?::|: line )(\d+): `)
	placeVerb = regexp.MustCompile(`^(?:create|folder|data) "([^"]+)": `)
	placeFile = regexp.MustCompile(`^((?:[A-Za-z]:)?[^:"]+): `)
	ofLayer   = regexp.MustCompile(`\blayer "([^"]+)"|\bLayerName\.([^.: ]+)`)
	gotWant   = regexp.MustCompile(`(?s)(?:^|[: ])got (.+?), want (.+)$`)
	gotOnly   = regexp.MustCompile(`(?s)(?:^|[: ])got (.+)$`)
)

// knownFiles are the endings of names that stand at the start of messages.
var knownFiles = []string{
	".yml", ".yaml", ".h5", ".hdf5", ".keras", ".json", ".npy", ".npz", ".dat", ".txt", ".csv", ".html", ".htm",
	".svg", ".png", ".pdf", ".dot",
}

// ProblemOf takes a message apart. All messages of hlsgo have one form, place: what: got this, want that; one
// that does not has the message alone.
func ProblemOf(code Code, message string) Problem {
	p := Problem{Code: code, Message: message}
	if m := placeFlag.FindStringSubmatch(message); m != nil {
		p.Flag = m[1]
	} else if m := placeLine.FindStringSubmatch(message); m != nil {
		p.File = m[1]
		p.Line, _ = strconv.Atoi(m[2])
	} else if m := placeVerb.FindStringSubmatch(message); m != nil {
		p.File = m[1]
	} else if m := placeFile.FindStringSubmatch(message); m != nil {
		if slices.Contains(knownFiles, strings.ToLower(filepath.Ext(m[1]))) {
			p.File = m[1]
		}
	}
	if m := ofLayer.FindStringSubmatch(message); m != nil {
		p.Layer = m[1] + m[2]
	}
	if m := gotWant.FindStringSubmatch(message); m != nil {
		p.Got, p.Want = unquoted(m[1]), m[2]
	} else if m := gotOnly.FindStringSubmatch(message); m != nil {
		p.Got = unquoted(m[1])
	}
	return p
}

// unquoted is a text without quotes round all of it.
func unquoted(s string) string {
	if u, err := strconv.Unquote(s); err == nil && s[0] == '"' {
		return u
	}
	return s
}

// errorLine is one line of an error, and the part of the error that says it.
type errorLine struct {
	text, layer string
	err         error
}

// linesOf splits an error into those that it is made of. A line end inside one of them came from a file, and
// begins no new line.
func linesOf(err error) []errorLine {
	var out []errorLine
	switch e := err.(type) {
	case *config.Error:
		for _, p := range e.Problems {
			out = append(out, errorLine{text: p.Place + ": " + p.Text, err: err})
		}
		return out
	case *build.UnsupportedError:
		for i, text := range e.Lines() {
			l := errorLine{text: text, err: err}
			if i > 0 {
				l.layer = e.Layers[i-1].Name
			}
			out = append(out, l)
		}
		return out
	case interface{ Lines() []string }:
		for _, text := range e.Lines() {
			out = append(out, errorLine{text: text, err: err})
		}
		return out
	case interface{ Unwrap() []error }:
		return joinedLines(err, e.Unwrap())
	}
	return wrappedLines(err, errors.Unwrap(err))
}

// joinedLines is linesOf for errors.Join, and for texts that quote several errors in one line.
func joinedLines(err error, inner []error) []errorLine {
	var out []errorLine
	var texts []string
	for _, e := range inner {
		out, texts = append(out, linesOf(e)...), append(texts, e.Error())
	}
	if strings.Join(texts, "\n") != err.Error() {
		return []errorLine{{text: err.Error(), err: err}}
	}
	return out
}

// wrappedLines puts what err says before its cause before the first of the cause's lines.
func wrappedLines(err, cause error) []errorLine {
	alone := []errorLine{{text: err.Error(), err: err}}
	if cause == nil {
		return alone
	}
	before, ok := strings.CutSuffix(err.Error(), cause.Error())
	if !ok {
		return alone
	}
	out := linesOf(cause)
	out[0].text = before + out[0].text
	if len(out) == 1 {
		out[0].err = err // which knows the stage, and the layer
	}
	return out
}
