package hlsgo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/internal/npy"
)

// exampleFiles holds the folders of the examples. Each has a configuration NAME.yml, the network it names,
// and held-out samples NAME_X.npy with their classes NAME_labels.npy.
//
// Embedded, so that the program shows something on a machine without a network or any file of its own.
//
//go:embed examples/digits/*.yml examples/digits/*.h5 examples/digits/*.npy examples/digits/train.py
var exampleFiles embed.FS

// ExampleRow is one example of `hlsgo example`.
type ExampleRow struct {
	Name string `json:"name"`
	Doc  string `json:"doc"`
}

// ExampleData is what an example is tried on.
type ExampleData struct {
	ExampleRow
	X      *Array // held-out samples
	Labels []int  // their classes
}

// Examples lists the built-in examples.
func (t *Toolkit) Examples() []ExampleRow {
	return []ExampleRow{
		{"digits", "handwritten digits of 8x8 pixels: 64-32-32-10, trained in Keras, BatchNormalization, softmax"},
	}
}

// ExampleFiles returns the files of an example by their names.
func (t *Toolkit) ExampleFiles(name string) (map[string][]byte, error) {
	dir := path.Join("examples", name)
	entries, err := exampleFiles.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("example %q: got no such example, want one of those that Examples lists", name)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = exampleFiles.ReadFile(path.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// UnpackExample writes the files of an example into a folder, all of them or, when it fails or ctx is
// canceled, none, and returns their paths. It replaces nothing, since a user may have changed an example to
// learn from it: a file that is there already is an error that is fs.ErrExist.
func (t *Toolkit) UnpackExample(ctx context.Context, name, dir string) ([]string, error) {
	files, err := t.ExampleFiles(name)
	if err != nil {
		return nil, err
	}
	tree := atomicfile.Tree{New: true}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		tree.Members = append(tree.Members, atomicfile.Member{Path: file, Data: files[file]})
	}
	paths, err := writeTree(ctx, tree, dir)
	if err != nil {
		return nil, fmt.Errorf("example %q: %w", name, err)
	}
	return paths, nil
}

// LoadExample reads an example as Load reads a configuration, and its data. Nothing stays on disk.
func (t *Toolkit) LoadExample(name string, o Overrides) (*Model, *ExampleData, error) {
	files, err := t.ExampleFiles(name)
	if err != nil {
		return nil, nil, err
	}
	data, err := exampleData(t, name, files)
	if err != nil {
		return nil, nil, err
	}
	// The model has read all it needs when the folder goes.
	config, remove, err := t.TemporaryExample(name)
	if err != nil {
		return nil, nil, err
	}
	defer remove()
	m, err := t.Load(config, o)
	return m, data, err
}

// TemporaryExample writes the files of an example into a temporary folder, until remove is called, and
// returns the path of its configuration. The example goes the way of a user's model, from files on a disk:
// what it shows is then what users get.
func (t *Toolkit) TemporaryExample(name string) (config string, remove func(), err error) {
	files, err := t.ExampleFiles(name)
	if err != nil {
		return "", nil, err
	}
	dir, remove, err := atomicfile.TempDir(filepath.Join(os.TempDir(), "hlsgo-example"))
	if err != nil {
		return "", nil, err
	}
	// Whole paths, or files of the same names in the working folder would be found as well, and told of.
	for file := range files {
		line := []byte(": " + file + "\n")
		whole := []byte(": " + strconv.Quote(filepath.Join(dir, file)) + "\n")
		files[name+".yml"] = bytes.ReplaceAll(files[name+".yml"], line, whole)
	}
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
			remove()
			return "", nil, err
		}
	}
	return filepath.Join(dir, name+".yml"), remove, nil
}

func exampleData(t *Toolkit, name string, files map[string][]byte) (*ExampleData, error) {
	d := &ExampleData{}
	for _, row := range t.Examples() {
		if row.Name == name {
			d.ExampleRow = row
		}
	}
	x, shape, err := decodeNPY(files[name+"_X.npy"])
	if err != nil {
		return nil, err
	}
	labels, _, err := decodeNPY(files[name+"_labels.npy"])
	if err != nil {
		return nil, err
	}
	d.X = &Array{Shape: shape, F32: x}
	for _, l := range labels {
		d.Labels = append(d.Labels, int(l))
	}
	return d, nil
}

func decodeNPY(file []byte) ([]float32, []int, error) {
	r, err := npy.OpenSized(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, nil, err
	}
	values, err := npy.ReadAll[float32](r)
	return values, r.Shape(), err
}

// CanWrite tells, before long work, what would keep WriteFile from writing a file after it.
func CanWrite(name string) error {
	// By trying, and not by looking at permissions: read-only disks, quotas and missing folders show in no
	// mode bits.
	f, err := atomicfile.Create(name)
	if err != nil {
		return err
	}
	f.Abort()
	return nil
}

// Abandon removes what is being written and has not got its name yet. It is for a process that ends before
// the work in it has noticed that it should.
func Abandon() { atomicfile.Abandon() }

// WriteFile writes a file as a whole: an interrupted run leaves the old file, or none, behind.
func WriteFile(name string, content []byte) error {
	return atomicfile.Write(name, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
