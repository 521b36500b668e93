package hlsgo

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/ir"
)

// Project is the HLS project of the final graph, in memory.
func (m *Model) Project() (*codegen.Project, error) { return m.project(nil) }

// project reads the data of the test bench first: a file that is missing should not be found out after
// minutes of printing weights.
func (m *Model) project(progress func(done, total int)) (*codegen.Project, error) {
	g, err := m.Graph()
	if err != nil {
		return nil, err
	}
	o := codegen.Options{Config: m.projectConfig, Progress: progress, Sources: m.sources()}
	for _, f := range []struct {
		key, path string
		into      *[]byte
	}{
		{"InputData", m.config.InputData, &o.TBInput},
		{"OutputPredictions", m.config.OutputPredictions, &o.TBOutput},
	} {
		if f.path == "" {
			continue
		}
		if *f.into, err = testBenchData(config.RelativeTo(m.dir, f.path)); err != nil {
			return nil, fmt.Errorf("%s: %w", f.key, err)
		}
	}
	return m.backend.Emit(g, m.emitters(), o)
}

// sources are the files that plugins add to projects of the backend's dialect.
func (m *Model) sources() map[string][]byte { return m.toolkit.reg.sources[m.backend.Dialect] }

// projectConfig is the text of hls4ml_config.yml.
// The document is copied one level deep, which is where the stamp goes; the user's own stays as it was read.
func (m *Model) projectConfig(stamp string) ([]byte, error) {
	doc := &ir.Tree{}
	if m.config.Document != nil {
		doc.Keys = append(doc.Keys, m.config.Document.Keys...)
		doc.Values = append(doc.Values, m.config.Document.Values...)
	}
	doc.Set("Stamp", stamp)
	return config.WriteYAML(doc), nil
}

// testBenchData is the text that the C++ test bench reads: one sample per line.
func testBenchData(path string) ([]byte, error) {
	src, err := npy.OpenData(path)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if src.DType() == npy.Float64 {
		return samplesText[float64](src)
	}
	return samplesText[float32](src)
}

func samplesText[T npy.Float](src npy.Source) ([]byte, error) {
	values, err := npy.ReadAll[T](src)
	if err != nil {
		return nil, err
	}
	return codegen.Samples(len(values)/max(src.RowLen(), 1), values)
}

// Write writes the project into dir, file by file, each as a whole; other files there stay.
func (m *Model) Write(ctx context.Context, dir string) error {
	_, err := m.WriteProject(ctx, dir, nil)
	return err
}

// WriteProject is Write with a report: it returns the number of files, and progress, unless nil, is told how
// many of the weights' values are printed.
func (m *Model) WriteProject(
	ctx context.Context, dir string, progress func(done, total int),
) (files int, err error) {
	p, err := m.project(progress)
	if err != nil {
		return 0, err
	}
	// Folders without files are part of the project too: the tools expect tb_data.
	for _, d := range p.Dirs() {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(d)), 0o777); err != nil {
			return 0, err
		}
	}
	for _, f := range p.Files() {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if err := writeProjectFile(dir, f); err != nil {
			return 0, err
		}
	}
	if m.config.Writer.WriteTar {
		return len(p.Files()), WriteFile(filepath.Clean(dir)+".tar.gz", tarOf(p))
	}
	return len(p.Files()), nil
}

// writeProjectFile writes through a temporary name, so a tool that reads the project meanwhile sees the old
// file or the new one. Only then is it made executable, as new files get the mode that the user's mask
// allows.
func writeProjectFile(dir string, f codegen.File) error {
	path := filepath.Join(dir, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	if err := WriteFile(path, f.Data); err != nil {
		return err
	}
	if !f.Exec {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Chmod(path, info.Mode()|fs.FileMode(0o111))
}

func tarOf(p *codegen.Project) []byte {
	var b bytes.Buffer
	if err := p.WriteTar(&b); err != nil {
		panic("BUG: writing to memory: " + err.Error())
	}
	return b.Bytes()
}
