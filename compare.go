package hlsgo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// CompareOptions tune a comparison of the fixed-point model with the float model.
type CompareOptions = profiling.CompareOptions

// Comparison tells where the fixed-point model departs from the float model, and why.
type Comparison = profiling.Comparison

// Suspect is a tensor whose type makes the model depart from the float model.
type Suspect = profiling.Suspect

// Scores tell how well a model tells classes apart.
type Scores = profiling.Scores

// Compare predicts the samples in fixed point and in floating point, and tells layer by layer how the two
// differ, which layer departs first, which of its types does it, and the smallest type that cures it. in
// holds one array per input, in the model's order. All samples are held in memory.
func (m *Model) Compare(ctx context.Context, o CompareOptions, in ...*Array) (*Comparison, error) {
	s, err := m.profileSetup()
	if err != nil {
		return nil, err
	}
	return m.compare(ctx, s, o, in)
}

func (m *Model) compare(
	ctx context.Context, s profiling.Setup, o CompareOptions, in []*Array,
) (*Comparison, error) {
	data, err := samplesOf(s.Program, in)
	if err != nil {
		return nil, err
	}
	return profiling.Compare(ctx, m.lab(s), data, o)
}

// CompareFiles is Compare with samples from files, .npy or .dat, one per input in the model's order (none:
// the configuration's InputData), of which the first `most` are read. labels, if not "", is a file of one
// class per sample, or of one-hot rows, as numbers of any type.
func (m *Model) CompareFiles(
	ctx context.Context, o CompareOptions, most int, labels string, names ...string,
) (*Comparison, error) {
	s, err := m.profileSetup()
	if err != nil {
		return nil, err
	}
	in, total, err := m.readInputs(s.Program, names, most)
	if err != nil {
		return nil, err
	}
	if labels != "" {
		o.Labels, err = readLabels(labels, in[0].Samples(), total, s.Program.Outputs[0].Size())
		if err != nil {
			return nil, err
		}
	}
	return m.compare(ctx, s, o, in)
}

// lab is the model as experiments need it.
func (m *Model) lab(s profiling.Setup) profiling.Lab {
	fresh := func() (*ir.Graph, error) {
		g, err := m.build()
		if err != nil {
			return nil, err
		}
		return g, m.backend.Flow.Run(g, nil)
	}
	return profiling.Lab{Built: s.Before, Fresh: fresh, Kernels: m.view(), Reference: s.Reference}
}

// samplesOf checks arrays of samples and returns their values.
func samplesOf(p *sim.Program, in []*Array) ([][]float64, error) {
	if err := checkInputs(p, in); err != nil {
		return nil, err
	}
	data := doubles(in)
	for i, x := range data {
		for _, v := range x {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("input %q: a value is infinite or no number: got %v, want numbers to compare",
					p.Inputs[i].Name, v)
			}
		}
	}
	return data, nil
}

// readInputs reads the first samples of the model's input files; total says how many there are, -1 where only
// the end would tell.
func (m *Model) readInputs(p *sim.Program, names []string, most int) (in []*Array, total int, err error) {
	src, err := m.openInputs(p, names)
	if err != nil {
		return nil, 0, err
	}
	defer src.close()
	if src.total >= 0 {
		most = min(most, src.total)
	}
	for i, f := range src.files {
		a := newArray(true, 0)
		size := p.Inputs[i].Size()
		const chunk = 1024
		buffer := make([]float64, chunk*size)
		for n := 0; n < most; {
			k, err := readFull(f, buffer[:min(chunk, most-n)*size])
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, 0, err
			}
			if k == 0 {
				break
			}
			a.F64, n = append(a.F64, buffer[:k*size]...), n+k
		}
		a.Shape = []int{len(a.F64) / size, size}
		if a.Shape[0] == 0 {
			return nil, 0, fmt.Errorf("%s: samples: got none, want at least one", src.names[i])
		}
		in = append(in, a)
	}
	return in, src.total, nil
}
