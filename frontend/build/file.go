package build

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// MaxText bounds the bytes of a description, such as an architecture in JSON; the largest of real models have
// a few megabytes.
const MaxText = 256 << 20

// ReadText reads a file of a description whole. What it cannot read it says as FileError does.
func ReadText(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, FileError(path, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > MaxText:
		return nil, fmt.Errorf("%s: got %d bytes, want at most %d", path, info.Size(), MaxText)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, FileError(path, err)
	}
	if bytes.HasPrefix(text, []byte(pointer)) {
		return nil, pointerError(path)
	}
	return text, nil
}

// pointer begins the small files that Git puts in the place of large ones.
const pointer = "version https://git-lfs.github.com/spec/"

func pointerError(path string) error {
	return fmt.Errorf("%s: got a pointer of Git LFS, want the file that it stands for: "+
		"'git lfs pull' fetches it", path)
}

// FileError puts into words why a file could not be opened, or is not of the form that its reader wants,
// where err says less: a pointer of Git LFS in the file's place looks like damage to every reader, and the
// operating system names its calls. errors.Is finds what err is.
func FileError(path string, err error) error {
	if isPointer(path) {
		return pointerError(path)
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

func isPointer(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return false
	}
	text := make([]byte, len(pointer))
	_, err = io.ReadFull(f, text)
	return err == nil && string(text) == pointer
}
