// Package frontend is the door through which networks enter: one Reader per form of files, each in its own
// folder, each reading the framework's own files without the framework. What readers share is in package
// build.
package frontend

import (
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// Source is a network to be read, and what reading it must know of the configuration.
type Source struct {
	// Files holds the paths of the network's files by the configuration's own keys: "KerasH5", "KerasJson",
	// "OnnxModel". They are those to open: relative paths of a configuration are joined with its folder.
	Files map[string]string
	// Stream says that tensors will travel as streams, for layers that have another shape then.
	Stream bool
}

// Reader reads the networks of one form of files.
type Reader interface {
	// Name tells readers apart, such as "keras2".
	Name() string
	// Keys lists the configuration keys that name its files, the main one first. Readers may share keys.
	Keys() []string
	// Extensions lists the ends of the names of the files that Read takes alone, such as ".h5", each with the
	// key under which such a file stands. Readers may share them too.
	Extensions() map[string]string
	// Accepts is asked where several readers have a key of src: nil, it reads such files; otherwise what it
	// got and wanted. It looks at what tells forms apart, such as the first bytes or a version, and no further:
	// a damaged file of its own form is for Read to report.
	Accepts(src Source) error
	// Read reads the network. Attributes are made by the kinds of schema. What the framework's files hold and
	// hlsgo cannot convert is reported all at once.
	Read(src Source, schema ir.Schema) (*ir.Parsed, error)
}

// Pair describes networks in two files: one of the architecture, by whose name people call them, and one of
// the weights, which lies beside it.
type Pair struct {
	Extension string   // of the architecture's name, such as ".json"
	Key       string   // of the architecture, such as "KerasJson"
	Weights   string   // key of the weights, such as "KerasH5"
	Ends      []string // of names of files of weights, such as ".h5"
}

// Paired is a Reader of such networks too.
type Paired interface {
	Reader
	Pairs() []Pair
}

// Extensible is a Reader that is made of handlers and takes more of them.
type Extensible interface {
	Reader
	// Framework says whose classes the handlers are for: "keras". Readers of several forms of a framework's
	// files have it in common, and get the same handlers.
	Framework() string
	// Classes lists the classes that it reads, sorted.
	Classes() []string
	// With returns a reader that has the handlers besides its own. It leaves the one it is asked of as it is,
	// so that toolkits may share a reader and no plugin of the one is seen in the other.
	With(handlers ...build.Handler) (Extensible, error)
}

// Stage is a step by which a reader changes a network before it makes layers of it.
type Stage struct {
	Name string // such as "cleanup:fold_constants"
	Why  string // the reason, in one line
}

// Staged is a Reader that shows its steps.
type Staged interface {
	Reader
	// Stages lists the steps in order; the last stands for all of them.
	Stages() []Stage
	// After is the network as it is behind a step, as text.
	After(src Source, stage string) (string, error)
}
