package npy

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
)

// maxExpansion is the most that deflate can expand data.
// The longest match, 258 bytes, takes two bits at least.
const maxExpansion = 1032

// An Archive is an open .npz file: named arrays in a zip archive.
type Archive struct {
	zip    *zip.Reader
	size   int64 // of the archive
	name   string
	closer io.Closer
}

// OpenArchive opens the .npz file of that name.
func OpenArchive(path string) (*Archive, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	var a *Archive
	if err == nil {
		a, err = NewArchive(file, info.Size())
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	a.name, a.closer = path, file
	return a, nil
}

// NewArchive opens the .npz file that is the size bytes of r.
func NewArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("not a .npz file: %w", err)
	}
	return &Archive{zip: z, size: size, name: ".npz"}, nil
}

// Close closes the file that OpenArchive opened.
func (a *Archive) Close() error {
	if a.closer == nil {
		return nil
	}
	return a.closer.Close()
}

// Names returns the names of the arrays, without the ending .npy, in the order of the archive.
func (a *Archive) Names() []string {
	var names []string
	for _, f := range a.zip.File {
		names = append(names, strings.TrimSuffix(f.Name, ".npy"))
	}
	return names
}

// Open opens the named array; errors.Is(err, fs.ErrNotExist) when there is none. Close it after use. The
// checksum of the archive is verified when the last row is read.
func (a *Archive) Open(name string) (*Reader, error) {
	for _, f := range a.zip.File {
		if strings.TrimSuffix(f.Name, ".npy") == name {
			return a.member(f, fmt.Sprintf("%s: array %q", a.name, name))
		}
	}
	return nil, fmt.Errorf("%s: array %q: %w", a.name, name, fs.ErrNotExist)
}

// member opens an array in place, without unpacking the archive.
func (a *Archive) member(f *zip.File, name string) (*Reader, error) {
	size := f.UncompressedSize64
	// Both sizes come from the archive's directory. The compressed one is capped by the archive itself, or it
	// could be claimed as large as the other.
	if stored := min(f.CompressedSize64, uint64(a.size)); size/maxExpansion > stored {
		return nil, fmt.Errorf("%s: size: got %d bytes stored as %d, want at most %d times as many", name, size,
			stored, maxExpansion)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	out, err := open(r, int64(size), name, r, false)
	if err != nil {
		r.Close()
		return nil, err
	}
	return out, nil
}

// An ArchiveWriter writes a .npz file. Its arrays may grow at the same time, in any order: each is kept in a
// temporary file beside the archive until Close joins them. The archive appears when Close succeeds.
// A zip member has to be written in one go, but a trace fills all of its arrays at the same time, block after
// block; to keep them in memory would make it grow with the number of samples.
type ArchiveWriter struct {
	path    string
	dir     string // holds the temporary files
	entries []*entry
}

// An entry is one array on its way into an archive.
type entry struct {
	name   string
	file   *os.File
	finish func() error
}

// An ArrayWriter appends rows to one array of an ArchiveWriter.
type ArrayWriter[T Float] struct{ *rowWriter[T] }

// CreateArchive starts a .npz file. End it with Close or Abort.
func CreateArchive(path string) (*ArchiveWriter, error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".tmp-")
	if err != nil {
		return nil, err
	}
	return &ArchiveWriter{path: path, dir: dir}, nil
}

// AddArray starts an array of rows of the given shape; the number of rows is counted. Arrays stand in the
// archive in the order of these calls.
func AddArray[T Float](a *ArchiveWriter, name string, rowShape ...int) (*ArrayWriter[T], error) {
	for _, e := range a.entries {
		if e.name == name {
			return nil, fmt.Errorf("%s: array %q: is there twice", a.path, name)
		}
	}
	file, err := os.CreateTemp(a.dir, "array-")
	if err != nil {
		return nil, err
	}
	rows, err := newRowWriter[T](fmt.Sprintf("%s: array %q", a.path, name), file, rowShape)
	a.entries = append(a.entries, &entry{name, file, rows.finish})
	return &ArrayWriter[T]{rows}, err
}

// Close completes all arrays, writes the archive and gives it its name.
func (a *ArchiveWriter) Close() error {
	defer a.Abort()
	return atomicfile.Write(a.path, func(w io.Writer) error {
		z := zip.NewWriter(w)
		for _, e := range a.entries {
			if err := e.copyTo(z); err != nil {
				return err
			}
		}
		return z.Close()
	})
}

// copyTo moves an array into the archive, stored without compression as numpy.savez does.
func (e *entry) copyTo(z *zip.Writer) error {
	if err := e.finish(); err != nil {
		return err
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: e.name + ".npy", Method: zip.Store})
	if err != nil {
		return err
	}
	if _, err := e.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(w, e.file)
	return errors.Join(err, e.file.Close(), os.Remove(e.file.Name()))
}

// Abort gives up and removes the temporary files; after Close it does nothing, so that it may be deferred.
func (a *ArchiveWriter) Abort() {
	for _, e := range a.entries {
		e.file.Close() // it may be closed already
	}
	a.entries = nil
	os.RemoveAll(a.dir)
}
