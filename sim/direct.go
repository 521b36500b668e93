package sim

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// A run of a few microseconds would spend most of its time in channels. Where samples and results are in
// memory already, workers need none.

// direct is a run from memory to memory: each worker takes the next chunk of samples, reads them where they
// are and writes the results where they belong. Nothing passes from one goroutine to another.
type direct[T Float] struct {
	p          *Program
	c          *code
	in         [][]T
	out, trace [][]T
	samples    int
	chunk      int          // samples that a worker takes at once, at most a block
	workers    int          // at most one per chunk
	taken      atomic.Int64 // chunks
	progress   func(samples int)
	src        *Slices[T]
	sinks      [2]*Collect[T] // of out and trace; nil: not wanted

	mu     sync.Mutex
	report Report
	crash  crash
	census census
}

// newDirect prepares a direct run; ok is false where the job wants something else than memory.
func newDirect[T Float](p *Program, job *Job[T]) (d *direct[T], ok bool) {
	src, ok := job.Source.(*Slices[T])
	if !ok || job.Raw != nil || job.Layers != nil {
		return nil, false
	}
	d = &direct[T]{p: p, src: src, samples: src.samples - src.at, progress: job.Progress}
	for i, s := range []Sink[T]{job.Sink, job.Trace} {
		if d.sinks[i], ok = s.(*Collect[T]); !ok && s != nil {
			return nil, false
		}
	}
	d.c = p.codeOf(job.traces())
	if d.sinks[0] != nil {
		d.out = d.sinks[0].room(d.c.outputs, d.samples)
	}
	if d.sinks[1] != nil {
		d.trace = d.sinks[1].room(d.c.traced, d.samples)
	}
	for i, size := range src.sizes {
		d.in = append(d.in, src.data[i][src.at*size:])
	}
	return d, true
}

// share divides the samples among workers: no chunk is larger than a block, or than a worker's even share,
// which keeps all of them busy where there are fewer samples than workers times a block.
func (d *direct[T]) share(workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	each := (d.samples + workers - 1) / workers
	d.chunk = max(min(d.c.block, roundUp(each, planeAlign)), 1)
	var err error
	d.workers, err = d.p.affordable(d.c, min(workers, (d.samples+d.chunk-1)/d.chunk), d.chunk, 0)
	return err
}

// run starts the workers, of which one is the caller.
func (d *direct[T]) run(ctx context.Context) (Report, error) {
	var wg sync.WaitGroup
	for range d.workers - 1 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			d.crash.guard(func() { d.work(ctx) })
		}()
	}
	d.crash.guard(func() { d.work(ctx) })
	wg.Wait()
	d.crash.again()
	if err := ctx.Err(); err != nil {
		return d.report, err
	}
	d.report.Health = d.p.health(d.report.Samples, &d.census)
	d.src.at = d.src.samples
	if d.sinks[0] != nil {
		d.sinks[0].keep(d.c.outputs, d.samples)
	}
	if d.sinks[1] != nil {
		d.sinks[1].keep(d.c.traced, d.samples)
	}
	return d.report, nil
}

// work runs chunks until there are no more.
func (d *direct[T]) work(ctx context.Context) {
	m := d.c.borrow(d.chunk)
	m.stop = ctx.Done()
	defer d.c.giveBack(m)
	m.count(d.p, d.c)
	defer d.census.add(m)
	u := unit[T]{in: make([][]T, len(d.in))}
	if d.out != nil {
		u.out = make([][]T, len(d.out))
	}
	if d.trace != nil {
		u.trace = make([][]T, len(d.trace))
	}
	for ctx.Err() == nil {
		from := (int(d.taken.Add(1)) - 1) * d.chunk
		if from >= d.samples {
			return
		}
		u.n = min(d.chunk, d.samples-from)
		cutAt(u.in, d.in, d.c.inputs, from, u.n)
		cutAt(u.out, d.out, d.c.outputs, from, u.n)
		cutAt(u.trace, d.trace, d.c.traced, from, u.n)
		runUnit(d.c, m, &u)
		if ctx.Err() == nil {
			d.done(u.n, u.bad)
		}
	}
}

// cutAt sets dst to the n samples from a place on.
func cutAt[T Float](dst, data [][]T, ports []Port, from, n int) {
	for i := range dst {
		size := ports[i].Size()
		dst[i] = data[i][from*size : (from+n)*size]
	}
}

// done takes note of a chunk. Chunks end in any order, but their number only grows.
func (d *direct[T]) done(n, bad int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.report.Samples += n
	d.report.BadInputs += bad
	if d.progress != nil {
		d.progress(d.report.Samples)
	}
}
