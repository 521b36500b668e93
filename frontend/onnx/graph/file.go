package graph

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/internal/filekind"
)

// file is a file that stays open while values are read from it.
type file struct {
	io.ReaderAt
	path  string
	size  int64
	close func() error
}

// read fills into from the place.
func (f *file) read(into []byte, at int64) error {
	if at < 0 || at > f.size-int64(len(into)) {
		return errBeyond
	}
	_, err := f.ReadAt(into, at)
	return err
}

func openFile(path, want string) (*file, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, filekind.Explain(path, want, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, filekind.Explain(path, want, err)
	}
	return &file{ReaderAt: f, path: path, size: info.Size(), close: f.Close}, nil
}

// outside finds the values of a tensor in another file, which lies beside the model or below it.
func (l *loader) outside(t *Tensor, where map[string]string) error {
	location := where["location"]
	f, err := l.beside(location)
	if err != nil {
		return err
	}
	offset, err := number(where, "offset", 0)
	if err != nil {
		return err
	}
	want := (int64(t.Size())*int64(t.Type.Bits()) + 7) / 8
	size, err := number(where, "length", want)
	if err != nil {
		return err
	}
	if offset > f.size || size > f.size-offset {
		return fmt.Errorf("external data: got bytes %d to %d of %s, want a place within its %d bytes",
			offset, offset+size, location, f.size)
	}
	if size != want {
		return fmt.Errorf("external data: length: got %d, want the %d bytes of shape %v in %s",
			size, want, t.Dims, t.Type)
	}
	t.from, t.parts, t.form = f, []span{{offset, size}}, rawForm
	return nil
}

func number(where map[string]string, key string, def int64) (int64, error) {
	text, ok := where[key]
	if !ok {
		return def, nil
	}
	v, err := strconv.ParseInt(text, 10, 62)
	if err != nil || v < 0 {
		return 0, fmt.Errorf("external data: %s: got %q, want a number of bytes", key, text)
	}
	return v, nil
}

// beside opens a file of values once. A model may come from anywhere: what it names must lie in its own
// folder, links of the file system followed.
func (l *loader) beside(location string) (*file, error) {
	if f, ok := l.files[location]; ok {
		return f, nil
	}
	const want = "a file of weights in the folder of the model"
	name := filepath.FromSlash(location)
	if location == "" || !filepath.IsLocal(name) {
		return nil, fmt.Errorf("external data: location: got %q, want %s", location, want)
	}
	folder := filepath.Dir(l.main.path)
	path := filepath.Join(folder, name)
	if err := within(folder, path); err != nil {
		return nil, fmt.Errorf("external data: location: got %q: %w, want %s", location, err, want)
	}
	if len(l.files) >= maxFiles {
		return nil, fmt.Errorf("external data: got more than %d files, want fewer", maxFiles)
	}
	f, err := openFile(path, "a file of weights")
	if err != nil {
		return nil, err
	}
	l.files[location] = f
	return f, nil
}

const maxFiles = 100

// within refuses paths that lead out of the folder over links.
func within(folder, path string) error {
	root, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return err
	}
	end, err := filepath.EvalSymlinks(path)
	if os.IsNotExist(err) {
		return fmt.Errorf("there is no such file")
	}
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(root, end)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return fmt.Errorf("it leads out of the folder")
	}
	return nil
}
