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
	run     *comparing
	program *sim.Program
	source  sim.Source[float64]
	plan    plan
	most    int           // samples that the reference computes at once
	block   *sim.RefBlock // where all layers fit at once; else there are steps
	steps   *sim.RefSteps
	kept    int           // samples of which values are kept
	pairs   [][]tracePair // of each traced tensor
	at      int           // samples done

	mu      sync.Mutex
	waiting [][][]float64 // inputs of blocks that are on their way
	spare   [][][]float64
}

func newPairing(r *comparing, p *sim.Program, src sim.Source[float64], o plan) *pairing {
	ref := r.lab.Reference
	w := &pairing{run: r, program: p, source: src, plan: o, most: ref.BlockSize()}
	var wanted []int
	for i, t := range p.Traced {
		w.pairs = append(w.pairs, nil)
		if m := r.match(t.Name); m != nil {
			k := ref.Index(r.lab.Built.Node(m.Float).Outputs[0])
			w.pairs[i] = append(w.pairs[i], tracePair{traced: i, ref: k, layer: t.Name})
			wanted = append(wanted, k)
		}
	}
	if o.keep {
		w.kept = keptSamples(valuesOf(p))
	}
	if !r.stepwise() {
		w.block = ref.NewBlock(w.most, 0)
		return w
	}
	if a := r.predictions; a != nil {
		wanted = append(wanted, a.layer)
	}
	w.steps = ref.Steps(!o.double, wanted)
	return w
}

// valuesOf is the number of values of all layers of a sample.
func valuesOf(p *sim.Program) int {
	total := 0
	for _, t := range p.Traced {
		total += t.Size()
	}
	return total
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
	in := w.take()
	for first := 0; first < n; first += w.most {
		if err := w.pair(in, tensors, first, min(n-first, w.most)); err != nil {
			return err
		}
	}
	w.giveBack(in)
	return nil
}

// take is the inputs of the block that comes out next.
func (w *pairing) take() [][]float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := w.waiting[0]
	w.waiting = w.waiting[1:]
	return in
}

func (w *pairing) giveBack(in [][]float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spare = append(w.spare, in)
}

// pair computes the reference of n samples of a block and compares.
func (w *pairing) pair(in, tensors [][]float64, first, n int) error {
	part := func(x []float64, size int) []float64 { return x[first*size : (first+n)*size] }
	view := make([][]float64, len(in))
	for i, t := range w.program.Inputs {
		view[i] = part(in[i], t.Size())
	}
	values, err := sim.RunBlock(w.block, view, !w.plan.double)
	if err != nil {
		return err
	}
	w.inputs(view, n)
	for i, t := range w.program.Traced {
		w.layer(i, n, part(tensors[i], t.Size()), func(k int) []float64 { return values[k] })
	}
	if a := w.run.predictions; a != nil {
		a.float = append(a.float, values[a.layer]...)
	}
	w.at += n
	return nil
}

// see is the Layers of a run of large pictures: it compares traced tensor k of a block of n samples, and the
// reference goes on to the layer that answers the same.
func (w *pairing) see(k, n int, fixed []float64) error {
	if k == 0 {
		in := w.take()
		if err := sim.BeginSteps(w.steps, in); err != nil {
			return err
		}
		w.inputs(in, n)
		w.giveBack(in)
	}
	w.layer(k, n, fixed, w.steps.Layer)
	for _, p := range w.pairs[k] {
		w.steps.Done(p.ref)
	}
	if k < len(w.program.Traced)-1 {
		return nil
	}
	if a := w.run.predictions; a != nil {
		a.float = append(a.float, w.steps.Layer(a.layer)...)
		w.steps.Done(a.layer)
	}
	w.at += n
	return nil
}

// inputs compares the inputs of n samples with what they become in their types: they are not traced, as no
// kernel computes them.
func (w *pairing) inputs(in [][]float64, n int) {
	for i, t := range w.program.Inputs {
		w.compare(t.Name, t.Size(), n, castAll(in[i], t.Format), in[i])
	}
}

// layer compares what traced tensor i holds for n samples; float gives what a layer of the reference answers.
func (w *pairing) layer(i, n int, fixed []float64, float func(k int) []float64) {
	t := w.program.Traced[i]
	for _, p := range w.pairs[i] {
		if !w.plan.counts() && w.keeps(p.layer, n) == 0 {
			continue // and the reference need not come so far
		}
		w.compare(p.layer, t.Size(), n, fixed, float(p.ref))
	}
	// Layers without a match may be the inputs of others.
	if keep := w.keeps(t.Name, n); keep > 0 && len(w.pairs[i]) == 0 {
		keepIn(w.run.fixed, t.Name, fixed[:keep*t.Size()], w.kept*t.Size())
	}
}

// keeps is of how many of the next n samples what a layer answers is kept.
func (w *pairing) keeps(layer string, n int) int {
	if w.plan.only != nil && !w.plan.only[layer] {
		return 0
	}
	return max(min(n, w.kept-w.at), 0)
}

// compare counts and keeps what a layer answers to n samples.
// Experiments compute a layer by itself from what is kept: a few hundred samples tell the mean of a layer
// well enough, and all of them would not fit in memory.
func (w *pairing) compare(layer string, size, n int, fixed, float []float64) {
	if w.plan.counts() {
		w.add(layer, fixed, float)
	}
	if keep := w.keeps(layer, n); keep > 0 {
		keepIn(w.run.fixed, layer, fixed[:keep*size], w.kept*size)
		keepIn(w.run.float, layer, float[:keep*size], w.kept*size)
	}
}

func (w *pairing) add(layer string, fixed, float []float64) {
	d := w.run.diffs[layer]
	if d == nil {
		d = &difference{bare: !w.plan.quantiles}
		w.run.diffs[layer] = d
	}
	d.add(fixed, float)
}

// keepIn adds to what is kept of a layer, of so many values in all.
func keepIn(all map[string]*kept, layer string, x []float64, most int) {
	if all[layer] == nil {
		all[layer] = newKept(most)
	}
	all[layer].add(x)
}
