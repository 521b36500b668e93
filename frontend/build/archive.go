package build

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"

	"github.com/hlsgo/hlsgo/internal/filekind"
)

// Bounds of archives. Those of real models have a handful of members, which are stored and not compressed:
// what is beyond these is an attack, or no model.
const (
	maxMembers  = 10_000
	maxUnpacked = 512 << 20 // bytes that compressed members may take in memory
	// The most that deflate can make of a byte: the longest match, of 258 bytes, takes two bits at least.
	maxExpansion = 1032
)

const zipFile = "a zip archive"

// Archive is an open zip archive that holds a network, such as a .keras file. Nothing of it is unpacked to
// disk, and no name in it becomes a path.
type Archive struct {
	path  string
	bytes io.ReaderAt
	size  int64
	zip   *zip.Reader
	close func() error
}

// IsArchive reports whether a file begins as a zip archive does. What cannot be read does not.
func IsArchive(path string) bool { return filekind.Is(path, "PK\x03\x04") }

// OpenArchive opens the zip archive of that name. Close it after use.
func OpenArchive(path string) (*Archive, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, FileError(path, zipFile, err)
	}
	a, err := archiveIn(path, file)
	if err != nil {
		file.Close()
		return nil, err
	}
	a.close = file.Close
	return a, nil
}

func archiveIn(path string, file *os.File) (*Archive, error) {
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, FileError(path, zipFile, err)
	case !info.Mode().IsRegular():
		return nil, (&Archive{path: path}).Errorf("not a regular file")
	}
	return NewArchive(path, file, info.Size())
}

// NewArchive reads the zip archive that is the size bytes of r; path stands for it in messages.
func NewArchive(path string, r io.ReaderAt, size int64) (*Archive, error) {
	a := &Archive{path: path, bytes: r, size: size, close: func() error { return nil }}
	var err error
	if a.zip, err = zip.NewReader(r, size); err != nil {
		return nil, a.Errorf("got a damaged zip archive: %s", strings.TrimPrefix(err.Error(), "zip: "))
	}
	if n := len(a.zip.File); n > maxMembers {
		return nil, a.Errorf("members: got %d, want at most %d", n, maxMembers)
	}
	return a, nil
}

// Close closes the file that OpenArchive opened.
func (a *Archive) Close() error { return a.close() }

// Names lists the members in the order in which they stand.
func (a *Archive) Names() []string {
	names := make([]string, len(a.zip.File))
	for i, f := range a.zip.File {
		names[i] = f.Name
	}
	return names
}

// Has reports whether there is a member of the name.
func (a *Archive) Has(name string) bool {
	f, err := a.member(name)
	return f != nil || err != nil
}

// Text returns the whole of a member that describes the network, of MaxText bytes at most.
func (a *Archive) Text(name string) ([]byte, error) {
	f, err := a.wanted(name)
	if err != nil {
		return nil, err
	}
	return a.unpack(f, MaxText)
}

// Member opens a member for reading anywhere in it, and returns its size in bytes. It stays in the file when
// it is stored there as it is; one that is compressed is unpacked in memory, up to a bound. Its checksum is
// verified.
func (a *Archive) Member(name string) (io.ReaderAt, int64, error) {
	f, err := a.wanted(name)
	if err != nil {
		return nil, 0, err
	}
	if f.Method != zip.Store {
		data, err := a.unpack(f, maxUnpacked)
		return bytes.NewReader(data), int64(len(data)), err
	}
	start, err := f.DataOffset()
	size := int64(f.UncompressedSize64)
	if err != nil || f.CompressedSize64 != f.UncompressedSize64 || size < 0 || size > a.size-start {
		return nil, 0, a.memberErrorf(name, "got %d bytes stored as %d, want as many, within the %d of the file",
			f.UncompressedSize64, f.CompressedSize64, a.size)
	}
	section, sum := io.NewSectionReader(a.bytes, start, size), crc32.NewIEEE()
	if _, err := io.Copy(sum, io.NewSectionReader(a.bytes, start, size)); err != nil {
		return nil, 0, FileError(a.path, zipFile, err)
	}
	if sum.Sum32() != f.CRC32 {
		return nil, 0, a.memberErrorf(name, "checksum: got %08x, want %08x: the file is damaged",
			sum.Sum32(), f.CRC32)
	}
	return section, size, nil
}

// unpack reads a member of no more than limit bytes. What the directory says of sizes is compared with what
// there is, and memory grows with what comes out.
func (a *Archive) unpack(f *zip.File, limit int64) ([]byte, error) {
	size, stored := f.UncompressedSize64, min(f.CompressedSize64, uint64(a.size))
	switch {
	case size > uint64(limit):
		return nil, a.memberErrorf(f.Name, "got %d bytes, want at most %d", size, limit)
	case size/maxExpansion > stored:
		return nil, a.memberErrorf(f.Name, "got %d bytes stored as %d, want at most %d times as many", size, stored,
			maxExpansion)
	}
	r, err := f.Open()
	if err != nil {
		return nil, a.unpackError(f, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, int64(size)+1))
	if err != nil {
		return nil, a.unpackError(f, err)
	}
	return data, nil
}

func (a *Archive) unpackError(f *zip.File, err error) error {
	if errors.Is(err, zip.ErrAlgorithm) {
		return a.memberErrorf(f.Name, "compression: got method %d, want none or deflate", f.Method)
	}
	return a.memberErrorf(f.Name, "it is damaged: %s", strings.TrimPrefix(err.Error(), "zip: "))
}

// wanted is member for one that must be there.
func (a *Archive) wanted(name string) (*zip.File, error) {
	f, err := a.member(name)
	switch {
	case err != nil:
		return nil, err
	case f == nil:
		return nil, a.Errorf("got a zip archive without %s, want the file that the framework wrote", name)
	case f.Flags&1 != 0:
		return nil, a.memberErrorf(name, "it is encrypted, want a file without a password")
	}
	return f, nil
}

// member finds a member by its whole name; nil when there is none. Of two, readers of zip archives disagree
// which one counts.
func (a *Archive) member(name string) (*zip.File, error) {
	var found *zip.File
	for _, f := range a.zip.File {
		if f.Name != name {
			continue
		}
		if found != nil {
			return nil, a.memberErrorf(name, "got two of that name, want one")
		}
		found = f
	}
	return found, nil
}

// Errorf is an error about the file, named first.
func (a *Archive) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %w", a.path, fmt.Errorf(format, args...))
}

func (a *Archive) memberErrorf(name, format string, args ...any) error {
	return a.Errorf("%s: %w", name, fmt.Errorf(format, args...))
}
