package sim

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// Predict runs the program over samples in memory: in[i] holds those of input i one after the other, and the
// result those of each output.
func Predict[T Float](ctx context.Context, p *Program, in [][]T) ([][]T, error) {
	src, err := NewSlices(p, in)
	if err != nil {
		return nil, err
	}
	out := &Collect[T]{}
	_, err = Run(ctx, p, Job[T]{Source: src, Sink: out})
	return out.Data, err
}

// Predict32 is Predict for float32 data.
func (p *Program) Predict32(in [][]float32) ([][]float32, error) {
	return Predict(context.Background(), p, in)
}

// Predict64 is Predict for float64 data.
func (p *Program) Predict64(in [][]float64) ([][]float64, error) {
	return Predict(context.Background(), p, in)
}

// Slices is a Source over samples in memory. Where the sinks of a job are in memory too, workers read the
// data where it is: nobody may change it until the run ends.
type Slices[T Float] struct {
	data    [][]T
	sizes   []int
	samples int
	at      int
}

// NewSlices is a source of the samples in data, one slice per input of the program.
func NewSlices[T Float](p *Program, data [][]T) (*Slices[T], error) {
	return NewSlicesOf(p.Inputs, data)
}

// NewSlicesOf is NewSlices for tensors, such as the inputs of a reference.
func NewSlicesOf[T Float](inputs []Port, data [][]T) (*Slices[T], error) {
	if len(data) != len(inputs) {
		return nil, fmt.Errorf("inputs: got %d, want %d", len(data), len(inputs))
	}
	s := &Slices[T]{data: data}
	for i, t := range inputs {
		size := t.Size()
		if len(data[i])%size != 0 {
			return nil, errSamples(i, len(data[i]), size)
		}
		n := len(data[i]) / size
		if i > 0 && n != s.samples {
			return nil, fmt.Errorf("input %d: got %d samples, want %d as in the first", i, n, s.samples)
		}
		s.samples = n
		s.sizes = append(s.sizes, size)
	}
	return s, nil
}

// Read implements Source.
func (s *Slices[T]) Read(in [][]T) (int, error) {
	n := s.samples - s.at
	if n == 0 {
		return 0, io.EOF
	}
	for i, size := range s.sizes {
		n = min(n, len(in[i])/size)
	}
	for i, size := range s.sizes {
		copy(in[i], s.data[i][s.at*size:(s.at+n)*size])
	}
	s.at += n
	return n, nil
}

// Collect is a Sink that keeps everything in memory, behind what is there.
type Collect[T Float] struct {
	Data [][]T // one slice per tensor
}

// room makes place for more samples; keep adds those that were filled in. Workers of a direct run write
// there, each its own samples; a run that fails leaves nothing of them.
func (c *Collect[T]) room(ports []Port, samples int) [][]T {
	if c.Data == nil {
		c.Data = make([][]T, len(ports))
	}
	out := make([][]T, len(ports))
	for i, t := range ports {
		n := samples * t.Size()
		if c.Data[i] == nil {
			c.Data[i] = make([]T, 0, n) // without what Grow adds
		}
		c.Data[i] = slices.Grow(c.Data[i], n)
		have := len(c.Data[i])
		out[i] = c.Data[i][have : have+n]
	}
	return out
}

func (c *Collect[T]) keep(ports []Port, samples int) {
	for i, t := range ports {
		c.Data[i] = c.Data[i][:len(c.Data[i])+samples*t.Size()]
	}
}

// Write implements Sink.
func (c *Collect[T]) Write(_ int, tensors [][]T) error {
	if c.Data == nil {
		c.Data = make([][]T, len(tensors))
	}
	for i, t := range tensors {
		c.Data[i] = append(c.Data[i], t...)
	}
	return nil
}

// errSamples reports data whose length is no whole number of samples.
func errSamples(i, got, size int) error {
	return fmt.Errorf("input %d: got %d values, want a multiple of %d", i, got, size)
}
