// Package config reads, checks, generates, explains and writes the configurations of hls4ml: the project's
// keys, and the settings of the model, of kinds of layers and of layers under HLSConfig.
package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// maxConfig bounds the bytes of a configuration file.
const maxConfig = 16 << 20

// Env is what reading a configuration must know of the toolkit. Nothing about single tools, frameworks or
// kinds of layers stands in this package, so that those of plugins are known as the built-in ones are.
type Env struct {
	Schema   ir.Schema // its kinds say which keys a layer has
	Backends []Backend // those that a configuration may name
	Sources  []string  // keys that name model files
	// Keys are further keys of the outermost level, which are let pass: those of tools that are not among
	// Backends, since people take their configurations from tool to tool.
	Keys []string
	// Classes gives the kind of layer that a class of a framework becomes, where their names differ.
	Classes map[string]string
}

// Problem is one thing wrong in a configuration.
type Problem struct {
	Place string // "config.yml:12", or the flag it came from: "--set HLSConfig.Model.ReuseFactor"
	Text  string // "ReuseFactor: got 0, want 1 or more"
	line  int
}

// Error lists everything wrong in a configuration, in the order of the file, one line each.
type Error struct{ Problems []Problem }

// Error has one line per problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Place + ": " + p.Text
	}
	return strings.Join(lines, "\n")
}

// ReadFile reads a configuration of hls4ml with overrides, and the warnings about it. The layers it
// names are checked by Check, once the network is known.
func ReadFile(path string, o Overrides, env Env) (*ir.Config, []string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, err
	case !info.Mode().IsRegular():
		return nil, nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > maxConfig:
		return nil, nil, fmt.Errorf("%s: got %d bytes, want at most %d", path, info.Size(), maxConfig)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	return Read(path, text, o, env)
}

// Read is ReadFile for text that is there already; name stands for the file in messages.
func Read(name string, text []byte, o Overrides, env Env) (*ir.Config, []string, error) {
	root, repeated, err := parseYAML(name, text)
	if err != nil {
		return nil, nil, err
	}
	return interpret(name, root, repeated, o, env)
}

// FromTree is Read for a configuration that was never a file, such as a generated one.
func FromTree(t *ir.Tree, o Overrides, env Env) (*ir.Config, []string, error) {
	return interpret("configuration", valueOf(t), nil, o, env)
}

func interpret(
	name string, root *value, repeated []note, o Overrides, env Env,
) (*ir.Config, []string, error) {
	r := &configReader{file: name, env: env}
	for _, n := range repeated {
		r.warn(n.line, "%s", n.text)
	}
	r.override(root, o)
	cfg := r.config(root)
	r.shadowed(cfg, o)
	if err := r.err(); err != nil {
		return nil, r.warnings, err
	}
	cfg.Document = root.tree()
	return cfg, r.warnings, nil
}

// RelativeTo joins a path of a configuration with the configuration's folder, unless it is absolute or empty.
func RelativeTo(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// configReader collects the problems and warnings of one configuration.
type configReader struct {
	file     string
	env      Env
	problems []Problem
	warnings []string
}

func (r *configReader) place(line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", r.file, line)
	}
	return r.file
}

func (r *configReader) fail(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.place(line), fmt.Sprintf(format, args...), line})
}

// failAt is fail for a value, which may come from a flag.
func (r *configReader) failAt(v *value, format string, args ...any) {
	if v.flag == "" {
		r.fail(v.line, format, args...)
		return
	}
	r.problems = append(r.problems, Problem{v.flag, fmt.Sprintf(format, args...), 0})
}

func (r *configReader) warn(line int, format string, args ...any) {
	text := r.place(line) + ": " + fmt.Sprintf(format, args...)
	if !slices.Contains(r.warnings, text) {
		r.warnings = append(r.warnings, text)
	}
}

func (r *configReader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.line - b.line })
	return &Error{r.problems}
}
