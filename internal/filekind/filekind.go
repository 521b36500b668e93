// Package filekind says what a file is when it is not what its reader wants, and why one cannot be opened, in
// words that help people: the operating system names its calls, and to a reader every foreign file is damage.
package filekind

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// pointer begins the small files that Git puts in the place of large ones.
const pointer = "version https://git-lfs.github.com/spec/"

// kinds are files that people give in the place of others, by their first bytes in lower case.
var kinds = []struct{ start, what string }{
	{pointer, "a pointer of Git LFS, want the file that it stands for: 'git lfs pull' fetches it"},
	{"<!doctype", webPage}, {"<html", webPage},
	{"\x89hdf\r\n\x1a\n", "an HDF5 file"},
	{"\x93numpy", "a .npy file"},
	{"pk\x03\x04", "a zip archive"},
	{"\x1f\x8b", "a file packed with gzip, want it unpacked"},
	{"bzh", "a file packed with bzip2, want it unpacked"},
	{"\xfd7zxz\x00", "a file packed with xz, want it unpacked"},
	{"\x80\x02", pickle}, {"\x80\x03", pickle}, {"\x80\x04", pickle}, {"\x80\x05", pickle},
}

const (
	webPage = "a web page, want the file itself: the page was saved in its place"
	pickle  = "a pickle of Python"
)

// headLength is how many bytes tell the kind of a file.
const headLength = 64

// Is reports whether a file is regular and begins with the bytes.
func Is(path, start string) bool {
	text, err := head(path, int64(len(start)))
	return err == nil && string(text) == start
}

// Of says what a file or folder is, "" where it is none of the kinds known here.
func Of(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if _, err := os.Stat(filepath.Join(path, "saved_model.pb")); err == nil {
			return "a SavedModel of TensorFlow, which is a folder"
		}
		return "a folder"
	}
	text, err := head(path, headLength)
	if err != nil {
		return ""
	}
	return OfText(text)
}

// OfText is Of for the first bytes of a file, or all of them.
func OfText(text []byte) string {
	if len(text) == 0 {
		return "an empty file"
	}
	lower := lowerASCII(text[:min(len(text), headLength)])
	for _, k := range kinds {
		if bytes.HasPrefix(lower, []byte(k.start)) {
			return k.what
		}
	}
	return ""
}

// lowerASCII leaves bytes that are no letters of ASCII as they are, those that are no UTF-8 included.
func lowerASCII(text []byte) []byte {
	out := bytes.Clone(text)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

// Explain puts into words why a file could not be opened or read by a reader that wants own, such as "an
// HDF5 file". A failed call of the operating system loses the call's name, and a file that is known to be of
// another kind is called by its kind, since err can only say that something is wrong with it. Other errors
// stay as they are. errors.Is finds what err is. A nil err stands for a kind that the caller has found
// itself.
func Explain(path, own string, err error) error {
	if what := Of(path); what != "" && what != own {
		if own != "" && !strings.Contains(what, ", want ") {
			what += ", want " + own
		}
		return &foreign{path + ": got " + what, err}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return &foreign{path + ": " + p.Err.Error(), err}
	}
	if err == nil { // it has changed since the caller looked
		return fmt.Errorf("%s: got another file, want %s", path, own)
	}
	return err
}

// foreign is an error in other words.
type foreign struct {
	text  string
	cause error
}

func (e *foreign) Error() string { return e.text }
func (e *foreign) Unwrap() error { return e.cause }

// head reads the first bytes of a regular file, at most n.
func head(path string, n int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // to open a pipe waits, and to read from it takes
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, n))
}
