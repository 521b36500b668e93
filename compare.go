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

// CompareOptions tune a comparison of the fixed-point model with the float model: Double computes the float
// model in float64, Labels are the samples' classes, Progress and Samples are told how far it is. See
// [profiling.CompareOptions].
type CompareOptions = profiling.CompareOptions

// Comparison tells where the fixed-point model departs from the float model, and why: a row per layer, the
// first layer that departs, suspects with the worst first, and with labels the scores of both models. See
// [profiling.Comparison].
type Comparison = profiling.Comparison

// Suspect is a tensor whose type makes the model depart from the float model: layer and key, what overflows
// or is too coarse, the type that cures it, and all of that in one line as Text. See [profiling.Suspect].
type Suspect = profiling.Suspect

// Scores tell how well a model tells classes apart: accuracy, area under the ROC curve, confusion. See
// [profiling.Scores].
type Scores = profiling.Scores

// Compare predicts the samples in fixed point and in floating point, and tells layer by layer how the two
// differ, which layer departs first, which of its types does it, and the smallest type that cures it. in
// holds one array per input, in the model's order.
func (m *Model) Compare(ctx context.Context, o CompareOptions, in ...*Array) (*Comparison, error) {
	s, err := m.profileSetup(ctx)
	if err != nil {
		return nil, err
	}
	return m.compare(ctx, s, o, in)
}

func (m *Model) compare(
	ctx context.Context, s profiling.Setup, o CompareOptions, in []*Array,
) (*Comparison, error) {
	data, err := m.samplesOf(s.Program, in)
	if err != nil {
		return nil, err
	}
	return profiling.Compare(ctx, m.lab(s), profiling.Held(data), o)
}

// CompareFiles is Compare with samples from files, .npy or .dat, one per input in the model's order (none:
// the configuration's InputData), of which the first `most` are read. labels, if not "", is a file of one
// class per sample, or of one-hot rows, as numbers of any type. Memory does not grow with the number of
// samples, but for labels and what they judge; what is no regular file is held in memory.
func (m *Model) CompareFiles(
	ctx context.Context, o CompareOptions, most int, labels string, names ...string,
) (*Comparison, error) {
	s, err := m.profileSetup(ctx)
	if err != nil {
		return nil, err
	}
	src, err := m.openSamples(s.Program, names)
	if err != nil {
		return nil, err
	}
	defer src.close()
	// Comparing means running the samples again for each experiment, so files are opened anew each time. What
	// can be read once only, a pipe, has to be held.
	in := func(p *sim.Program) (sim.Source[float64], error) {
		again, err := m.openSamples(p, names)
		if err != nil {
			return nil, err
		}
		return &firstSamples{files: fileSource[float64]{again}, inputs: p.Inputs, left: most}, nil
	}
	samples := min(most, src.total)
	// A .dat file tells its length only at its end, and labels have to be compared with it beforehand.
	if src.total < 0 || !src.regular() {
		held, err := readInputs(s.Program, src, most)
		if err != nil {
			return nil, err
		}
		data, err := m.samplesOf(s.Program, held)
		if err != nil {
			return nil, err
		}
		in, samples = profiling.Held(data), held[0].Samples()
	}
	if samples == 0 {
		return nil, fmt.Errorf("%s: samples: got none, want at least one", src.names[0])
	}
	if labels != "" {
		o.Labels, err = readLabels(labels, samples, src.total, s.Program.Outputs[0].Size())
		if err != nil {
			return nil, err
		}
	}
	if told := o.Samples; told != nil {
		o.Samples = func(done, _ int) { told(done, samples) }
	}
	return profiling.Compare(ctx, m.lab(s), in, o)
}

// firstSamples reads the first samples of files, which must be numbers to compare.
type firstSamples struct {
	files  fileSource[float64]
	inputs []sim.Port
	left   int
}

// Read implements sim.Source.
func (s *firstSamples) Read(in [][]float64) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	view := make([][]float64, len(in))
	for i, t := range s.inputs {
		view[i] = in[i][:min(len(in[i]), s.left*t.Size())]
	}
	n, err := s.files.Read(view)
	s.left -= n
	for i, t := range s.inputs {
		if err := checkNumbers(t.Name, view[i][:n*t.Size()]); err != nil {
			return 0, err
		}
	}
	return n, err
}

// Close implements io.Closer.
func (s *firstSamples) Close() error {
	s.files.close()
	return nil
}

// lab is the model as experiments need it.
// Every experiment gets a graph built from the start: flows change graphs in place, and a copy of a final
// graph would share types with it.
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
func (m *Model) samplesOf(p *sim.Program, in []*Array) ([][]float64, error) {
	if err := m.checkSamples(p, in); err != nil {
		return nil, err
	}
	data := doubles(in)
	for i, x := range data {
		if err := checkNumbers(p.Inputs[i].Name, x); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// checkNumbers wants values that can be compared.
// One NaN would make every mean after it NaN, and the cause would be looked for in the wrong place.
func checkNumbers(input string, x []float64) error {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("input %q: a value is infinite or no number: got %v, want numbers to compare",
				input, v)
		}
	}
	return nil
}

// readInputs reads the first samples of the model's input files.
func readInputs(p *sim.Program, src *inputFiles, most int) (in []*Array, err error) {
	if src.total >= 0 {
		most = min(most, src.total)
	}
	for i, f := range src.files {
		a := newArray(true, 0)
		size := p.Inputs[i].Size()
		// Read in pieces: how many samples there are is not always known, and most is a bound, not a promise.
		const chunk = 1024
		buffer := make([]float64, chunk*size)
		for n := 0; n < most; {
			k, err := readFull(f, buffer[:min(chunk, most-n)*size])
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			if k == 0 {
				break
			}
			a.F64, n = append(a.F64, buffer[:k*size]...), n+k
		}
		a.Shape = []int{len(a.F64) / size, size}
		if a.Shape[0] == 0 {
			return nil, fmt.Errorf("%s: samples: got none, want at least one", src.names[i])
		}
		in = append(in, a)
	}
	return in, nil
}
