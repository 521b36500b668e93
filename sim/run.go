package sim

import (
	"context"
	"errors"
	"io"
	"math/big"
	"runtime"
	"sync"
)

// Float is the element type of the data: that of the first input decides for all of a run.
type Float interface {
	float32 | float64
}

// Source delivers the samples of a run in order.
type Source[T Float] interface {
	// Read fills in[i], one slice per input of the program, with the next samples: at most
	// len(in[i])/size of input i. It returns how many; with 0 comes io.EOF at the end, or another error.
	Read(in [][]T) (int, error)
}

// Sink receives n samples of each of several tensors, in the order of the samples: tensors[i] holds n times
// the size of tensor i. The slices are reused after Write returns.
type Sink[T Float] interface {
	Write(n int, tensors [][]T) error
}

// RawSink receives the raw integers of n samples of each traced tensor, in the order of the samples.
type RawSink interface {
	WriteRaw(n int, tensors []Raw) error
}

// Raw holds raw integers, sample by sample: in Narrow, or in Wide where the tensor's lane exceeds 64 bits.
// The slices are reused.
type Raw struct {
	Narrow []int64
	Wide   []big.Int
}

// Job is one run of a program. Only Source must be set.
type Job[T Float] struct {
	Source Source[T]
	Sink   Sink[T] // outputs, in the order of Program.Outputs
	Trace  Sink[T] // the tensors of Program.Traced
	Raw    RawSink // the same as raw integers
	// Layers, when set, is given each tensor k of Program.Traced, in order, as soon as a block of n samples has
	// it: a trace that holds one layer at a time. The values are reused. Blocks then run one after the other.
	Layers func(k, n int, values []T) error
	// Workers is the number of blocks that run at once; 0: one per processor. Answers do not depend on it.
	Workers int
	// Progress, when set, is called after every block with the samples done so far.
	Progress func(samples int)
}

// traces reports whether the job looks at every tensor.
func (j *Job[T]) traces() bool { return j.Trace != nil || j.Raw != nil || j.Layers != nil }

// Report tells what happened in a run.
type Report struct {
	Samples int
	// BadInputs counts the input values that are infinite or not a number. The headers' rule gives them a
	// value all the same.
	BadInputs int
	// Health tells what became of the values, when the program was compiled to count them.
	Health *Health
}

// Run runs the program over all samples of the source, on several cores, and delivers the results in order.
// It holds a few blocks of samples in memory, whatever their number.
func Run[T Float](ctx context.Context, p *Program, job Job[T]) (Report, error) {
	if _, err := p.code(ctx, job.traces()); err != nil {
		return Report{}, err
	}
	if d, ok := newDirect(p, &job); ok {
		if err := d.share(job.Workers); err != nil {
			return Report{}, err
		}
		return d.run(ctx)
	}
	r, err := newRunner(p, &job)
	if err != nil {
		return Report{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.ctx = ctx
	for range r.workers {
		r.working.Go(r.work)
	}
	r.working.Go(func() { r.crash.guard(func() { r.read(ctx) }) })
	err = r.deliver(ctx)
	cancel()
	r.drain()
	r.working.Wait()
	r.crash.again()
	r.report.Health = p.health(r.report.Samples, &r.census)
	return r.report, err
}

// unit is one block of samples on its way through a run.
type unit[T Float] struct {
	n      int
	bad    int
	in     [][]T
	out    [][]T
	trace  [][]T
	raw    []Raw
	layers func(k, n int, values []T) error
	layer  []T   // what layers is given
	filled bool  // out, trace, raw and layer are there
	err    error // of the source, or of layers
	done   chan struct{}
}

// runner is a run in which a reader, workers and the caller's sinks each have a goroutine. Units go round in
// a circle of channels: free ones to the reader, read ones to any worker and, in the order of the samples, to
// the sinks, which wait for each to be done. Their number bounds the memory of a run.
type runner[T Float] struct {
	ctx     context.Context // of this run, which is all that the runner is for
	p       *Program
	c       *code
	job     *Job[T]
	workers int
	free    chan *unit[T] // as many as were made
	units   int           // yet to be made
	todo    chan *unit[T] // to the workers
	order   chan *unit[T] // the same units, to the sinks
	report  Report

	working sync.WaitGroup
	crash   crash // of a worker, or of the source
	census  census
}

func newRunner[T Float](p *Program, job *Job[T]) (*runner[T], error) {
	workers := job.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if job.Layers != nil {
		workers = 1
	}
	c := p.codeOf(job.traces())
	workers, err := p.affordable(c, workers, c.block, unitBytes(c, job))
	if err != nil {
		return nil, err
	}
	units := 2*workers + 1 // one at each worker, one waiting for it, one with the reader or a sink
	if c.block <= planeAlign {
		units = workers + 1 // every sample has many values
	}
	r := &runner[T]{
		p: p, c: c, job: job, workers: workers,
		units: units, free: make(chan *unit[T], units),
		todo: make(chan *unit[T], units), order: make(chan *unit[T], units),
	}
	return r, nil
}

// next is a unit for the reader: one that came back, or a new one. Few samples need few.
func (r *runner[T]) next(ctx context.Context) *unit[T] {
	select {
	case u := <-r.free:
		return u
	default:
	}
	if r.units > 0 {
		r.units--
		return &unit[T]{in: blocks[T](r.c.inputs, r.c.block)}
	}
	select {
	case u := <-r.free:
		return u
	case <-ctx.Done():
		return nil
	}
}

// unitBytes is the size of a unit.
func unitBytes[T Float](c *code, job *Job[T]) int64 {
	values := 0
	count := func(ports []Port, wanted bool) {
		for _, t := range ports {
			if wanted {
				values += t.Size()
			}
		}
	}
	count(c.inputs, true)
	count(c.outputs, job.Sink != nil)
	count(c.traced, job.Trace != nil)
	count(c.traced, job.Raw != nil)
	if job.Layers != nil {
		values += largest(c.traced)
	}
	return 8 * int64(values) * int64(c.block)
}

// largest is the number of values of the largest of some tensors.
func largest(ports []Port) int {
	most := 0
	for _, t := range ports {
		most = max(most, t.Size())
	}
	return most
}

// fill makes room for what a unit's samples answer.
func (r *runner[T]) fill(u *unit[T]) {
	if u.filled {
		return
	}
	u.filled = true
	if r.job.Sink != nil {
		u.out = blocks[T](r.c.outputs, r.c.block)
	}
	if r.job.Trace != nil {
		u.trace = blocks[T](r.c.traced, r.c.block)
	}
	if u.layers = r.job.Layers; u.layers != nil {
		u.layer = make([]T, largest(r.c.traced)*r.c.block)
	}
	if r.job.Raw != nil {
		u.raw = make([]Raw, len(r.c.traced))
		for i, t := range r.c.traced {
			u.raw[i] = newRaw(t, r.c.layout.lanes, r.c.block)
		}
	}
}

// blocks is room for a block of samples of each of some tensors.
func blocks[T Float](ports []Port, block int) [][]T {
	out := make([][]T, len(ports))
	for i, t := range ports {
		out[i] = make([]T, t.Size()*block)
	}
	return out
}

// newRaw is room for the raws of a block of samples.
func newRaw(t Port, lanes []lane, block int) Raw {
	for _, p := range t.tensor.Planes {
		if lanes[p] == laneWide {
			return Raw{Wide: make([]big.Int, t.Size()*block)}
		}
	}
	return Raw{Narrow: make([]int64, t.Size()*block)}
}

// read fills units from the source until its end, an error, or cancellation.
func (r *runner[T]) read(ctx context.Context) {
	defer close(r.order)
	defer close(r.todo)
	for {
		u := r.next(ctx)
		if u == nil {
			return
		}
		n, err := r.job.Source.Read(u.in)
		if n == 0 && err == nil {
			err = errors.New("source gave neither samples nor an end")
		}
		u.n, u.err, u.done = n, err, make(chan struct{})
		if n > 0 { // from here on the unit is the worker's, who may give it another error
			r.todo <- u
		} else {
			close(u.done)
		}
		r.order <- u
		if err != nil {
			return
		}
	}
}

// errCrashed keeps a block that is not whole from the sinks; nobody sees it, since the run ends in a panic.
var errCrashed = errors.New("a worker crashed")

// work runs units until there are no more. A worker that gets none needs no memory.
func (r *runner[T]) work() {
	u, ok := <-r.todo
	if !ok {
		return
	}
	m := r.c.borrow(u.n)
	m.stop = r.ctx.Done()
	defer r.c.giveBack(m)
	m.count(r.p, r.c)
	defer r.census.add(m)
	for ; ok; u, ok = <-r.todo {
		if !r.crash.guard(func() { r.fill(u); runUnit(r.c, m, u) }) {
			u.n, u.err = 0, errCrashed
		}
		if err := r.ctx.Err(); err != nil { // it may not be whole
			u.n, u.err = 0, err
		}
		close(u.done)
	}
}

// deliver writes finished units in the order of the samples.
func (r *runner[T]) deliver(ctx context.Context) error {
	for u := range r.order {
		select {
		case <-u.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if u.n > 0 {
			if err := r.write(u); err != nil {
				return err
			}
		}
		if u.err != nil && !errors.Is(u.err, io.EOF) {
			return u.err
		}
		r.free <- u
	}
	return ctx.Err()
}

// write delivers one unit.
func (r *runner[T]) write(u *unit[T]) error {
	r.report.Samples += u.n
	r.report.BadInputs += u.bad
	if err := writeTo(r.job.Sink, u.n, u.out, r.c.outputs); err != nil {
		return err
	}
	if err := writeTo(r.job.Trace, u.n, u.trace, r.c.traced); err != nil {
		return err
	}
	if r.job.Raw != nil {
		if err := r.job.Raw.WriteRaw(u.n, cutRaw(u, r.c.traced)); err != nil {
			return err
		}
	}
	if r.job.Progress != nil {
		r.job.Progress(r.report.Samples)
	}
	return nil
}

func writeTo[T Float](sink Sink[T], n int, data [][]T, ports []Port) error {
	if sink == nil {
		return nil
	}
	view := make([][]T, len(data))
	for i, t := range ports {
		view[i] = data[i][:n*t.Size()]
	}
	return sink.Write(n, view)
}

func cutRaw[T Float](u *unit[T], ports []Port) []Raw {
	out := make([]Raw, len(ports))
	for i, t := range ports {
		k := u.n * t.Size()
		if r := u.raw[i]; r.Wide != nil {
			out[i].Wide = r.Wide[:k]
		} else {
			out[i].Narrow = r.Narrow[:k]
		}
	}
	return out
}

// drain waits until the reader and the workers no longer touch what the caller gave.
func (r *runner[T]) drain() {
	for u := range r.order {
		<-u.done
	}
}

// runUnit runs the program over one block, or a part of it where the run is canceled. Operations run
// over whole vectors of samples, of which the last ones may not count; they compute on zeros, and
// nobody reads them.
func runUnit[T Float](c *code, m *memory, u *unit[T]) {
	m.n, m.used = min(roundUp(u.n, planeAlign), m.block), u.n
	m.health.nextBlock()
	readInputs(c, m, u)
	at := 0
	for _, s := range c.nodes {
		c.run(m, at, s.end)
		if at = s.end; m.canceled() {
			return
		}
		if s.traced >= 0 && u.trace != nil { // behind the node, while its planes are alive
			storeFloats(m, c.traced[s.traced], u.trace[s.traced], u.n)
		}
		if s.traced >= 0 && u.raw != nil {
			storeRaw(m, c.traced[s.traced], &u.raw[s.traced], u.n)
		}
		if s.traced >= 0 && u.layers != nil {
			if err := u.hand(m, c.traced[s.traced], s.traced); err != nil {
				u.n, u.err = 0, err
				return
			}
		}
	}
	c.run(m, at, len(c.ops))
	if u.out != nil && !m.canceled() {
		for i, t := range c.outputs {
			storeFloats(m, t, u.out[i], u.n)
		}
	}
}

// hand gives a layer to who wants each as soon as it is there.
func (u *unit[T]) hand(m *memory, t Port, k int) error {
	values := u.layer[:u.n*t.Size()]
	storeFloats(m, t, values, u.n)
	return u.layers(k, u.n, values)
}

// stretch is how many operations on blocks run between two looks at whether anybody waits for them.
const stretch = 256

// run runs some of the operations, or fewer where the run is canceled.
func (c *code) run(m *memory, from, end int) {
	if c.lanes == nil {
		for ; from < end && !m.canceled(); from += stretch {
			for _, o := range c.ops[from:min(from+stretch, end)] {
				if o.run(m); m.broken {
					return
				}
			}
		}
		return
	}
	for i := from; i < end && !m.canceled(); i++ { // each runs over a picture
		m.used = int(c.lanes[i])
		m.n = roundUp(m.used, planeAlign)
		c.ops[i].run(m)
	}
}

// readInputs converts the samples of a block to the planes of the inputs: in vector code where there is some
// and it takes all of the numbers.
func readInputs[T Float](c *code, m *memory, u *unit[T]) {
	u.bad = 0
	for i, t := range c.inputs {
		n := m.look(t, u.n).positions()
		if x, ok := any(u.in[i]).([]float32); ok && c.inputLoops[i] != nil && c.inputLoops[i].run(m, t, x, n) {
			continue
		}
		u.bad += loadInput(m, t, u.in[i], n)
	}
	if m.health == nil {
		return
	}
	for i, t := range c.inputs {
		if g := m.look(t, u.n); t.tensor.grid != nil {
			m.used = g.positions()
		}
		countInput(m, &c.inputCounts[i], t, u.in[i][:u.n*t.Size()])
	}
}
