// Package config reads, checks, generates, explains and writes the configurations of hls4ml: the project's
// keys, and the settings of the model, of kinds of layers and of layers under HLSConfig.
package config

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/hlsgo/hlsgo/internal/filekind"
	"github.com/hlsgo/hlsgo/ir"
)

// MaxBytes bounds the bytes of a configuration file.
const MaxBytes = 16 << 20

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

// ReadFile reads a configuration of hls4ml with overrides, and the warnings about it. The layers it
// names are checked by Check, once the network is known.
func ReadFile(path string, o Overrides, env Env) (*ir.Config, []string, error) {
	text, err := Text(path)
	if err != nil {
		return nil, nil, err
	}
	return Read(path, text, o, env)
}

// Text reads the file of a configuration, which must be regular and of a reasonable size.
func Text(path string) ([]byte, error) {
	const wanted = "a configuration"
	info, err := os.Stat(path)
	switch {
	case err != nil || info.IsDir():
		return nil, filekind.Explain(path, wanted, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > MaxBytes:
		return nil, fmt.Errorf("%s: got %d bytes, want at most %d", path, info.Size(), MaxBytes)
	}
	text, err := os.ReadFile(path)
	if err != nil || len(text) > 0 && filekind.OfText(text) != "" {
		return nil, filekind.Explain(path, wanted, err)
	}
	return text, nil
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
	r := newReader(name, env, o.StrictConfig)
	for _, n := range repeated {
		r.warn(n.line, "%s", n.text)
	}
	r.defaults(root)
	r.override(root, o)
	r.project(root)
	r.shadowed(o)
	r.rest()
	if err := r.err(); err != nil {
		return nil, r.warnings, err
	}
	r.cfg.Document = root.tree()
	return r.cfg, r.warnings, nil
}

// RelativeTo joins a path of a configuration with the configuration's folder, unless it is absolute or empty.
func RelativeTo(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
