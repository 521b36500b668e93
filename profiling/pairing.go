package profiling

import (
	"sync"

	"github.com/hlsgo/hlsgo/sim"
)

// Samples opens the samples of a comparison, from the first on, at each call: a comparison runs them several
// times. A source that is an io.Closer is closed.
type Samples func(*sim.Program) (sim.Source[float64], error)

// Held are samples in memory: in holds those of each input, one after the other.
func Held(in [][]float64) Samples {
	return func(p *sim.Program) (sim.Source[float64], error) { return sim.NewSlices(p, in) }
}

// tracePair is a traced tensor and the layer of the reference that answers the same.
type tracePair struct {
	traced, ref int
	layer       string
}

// pairing stands at both ends of a run: it sees the samples go in, and computes the reference of the same
// samples when the trace comes out.
// The two models must see the same block, while the executor runs blocks on all cores and hands out traces in
// the order in which it read. So inputs queue up here, one block for each that is under way, and memory stays
// bounded by the number of workers.
type pairing struct {
	run    *comparing
	source sim.Source[float64]
	plan   plan
	block  *sim.RefBlock
	most   int // samples that the reference computes at once
	kept   int // samples of which values are kept
	pairs  []tracePair
	at     int // samples done

	mu      sync.Mutex
	waiting [][][]float64 // inputs of blocks that are on their way
	spare   [][][]float64
}

func newPairing(r *comparing, src sim.Source[float64], o plan) *pairing {
	w := &pairing{run: r, source: src, plan: o, most: r.lab.Reference.BlockSize()}
	w.block = r.lab.Reference.NewBlock(w.most, 0)
	total := 0
	for i, t := range r.program.Traced {
		total += t.Size()
		if m := r.match(t.Name); m != nil {
			ref := r.lab.Reference.Index(r.lab.Built.Node(m.Float).Outputs[0])
			w.pairs = append(w.pairs, tracePair{traced: i, ref: ref, layer: t.Name})
		}
	}
	if o.keep {
		w.kept = keptSamples(total)
	}
	return w
}

// keptSamples is how many samples are kept of layers that have so many values together.
func keptSamples(values int) int {
	values = max(values, 1)
	least := max(min(keptLeast, keptLimit/values), 1)
	return max(least, min(keptMost, keptValues/values))
}

// Read implements sim.Source.
func (w *pairing) Read(in [][]float64) (int, error) {
	n, err := w.source.Read(in)
	if n == 0 {
		return n, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	// Buffers go round: the caller's are written over by the next read.
	block := make([][]float64, len(in))
	if k := len(w.spare) - 1; k >= 0 {
		block, w.spare = w.spare[k], w.spare[:k]
	}
	for i, t := range w.run.program.Inputs {
		block[i] = append(block[i][:0], in[i][:n*t.Size()]...)
	}
	w.waiting = append(w.waiting, block)
	return n, err
}

// Write implements sim.Sink for the trace, which comes in the blocks that were read.
func (w *pairing) Write(n int, tensors [][]float64) error {
	w.mu.Lock()
	in := w.waiting[0]
	w.waiting = w.waiting[1:]
	w.mu.Unlock()
	for first := 0; first < n; first += w.most {
		if err := w.pair(in, tensors, first, min(n-first, w.most)); err != nil {
			return err
		}
	}
	w.mu.Lock()
	w.spare = append(w.spare, in)
	w.mu.Unlock()
	return nil
}

// pair computes the reference of n samples of a block and compares.
func (w *pairing) pair(in, tensors [][]float64, first, n int) error {
	r := w.run
	part := func(x []float64, size int) []float64 { return x[first*size : (first+n)*size] }
	view := make([][]float64, len(in))
	for i, t := range r.program.Inputs {
		view[i] = part(in[i], t.Size())
	}
	values, err := sim.RunBlock(w.block, view, !w.plan.double)
	if err != nil {
		return err
	}
	keep := max(min(n, w.kept-w.at), 0)
	for i, t := range r.program.Inputs {
		// Inputs are not traced, as no kernel computes them; their conversion is done here.
		quantized := castAll(view[i], t.Format)
		w.add(t.Name, quantized, view[i])
		w.keep(t.Name, t.Size(), keep, quantized, view[i])
	}
	for _, p := range w.pairs {
		size := r.program.Traced[p.traced].Size()
		fixed := part(tensors[p.traced], size)
		w.add(p.layer, fixed, values[p.ref])
		w.keep(p.layer, size, keep, fixed, values[p.ref])
	}
	for i, t := range r.program.Traced { // layers without a match may be the inputs of others
		if keep > 0 && r.match(t.Name) == nil {
			w.keepIn(r.fixed, t.Name, part(tensors[i], t.Size())[:keep*t.Size()], t.Size())
		}
	}
	if a := r.predictions; a != nil {
		a.float = append(a.float, values[a.layer]...)
	}
	w.at += n
	return nil
}

func (w *pairing) add(layer string, fixed, float []float64) {
	d := w.run.diffs[layer]
	if d == nil {
		d = &difference{bare: !w.plan.keep}
		w.run.diffs[layer] = d
	}
	d.add(fixed, float)
}

// keep keeps what a layer answered to n samples.
// Experiments compute a layer by itself from these: a few hundred samples tell the mean of a layer well
// enough, and all of them would not fit in memory.
func (w *pairing) keep(layer string, size, n int, fixed, float []float64) {
	if n == 0 {
		return
	}
	w.keepIn(w.run.fixed, layer, fixed[:n*size], size)
	w.keepIn(w.run.float, layer, float[:n*size], size)
}

// keepIn adds to what is kept of a layer, of so many values per sample.
func (w *pairing) keepIn(all map[string]*kept, layer string, x []float64, size int) {
	if all[layer] == nil {
		all[layer] = newKept(w.kept * size)
	}
	all[layer].add(x)
}
