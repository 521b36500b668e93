package hlsgo

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/sim"
)

// verifyInputs is the samples to compare on.
func (m *Model) verifyInputs(p *sim.Program, job VerifyJob) ([]*Array, error) {
	if job.N < 1 {
		return nil, fmt.Errorf("samples: got %d, want at least 1", job.N)
	}
	if job.Inputs != nil {
		return job.Inputs, nil
	}
	if m.config.InputData == "" && len(job.InputFiles) == 0 {
		return artificial(p, job.N, job.Seed), nil
	}
	src, err := m.openInputs(p, job.InputFiles)
	if err != nil {
		return nil, err
	}
	defer src.close()
	double := src.files[0].DType() == npy.Float64
	in := make([]*Array, len(p.Inputs))
	rows := job.N
	if src.total >= 0 {
		rows = min(rows, src.total)
	}
	for i, t := range p.Inputs {
		in[i] = newArray(double, rows, t.Size())
		var n int
		if double {
			n, err = readFull(src.files[i], in[i].F64)
		} else {
			n, err = readFull(src.files[i], in[i].F32)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if n == 0 {
			return nil, fmt.Errorf("%s: samples: got none, want at least one", src.names[i])
		}
		rows = min(rows, n)
	}
	for i, t := range p.Inputs {
		in[i].cut(rows, t.Size())
	}
	return in, nil
}

// cut keeps the first samples.
func (a *Array) cut(rows, size int) {
	a.Shape[0] = rows
	if a.Double() {
		a.F64 = a.F64[:rows*size]
	} else {
		a.F32 = a.F32[:rows*size]
	}
}

// artificial draws samples over the ranges of the inputs and beyond. The first is all zeros.
// Each input has a generator of its own, so that a further input changes nothing in the others. All zeros
// come first, because bias and tables show best without anything else.
func artificial(p *sim.Program, n int, seed uint64) []*Array {
	in := make([]*Array, len(p.Inputs))
	for i, t := range p.Inputs {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		in[i] = newArray(false, n, t.Size())
		for k := t.Size(); k < len(in[i].F32); k++ {
			in[i].F32[k] = float32(artificialValue(r, t.Format))
		}
	}
	return in
}

// artificialValue draws a number for an input of format f: mostly within its range, some between two of its
// steps, some at its ends, some beyond them, some small.
// Uniform numbers alone would miss what differs between implementations: ties of rounding, the ends of the
// range, and what overflow makes of the rest.
func artificialValue(r *rand.Rand, f fixed.Format) float64 {
	step := math.Ldexp(1, -f.F())
	high := math.Ldexp(1, f.I)
	low := 0.0
	if f.Signed {
		high /= 2
		low = -high
	}
	switch r.IntN(10) {
	case 0:
		return []float64{low, high - step, low + step, 0, step, -step, step / 2, -step / 2}[r.IntN(8)]
	case 1:
		return 4 * (low + (high-low)*r.Float64())
	case 2, 3:
		return r.NormFloat64()
	case 4, 5:
		return step * (math.Floor((low+(high-low)*r.Float64())/step) + 0.5)
	}
	return low + (high-low)*r.Float64()
}
