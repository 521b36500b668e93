package build

import (
	"fmt"
	"os"

	"github.com/hlsgo/hlsgo/internal/filekind"
)

// MaxText bounds the bytes of a description, such as an architecture in JSON; the largest of real models have
// a few megabytes.
const MaxText = 256 << 20

const textFile = "a text"

// ReadText reads a file of a description whole. What it cannot read it says as FileError does.
func ReadText(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil || info.IsDir():
		return nil, FileError(path, textFile, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > MaxText:
		return nil, fmt.Errorf("%s: got %d bytes, want at most %d", path, info.Size(), MaxText)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, FileError(path, textFile, err)
	}
	if filekind.OfText(text) != "" {
		return nil, FileError(path, textFile, nil)
	}
	return text, nil
}

// FileError puts into words why a file could not be opened, or is not what its reader wants, such as "an
// HDF5 file", where err says less: a pointer of Git LFS or a web page in the file's place looks like damage
// to every reader, and the operating system names its calls. errors.Is finds what err is.
func FileError(path, want string, err error) error { return filekind.Explain(path, want, err) }
