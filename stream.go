package hlsgo

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/internal/openfile"
)

// LoadStream is Load for what comes from a stream, such as standard input: a configuration, or a model file
// in a form that its first bytes tell, HDF5, .keras, or an architecture in JSON. name stands for it in
// messages. Files that a configuration names are looked for from dir.
func (t *Toolkit) LoadStream(r io.Reader, name, dir string, o Overrides) (*Model, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	begin, err := b.Peek(sniffed)
	if err != nil && err != io.EOF {
		return nil, during(CodeFile, fmt.Errorf("%s: %w", name, err))
	}
	if ending := modelEnding(begin); ending != "" {
		return t.loadSpooled(b, name, ending, o)
	}
	text, err := io.ReadAll(io.LimitReader(b, config.MaxBytes+1))
	if err != nil {
		return nil, during(CodeFile, fmt.Errorf("%s: %w", name, err))
	}
	if len(text) > config.MaxBytes {
		return nil, during(CodeConfig, fmt.Errorf("%s: got more than %d bytes, want at most as many of a "+
			"configuration", name, config.MaxBytes))
	}
	open := func(o Overrides) (*Model, error) { return t.openText(name, text, dir, o) }
	return settled(open, o)
}

// sniffed is how many bytes tell a form: Keras writes the class of an architecture first.
const sniffed = 512

// modelEnding is how the name of a model file that begins so would end; "": it is a configuration.
func modelEnding(begin []byte) string {
	trimmed := bytes.TrimLeft(begin, " \t\r\n")
	switch {
	case bytes.HasPrefix(begin, []byte("\x89HDF\r\n\x1a\n")):
		return ".h5"
	case bytes.HasPrefix(begin, []byte("PK\x03\x04")) && ofTorch(begin):
		return ".pt2"
	case bytes.HasPrefix(begin, []byte("PK\x03\x04")):
		return ".keras"
	case bytes.HasPrefix(trimmed, []byte("{")) && bytes.Contains(begin, []byte(`"class_name"`)):
		return ".json"
	}
	return ""
}

// ofTorch looks for the name of a first member that PyTorch writes into archives of programs.
func ofTorch(begin []byte) bool {
	for _, name := range []string{"/data/weights/", "/archive_format", "/models/", "serialized_"} {
		if bytes.Contains(begin, []byte(name)) {
			return true
		}
	}
	return false
}

// loadSpooled keeps a model file on the disk while it is read: its parts are not where a stream could go.
func (t *Toolkit) loadSpooled(r io.Reader, name, ending string, o Overrides) (*Model, error) {
	dir, remove, err := atomicfile.TempDir(filepath.Join(os.TempDir(), "hlsgo-model"))
	if err != nil {
		return nil, err
	}
	defer remove()
	path := filepath.Join(dir, "model"+ending)
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(f, r)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, during(CodeFile, fmt.Errorf("%s: %w", name, err))
	}
	m, err := t.Load(path, o)
	if err != nil {
		return nil, err
	}
	m.name, m.source.gone = name, true
	return m, nil
}

// HoldStreams copies those of some named files that can be read but once into files that go with remove, and
// returns the names with those of the copies: "-" is read from in, pipes and devices from where they are.
func HoldStreams(in io.Reader, names []string) (held []string, remove func(), err error) {
	held, remove = slices.Clone(names), func() {}
	dir := ""
	for i, name := range names {
		info, err := os.Stat(name)
		if name != "-" && (err != nil || info.Mode().IsRegular() || info.IsDir()) {
			continue // what cannot be read says so when it is
		}
		if dir == "" {
			if dir, remove, err = atomicfile.TempDir(filepath.Join(os.TempDir(), "hlsgo-stream")); err != nil {
				return nil, func() {}, err
			}
		}
		if held[i], err = holdStream(in, name, filepath.Join(dir, fmt.Sprintf("stream-%d", i))); err != nil {
			remove()
			return nil, func() {}, during(CodeFile, fmt.Errorf("%s: %w", name, err))
		}
	}
	return held, remove, nil
}

// holdStream copies a stream of numbers; the ending of the copy's name tells their format.
func holdStream(in io.Reader, name, to string) (path string, err error) {
	if name != "-" {
		f, _, err := openfile.Data(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	b := bufio.NewReader(in)
	path = to + ".dat"
	if begin, _ := b.Peek(len(npy.Magic)); string(begin) == npy.Magic {
		path = to + ".npy"
	}
	out, err := os.Create(path)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, b)
	return path, errors.Join(err, out.Close())
}
