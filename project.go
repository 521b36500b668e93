package hlsgo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/internal/room"
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
		name, err := m.dataFile(f.key, f.path)
		if err != nil {
			return nil, err
		}
		if *f.into, err = testBenchData(name); err != nil {
			return nil, fmt.Errorf("%s: %w", f.key, err)
		}
	}
	return m.emit(g, o)
}

// emit makes the backend's project of a final graph.
func (m *Model) emit(g *ir.Graph, o codegen.Options) (*codegen.Project, error) {
	if m.backend.Emit == nil {
		return nil, m.toolkit.unknownBackend(m.backend.Name)
	}
	if err := checkText(g); err != nil {
		return nil, err
	}
	return m.backend.Emit(g, m.emitters(), o)
}

// printCost is what a weight takes in bytes as text, twice, with what is in use while it is printed.
const printCost = 100

// checkText refuses a project that one model may not take: its files are in memory before they are written.
func checkText(g *ir.Graph) error {
	weights := 0
	for _, n := range g.Nodes {
		for _, w := range n.Weights {
			weights += len(w.Data.Data)
		}
	}
	need := room.Times(weights, printCost)
	if most, short := room.Short(need); short {
		return errors.New(room.Refusal(fmt.Sprintf("the text of %d weights", weights), need, most))
	}
	return nil
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

// Write writes the project into dir; see WriteProject.
func (m *Model) Write(ctx context.Context, dir string) error {
	_, err := m.WriteProject(ctx, dir, nil)
	return err
}

// WriteProject writes the project into dir, as a whole or, when it fails or ctx is canceled, not at all.
// Files of an older project that this one does not have are removed unless somebody changed them; other
// files in dir stay, and symbolic links in it are not followed out of it. It returns the number of files, a
// list of the others included; progress, unless nil, is told how many of the weights' values are printed.
func (m *Model) WriteProject(
	ctx context.Context, dir string, progress func(done, total int),
) (files int, err error) {
	if _, err := m.GraphContext(ctx); err != nil {
		return 0, err
	}
	p, err := m.project(progress)
	if err != nil {
		return 0, err
	}
	var with []*atomicfile.File
	if m.config.Writer.WriteTar {
		// It is written before the project is put in place, and named after it: what can fail comes first.
		archive, err := prepareTar(p, dir)
		if err != nil {
			return 0, err
		}
		with = append(with, archive)
	}
	t := atomicfile.Tree{Dirs: p.Dirs(), List: atomicfile.ProjectList}
	for _, f := range p.Files() {
		t.Members = append(t.Members, atomicfile.Member{Path: f.Path, Data: f.Data, Exec: f.Exec})
	}
	return len(t.Members) + 1, t.Write(ctx, dir, with...)
}

// prepareTar writes the archive of a project, which stands beside its folder under the folder's name. The
// folder may be known by another name only, such as ".".
func prepareTar(p *codegen.Project, dir string) (*atomicfile.File, error) {
	name := filepath.Clean(dir)
	switch filepath.Base(name) {
	case ".", "..", string(filepath.Separator):
		abs, err := filepath.Abs(name)
		if err != nil {
			return nil, err
		}
		if name = abs; filepath.Dir(name) == name {
			return nil, fmt.Errorf("WriterConfig.WriteTar: OutputDir %q: got a folder without a name, want one "+
				"that names the archive", dir)
		}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return nil, err
	}
	return atomicfile.Prepare(name+".tar.gz", p.WriteTar)
}
