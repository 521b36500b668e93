package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/hlsgo/hlsgo/ir"
)

// BlockSize is how many samples a reference computes at once: as many as keep its values small.
func (r *Reference) BlockSize() int {
	const values, most = 1 << 20, 256
	total := 1
	for _, l := range r.Layers {
		total += ir.Size(l.Shape)
	}
	return min(max(values/total, 1), most)
}

// RefJob is one run of a reference. Source and Sink must be set.
type RefJob[T Float] struct {
	Source Source[T]
	// Sink receives the values of every layer, in the order of Reference.Layers, whatever the type of the data.
	Sink Sink[float64]
	// Single rounds the inputs and what every layer answers to float32, the type of frameworks; else all is
	// float64.
	Single bool
	// Workers is the number of goroutines that compute; 0: one per processor.
	Workers int
}

// RunReference computes all samples of the source, block by block on several cores, and delivers the
// values of every layer in the order of the samples. Memory is a block, whatever their number.
func RunReference[T Float](ctx context.Context, r *Reference, job RefJob[T]) error {
	in := make([][]T, len(r.graph.Inputs))
	sizes := r.InputSizes()
	for i, size := range sizes {
		in[i] = make([]T, r.BlockSize()*size)
	}
	b := r.NewBlock(r.BlockSize(), job.Workers)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := job.Source.Read(in)
		if n > 0 {
			view := make([][]T, len(in))
			for i, size := range sizes {
				view[i] = in[i][:n*size]
			}
			values, err := RunBlock(b, view, job.Single)
			if err != nil {
				return err
			}
			if err := job.Sink.Write(n, values); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case n == 0:
			return errors.New("source gave neither samples nor an end")
		}
	}
}

// Inputs are the inputs of the network, in the model's order, without a format.
func (r *Reference) Inputs() []Port {
	out := make([]Port, len(r.graph.Inputs))
	for i, name := range r.graph.Inputs {
		l := r.Layers[r.at[name]]
		out[i] = Port{Name: l.Name, Shape: l.Shape}
	}
	return out
}

// InputSizes lists the values of one sample of each input, in the model's order.
func (r *Reference) InputSizes() []int {
	out := make([]int, len(r.graph.Inputs))
	for i, name := range r.graph.Inputs {
		out[i] = ir.Size(r.Layers[r.at[name]].Shape)
	}
	return out
}

// Computed lists the places in Layers of those that compute something: inputs only pass values on.
func (r *Reference) Computed() []int {
	var out []int
	for i, l := range r.Layers {
		if !l.given {
			out = append(out, i)
		}
	}
	return out
}

// Index is the place in Layers of the layer that gives a tensor; -1: none does.
func (r *Reference) Index(tensor string) int {
	if i, ok := r.at[tensor]; ok {
		return i
	}
	return -1
}

// RefBlock is room for the values of a block of samples.
type RefBlock struct {
	ref     *Reference
	values  [][]float64 // of each layer, sample by sample
	workers int
}

// NewBlock makes room for blocks of up to `samples` samples, to be computed by some goroutines; 0: one per
// processor. It grows where a block is larger.
func (r *Reference) NewBlock(samples, workers int) *RefBlock {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	b := &RefBlock{ref: r, workers: workers}
	b.grow(samples)
	return b
}

func (b *RefBlock) grow(samples int) {
	b.values = make([][]float64, len(b.ref.Layers))
	for i, l := range b.ref.Layers {
		b.values[i] = make([]float64, samples*ir.Size(l.Shape))
	}
}

// RunBlock computes the samples in memory: in[i] holds those of input i one after the other. The values of
// each layer, in the order of Reference.Layers, are valid until the next call. single rounds them to float32.
func RunBlock[T Float](b *RefBlock, in [][]T, single bool) ([][]float64, error) {
	n, err := samplesIn(b.ref, in)
	if err != nil {
		return nil, err
	}
	if len(b.values[0]) < n*ir.Size(b.ref.Layers[0].Shape) {
		b.grow(n)
	}
	for i, name := range b.ref.graph.Inputs {
		takeInput(b.values[b.ref.at[name]], in[i], single)
	}
	shares(n, b.workers, func(start, end int) { b.ref.runLayers(b.values, start, end, single) })
	out := make([][]float64, len(b.values))
	for i, l := range b.ref.Layers {
		out[i] = b.values[i][:n*ir.Size(l.Shape)]
	}
	return out, nil
}

// samplesIn is how many samples the arrays of inputs hold.
func samplesIn[T Float](r *Reference, in [][]T) (int, error) {
	sizes := r.InputSizes()
	if len(in) != len(sizes) {
		return 0, fmt.Errorf("inputs: got %d, want %d", len(in), len(sizes))
	}
	n := len(in[0]) / sizes[0]
	for i, size := range sizes {
		if len(in[i]) != n*size {
			return 0, fmt.Errorf("input %d: got %d values, want %d", i, len(in[i]), n*size)
		}
	}
	return n, nil
}

func takeInput[T Float](dst []float64, x []T, single bool) {
	for k, v := range x {
		dst[k] = float64(v)
		if single {
			dst[k] = float64(float32(v))
		}
	}
}

// shares computes n samples, each worker a run of them.
func shares(n, workers int, run func(start, end int)) {
	share := (n + workers - 1) / workers
	var wg sync.WaitGroup
	var c crash
	for start := 0; start < n; start += share {
		wg.Go(func() {
			c.guard(func() { run(start, min(start+share, n)) })
		})
	}
	wg.Wait()
	c.again()
}

// runLayers computes the samples from `start` to `end`, layer by layer, so that the weights of a layer
// stay in the cache.
func (r *Reference) runLayers(values [][]float64, start, end int, single bool) {
	for k := range r.Layers {
		r.runLayer(values, k, start, end, single)
	}
}

func (r *Reference) runLayer(values [][]float64, k, start, end int, single bool) {
	if r.Layers[k].given {
		return
	}
	from := r.reads(k)
	size := ir.Size(r.Layers[k].Shape)
	args := make([][]float64, len(from))
	for s := start; s < end; s++ {
		for a, i := range from {
			w := ir.Size(r.Layers[i].Shape)
			args[a] = values[i][s*w : (s+1)*w]
		}
		r.funcs[k](args, values[k][s*size:(s+1)*size])
	}
	if single {
		for i, v := range values[k][start*size : end*size] {
			values[k][start*size+i] = float64(float32(v))
		}
	}
}

// reads lists the layers whose values a layer takes.
func (r *Reference) reads(k int) []int {
	var from []int
	for _, name := range r.Layers[k].inputs {
		if i, ok := r.at[name]; ok {
			from = append(from, i)
		}
	}
	return from
}
