package npy

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/internal/openfile"
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
	file, info, err := openfile.Regular(path)
	if err != nil {
		return nil, err
	}
	a, err := NewArchive(file, info.Size())
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
// temporary file beside the archive until Finish joins them. The archive appears when Close succeeds.
// A zip member has to be written in one go, but a trace fills all of its arrays at the same time, block after
// block; to keep them in memory would make it grow with the number of samples.
type ArchiveWriter struct {
	path    string
	dir     string // holds the temporary files
	remove  func() // takes dir away
	entries []*entry
	file    *atomicfile.File // the archive, once finished
}

// An entry is one array on its way into an archive.
type entry struct {
	name   string
	file   *os.File
	finish func() error
}

// An ArrayWriter appends rows to one array of an ArchiveWriter.
type ArrayWriter[T Float] struct{ *rowWriter[T] }

// CreateArchive starts a .npz file. End it with Close, or Finish and a Commit of File, or Abort.
func CreateArchive(path string) (*ArchiveWriter, error) {
	dir, remove, err := atomicfile.TempDir(path)
	if err != nil {
		return nil, err
	}
	return &ArchiveWriter{path: path, dir: dir, remove: remove}, nil
}

// AddArray starts an array of rows of the given shape; the number of rows is counted. Arrays stand in the
// archive in the order of these calls, each under its MemberName.
func AddArray[T Float](a *ArchiveWriter, name string, rowShape ...int) (*ArrayWriter[T], error) {
	name = MemberName(name)
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

// longestMember bounds the bytes of a member's name; a zip archive cannot hold more than 65,535.
const longestMember = 1024

// MemberName is the name under which an array stands in an archive: its own, unless unpacking such a name
// would write outside the folder or a terminal would obey it. Then each byte that is no letter, digit, "_",
// "-" or "." is written as %XX, and so is a "." at the start; a name that is too long is cut and ends in a
// hash of the whole.
func MemberName(name string) string {
	safe := name
	if !plainMember(name) {
		var b strings.Builder
		for i := range min(len(name), longestMember) { // longer names are cut below
			if c := name[i]; harmless(c) && (c != '.' || i > 0) {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		safe = b.String()
	}
	if len(safe) > longestMember || len(name) > longestMember {
		sum := sha256.Sum256([]byte(name))
		safe = strings.ToValidUTF8(safe[:min(len(safe), longestMember-17)], "") + fmt.Sprintf("-%x", sum[:8])
	}
	return safe
}

// plainMember reports whether a name can be used as it is.
func plainMember(name string) bool {
	bad := func(r rune) bool { return r == '\\' || r == ':' || !unicode.IsPrint(r) }
	return fs.ValidPath(name) && name != "." && utf8.ValidString(name) && !strings.ContainsFunc(name, bad)
}

func harmless(c byte) bool {
	letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	return letter || c >= '0' && c <= '9' || strings.IndexByte("_-.", c) >= 0
}

// Finish completes all arrays and writes the archive, which has not got its name yet.
func (a *ArchiveWriter) Finish() error {
	var err error
	a.file, err = atomicfile.Prepare(a.path, func(w io.Writer) error {
		z := zip.NewWriter(w)
		for _, e := range a.entries {
			if err := e.copyTo(z); err != nil {
				return err
			}
		}
		return z.Close()
	})
	return err
}

// File is the archive on its way, for atomicfile.CommitAll after Finish.
func (a *ArchiveWriter) File() *atomicfile.File { return a.file }

// Close completes all arrays, writes the archive and gives it its name.
func (a *ArchiveWriter) Close() error {
	defer a.Abort()
	if err := a.Finish(); err != nil {
		return err
	}
	return a.file.Commit()
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
	if a.file != nil {
		a.file.Abort()
	}
	a.remove()
}
