// Package hdf5 reads the part of the HDF5 file format that trained networks are stored in.
//
// It is read-only and pure Go. It knows superblock versions 0 to 3 (with a user block), object headers of
// both versions, symbol-table groups and new-style groups (compact and dense), attributes (compact and
// dense), hard and soft links, integers, floats of 16, 32 and 64 bits, enumerations and booleans, fixed and
// variable-length strings, compact, contiguous and chunked storage with every chunk index, and the filters
// deflate, shuffle, fletcher32 and lzf. Everything else (compound, opaque, array and reference types,
// committed datatypes, external links, virtual datasets, szip, n-bit, scale-offset) is an error that names
// the thing.
//
// A file is taken as hostile. Every length is compared with the file's size before memory is asked for,
// checksums are verified where the format has them, an address met twice in one structure is an error,
// nesting is bounded, and so is the number of bytes that one operation, and one File in its life, may read.
//
// The layout of the structures follows the "HDF5 File Format Specification Version 4.0".
package hdf5

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/hlsgo/hlsgo/internal/openfile"
)

const (
	undefined = ^uint64(0) // the address of something that was never stored
	// The format limits none of these; the library stops at 32 dimensions and 16 soft links. The others are
	// far beyond what people's files have, and far below what a stack takes.
	maxDepth     = 64   // levels of a B-tree, of a fractal heap
	maxNesting   = 1000 // groups inside groups
	maxSoftLinks = 16   // soft links followed while one path is resolved
	maxRank      = 32   // dimensions of a dataspace
	// A group of fewer links is read as quickly as found.
	rememberFrom = 16 // links from which on a group is not read again
)

// A File is an open HDF5 file. Its methods, and those of the objects reached from it, may be called by
// several goroutines at once.
type File struct {
	r          io.ReaderAt
	size       int64  // bytes that r holds
	name       string // for messages; empty when opened from an io.ReaderAt
	closer     io.Closer
	base       uint64 // offset of the superblock: the length of the user block
	offsetSize int    // bytes of a stored address
	lengthSize int    // bytes of a stored length
	work       atomic.Int64
	root       *Group
	groups     sync.Map // *Group by the address of its header: see remember
}

// Open reads the superblock and the root group of the HDF5 file that is the size bytes of r.
// The reader must stay usable as long as the File is.
func Open(r io.ReaderAt, size int64) (*File, error) { return OpenNamed("", r, size) }

// OpenNamed is Open for a part of another file, such as a member of an archive: messages of the File start
// with the name.
func OpenNamed(name string, r io.ReaderAt, size int64) (*File, error) {
	return open(&File{r: r, size: size, name: name})
}

// OpenFile opens the named HDF5 file. Messages of the File start with this name. Close it after use.
func OpenFile(path string) (*File, error) {
	// A pipe or a device has no size to compare lengths with.
	file, info, err := openfile.Regular(path)
	if err != nil {
		return nil, err
	}
	f, err := open(&File{r: file, size: info.Size(), name: path, closer: file})
	if err != nil {
		file.Close()
	}
	return f, err
}

// Close closes the file that OpenFile opened. For a File made by Open it does nothing.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Root returns the root group, "/".
func (f *File) Root() *Group { return f.root }

func open(f *File) (*File, error) {
	f.work.Store(lifetimeWork + lifetimeFactor*f.size)
	s := f.scan("/")
	rootAddr, err := s.superblock()
	if err != nil {
		return nil, s.wrap(err)
	}
	obj, err := f.object(rootAddr, "/")
	if err != nil {
		return nil, err
	}
	root, ok := obj.(*Group)
	if !ok {
		return nil, s.wrap(fmt.Errorf("got a dataset, want a group"))
	}
	f.root = root
	return f, nil
}

// An Object is a *Group or a *Dataset.
type Object interface {
	// Path returns the slash-separated path by which the object was opened, starting with "/".
	Path() string
	// Attrs returns the object's attributes in order of their names.
	Attrs() ([]*Attr, error)
	// Attr returns the named attribute; errors.Is(err, fs.ErrNotExist) when there is none.
	Attr(name string) (*Attr, error)
}

// Walk calls visit for the root group and every object reached from it by hard links, each object once, a
// group before its members, members in the order of Names. It stops at the first error. Soft and external
// links are not followed.
func (f *File) Walk(visit func(Object) error) error {
	w := walker{f: f, visit: visit, seen: map[uint64]bool{}}
	return w.group(f.root, 0)
}

type walker struct {
	f     *File
	visit func(Object) error
	seen  map[uint64]bool
}

func (w *walker) group(g *Group, depth int) error {
	if depth > maxNesting {
		return g.errorf("groups are nested too deeply: got more than %d levels", maxNesting)
	}
	// Hard links can make circles: a group may be its own member. Seen before it is visited, so that a member
	// that is the group itself is passed over.
	w.seen[g.addr] = true
	if err := w.visit(g); err != nil {
		return err
	}
	for i := range g.links {
		l := &g.links[i]
		if l.kind != hardLink || w.seen[l.addr] {
			continue
		}
		if err := w.object(join(g.path, l.name), l.addr, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) object(path string, addr uint64, depth int) error {
	obj, err := w.f.object(addr, path)
	if err != nil {
		return err
	}
	if g, ok := obj.(*Group); ok {
		return w.group(g, depth+1)
	}
	w.seen[addr] = true
	return w.visit(obj)
}
