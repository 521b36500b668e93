// Package frontend is the door through which networks enter: one Reader per framework, each in its own
// folder, each reading the framework's own files without the framework.
package frontend

import "github.com/hlsgo/hlsgo/ir"

// Source names the files of a network by the configuration's own keys: "KerasH5", "KerasJson", "OnnxModel".
// The paths are those to open: a configuration's relative paths are already joined with its folder. Under
// IOType it holds the configuration's io type, for layers that have another shape in one of them.
type Source map[string]string

// IOType is the key of a Source that names no file.
const IOType = "IOType"

// Stream reports whether tensors will travel as streams.
func (s Source) Stream() bool { return s[IOType] == "io_stream" }

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
