// Package frontend is the door through which networks enter: one Reader per framework, each in its own
// folder, each reading the framework's own files without the framework.
package frontend

import "github.com/hlsgo/hlsgo/ir"

// Source is a network to be read, and what reading it must know of the configuration.
type Source struct {
	// Files holds the paths of the network's files by the configuration's own keys: "KerasH5", "KerasJson",
	// "OnnxModel". They are those to open: relative paths of a configuration are joined with its folder.
	Files map[string]string
	// Stream says that tensors will travel as streams, for layers that have another shape then.
	Stream bool
}

// Reader reads the networks of one framework.
type Reader interface {
	// Keys lists the configuration keys that name this framework's files, the main one first.
	Keys() []string
	// Extensions lists the ends of the names of the files that Read takes alone, such as ".h5", each with the
	// key under which such a file stands.
	Extensions() map[string]string
	// Read reads the network. Attributes are made by the kinds of schema. What the framework's files hold and
	// hlsgo cannot convert is reported all at once.
	Read(src Source, schema ir.Schema) (*ir.Parsed, error)
}
