package hlsgo

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/csim"
	"github.com/hlsgo/hlsgo/sim"
)

// verifyBlock is how many samples are predicted, then run by the firmware, at a time.
// It bounds memory, as every layer's raw integers of a block are held twice.
const verifyBlock = 256

// verify compares all samples, block by block.
func verify[T sim.Float](
	ctx context.Context, f *Firmware, model int, r *VerifyReport, in [][]T, progress func(done, total int),
) error {
	p := f.programs[model]
	for at := 0; at < r.Samples; at += verifyBlock {
		n := min(verifyBlock, r.Samples-at)
		block := make([][]T, len(in))
		samples := make([]csim.Samples, len(in))
		for i, t := range p.Inputs {
			block[i] = in[i][at*t.Size() : (at+n)*t.Size()]
			samples[i] = csimSamples(block[i])
		}
		c := &comparison[T]{report: r, program: p, base: at}
		if err := c.predict(ctx, block); err != nil {
			return err
		}
		firmware, err := f.program.Run(ctx, f.names[model], samples...)
		if err == nil {
			err = c.compare(firmware, n)
		}
		if err != nil {
			return err
		}
		if progress != nil {
			progress(at+n, r.Samples)
		}
	}
	return nil
}

func csimSamples[T sim.Float](x []T) csim.Samples {
	switch x := any(x).(type) {
	case []float32:
		return csim.Samples{Float32: x}
	case []float64:
		return csim.Samples{Float64: x}
	}
	panic("BUG: no such float")
}

// comparison holds what the simulator says of a block of samples.
type comparison[T sim.Float] struct {
	report  *VerifyReport
	program *sim.Program
	base    int // samples before the block
	raws    []sim.Raw
	out     sim.Collect[T]
}

// predict keeps raw integers and outputs of the block: the first tell which layer is wrong, the second
// whether the caller would notice.
func (c *comparison[T]) predict(ctx context.Context, in [][]T) error {
	src, err := sim.NewSlices(c.program, in)
	if err != nil {
		return err
	}
	c.raws = make([]sim.Raw, len(c.program.Traced))
	_, err = sim.Run(ctx, c.program, sim.Job[T]{Source: src, Sink: &c.out, Raw: c})
	return err
}

// WriteRaw implements sim.RawSink: it keeps copies.
func (c *comparison[T]) WriteRaw(_ int, tensors []sim.Raw) error {
	for i, t := range tensors {
		to := &c.raws[i]
		to.Narrow = append(to.Narrow, t.Narrow...)
		for k := range t.Wide {
			// The executor writes the next block into the same integers.
			to.Wide = append(to.Wide, *new(big.Int).Set(&t.Wide[k]))
		}
	}
	return nil
}

// compare compares what the firmware gave for the block.
func (c *comparison[T]) compare(firmware *csim.Result, samples int) error {
	if firmware.Samples != samples {
		return fmt.Errorf("firmware: got %d samples, want %d", firmware.Samples, samples)
	}
	// Data left in a FIFO would be read by the next sample in hardware, although this one's answer was right.
	if firmware.Undrained != 0 {
		return fmt.Errorf("firmware: FIFOs: got %d that still hold data after their sample, want none",
			firmware.Undrained)
	}
	for _, t := range firmware.Trace {
		if !slices.ContainsFunc(c.program.Traced, func(p sim.Port) bool { return p.Name == t.Name }) {
			return fmt.Errorf("layer %q: got a trace from the firmware, want a layer of the prediction", t.Name)
		}
	}
	for i, t := range c.program.Traced {
		fw := firmware.Layer(t.Name)
		if err := checkType(t, fw); err != nil {
			return err
		}
		c.layer(&c.report.Layers[i], c.raws[i], fw)
	}
	for i, t := range c.program.Outputs {
		if err := checkType(t, firmware.Outputs[i]); err != nil {
			return err
		}
		c.output(&c.report.Layers[len(c.program.Traced)+i], t.Format, c.out.Data[i], firmware.Outputs[i])
	}
	return nil
}

// checkType compares the shape of a tensor in the prediction with that in the firmware.
func checkType(p sim.Port, fw *csim.Tensor) error {
	if fw == nil {
		return fmt.Errorf("layer %q: got no trace from the firmware, want one", p.Name)
	}
	if fw.Count != p.Size() || fw.Width != p.Format.W || fw.Signed != p.Format.Signed || fw.Float {
		return fmt.Errorf("layer %q: type: got %d values of %s, the firmware has %d of %d bits (signed: %t)",
			p.Name, p.Size(), p.Format, fw.Count, fw.Width, fw.Signed)
	}
	return nil
}

func (c *comparison[T]) layer(l *VerifyLayer, raw sim.Raw, fw *csim.Tensor) {
	// The common case without allocation: there may be a hundred million values.
	narrow := raw.Wide == nil && (fw.Width < 64 || fw.Width == 64 && fw.Signed)
	l.Values += fw.Len()
	for i := range fw.Len() {
		if narrow {
			if got, want := raw.Narrow[i], fw.Raw(i); got != want {
				l.differ(c.base, i, fw.Count, strconv.FormatInt(got, 10), strconv.FormatInt(want, 10))
			}
			continue
		}
		got := new(big.Int)
		if raw.Wide != nil {
			got = &raw.Wide[i]
		} else {
			got.SetInt64(raw.Narrow[i])
		}
		if want := fw.Big(i); got.Cmp(want) != 0 {
			l.differ(c.base, i, fw.Count, got.String(), want.String())
		}
	}
}

// output compares the numbers that the caller gets with those that the firmware's raw integers stand for.
func (c *comparison[T]) output(l *VerifyLayer, f fixed.Format, y []T, fw *csim.Tensor) {
	_, single := any(T(0)).(float32)
	l.Values += fw.Len()
	for i := range fw.Len() {
		want := 0.0
		if single {
			want = float64(fixed.ToFloat32Big(fw.Big(i), f))
		} else {
			want = fixed.ToFloat64Big(fw.Big(i), f)
		}
		// By their bits, as -0 == 0 and NaN != NaN.
		if got := float64(y[i]); math.Float64bits(got) != math.Float64bits(want) {
			l.differ(c.base, i, fw.Count, fmt.Sprint(got), fmt.Sprint(want))
		}
	}
}

// differ notes a difference in value i of a block, whose samples hold size values each.
func (l *VerifyLayer) differ(base, i, size int, got, want string) {
	if l.First == nil {
		l.First = &Diff{Sample: base + i/size, Index: i % size, Got: got, Want: want}
	}
	l.Differ++
}
