package hlsgo

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/internal/atomicfile"
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
	case bytes.HasPrefix(begin, []byte("PK\x03\x04")):
		return ".keras"
	case bytes.HasPrefix(trimmed, []byte("{")) && bytes.Contains(begin, []byte(`"class_name"`)):
		return ".json"
	}
	return ""
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
