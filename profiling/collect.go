package profiling

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// ExactLimit is the number of values other than zero up to which the quantiles of any tensor are exact. Of
// tensors whose type has at most GridBits bits they are exact for any number.
const (
	ExactLimit = 1 << 16
	GridBits   = 16
)

// QuantileError bounds the relative error of quantiles beyond the ExactLimit: values are then counted in
// buckets that split each octave into 1024 equal parts.
const QuantileError = 1.0 / (1 << bucketBits)

// sumScale keeps sums of the largest floats finite. It is a power of two: no digit is lost above 1e-288.
const sumScale = 0x1p-44

const (
	bucketBits   = 10
	mantissaBits = 52
	exponents    = 1 << 11 // of float64
)

// A Collector gathers the statistics of a tensor from a stream of values. Its memory does not grow with their
// number: it keeps the values themselves up to the ExactLimit, then 1024 counts for each octave they lie in.
// Two forms, for two questions. A type of few bits has few values: counting each of them makes every
// statistic exact and costs 512 KB at most. Floating-point values get counts by exponent and leading mantissa
// bits, which is a logarithmic histogram read straight from the bits of the number: no logarithm per value,
// and a relative error that is the same everywhere.
type Collector struct {
	// step and grid count raw integers, from the smallest of a type that has few: all else follows from them.
	step   float64 // 2^F: turns a value into its raw integer
	lowest int
	grid   []int64

	// The rest is for other values.
	count, zeros, bad int64
	min, max          float64
	sum, absSum       float64 // times sumScale
	absMin, absMax    float64
	limit             int // of kept
	kept              []float64
	pages             []*page1024 // counts by exponent and the first bits of the mantissa
}

// page1024 counts the values of an octave by the first bits of their mantissas.
type page1024 [1 << bucketBits]int64

// NewCollector is a collector for values that the format holds; fixed.Auto stands for any value.
func NewCollector(f fixed.Format) *Collector {
	if f.IsFixedOrInt() && f.W <= GridBits {
		return &Collector{step: math.Ldexp(1, f.F()), lowest: int(f.MinRaw()), grid: make([]int64, 1<<f.W)}
	}
	return &Collector{limit: ExactLimit, min: math.Inf(1), max: math.Inf(-1), absMin: math.Inf(1)}
}

// Add counts values.
// Add is a function and no method, since methods have no type parameters of their own.
func Add[T float32 | float64](c *Collector, values []T) {
	if c.grid != nil {
		for _, v := range values {
			// Exact: values come out of a type of at most 16 bits, which a float32 holds.
			c.grid[int(float64(v)*c.step)-c.lowest]++
		}
		return
	}
	addFloats(c, values)
}

// addFloats keeps in registers what every value changes.
func addFloats[T float32 | float64](c *Collector, values []T) {
	lo, hi, absLo, absHi, sum, absSum := c.min, c.max, c.absMin, c.absMax, c.sum, c.absSum
	zeros, bad := int64(0), int64(0)
	for _, v := range values {
		x := float64(v)
		if x == 0 {
			zeros++
			continue
		}
		// True of infinities and NaN, and of nothing else.
		if x-x != 0 {
			bad++
			continue
		}
		a := math.Abs(x)
		sum += x * sumScale
		absSum += a * sumScale
		if x < lo {
			lo = x
		}
		if x > hi {
			hi = x
		}
		if a < absLo {
			absLo = a
		}
		if a > absHi {
			absHi = a
		}
		b := math.Float64bits(a) >> (mantissaBits - bucketBits)
		if e := b >> bucketBits; e < uint64(len(c.pages)) && c.pages[e] != nil {
			c.pages[e][b%(1<<bucketBits)]++
		} else {
			c.keep(a)
		}
	}
	// Zeros skip the comparisons above: in sparse layers they are most of the values.
	if zeros > 0 {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	c.min, c.max, c.absMin, c.absMax, c.sum, c.absSum = lo, hi, absLo, absHi, sum, absSum
	c.zeros += zeros
	c.bad += bad
	c.count += int64(len(values)) - bad
}

// keep keeps a value or, beyond the limit, counts it.
// The first 65,536 values are kept as they are, so that small tensors, such as most weights, have the
// quantiles that numpy gives. Beyond that nothing can be exact without keeping all.
func (c *Collector) keep(a float64) {
	if c.pages != nil {
		c.bucket(a)
		return
	}
	c.kept = append(c.kept, a)
	if len(c.kept) <= c.limit {
		return
	}
	c.pages = make([]*page1024, exponents)
	for _, v := range c.kept {
		c.bucket(v)
	}
	c.kept = nil
}

// bucket makes the counts of an octave when the first value falls into it: 8 KB each, and values of one
// tensor lie in few octaves.
func (c *Collector) bucket(a float64) {
	b := math.Float64bits(a) >> (mantissaBits - bucketBits)
	page := &c.pages[b>>bucketBits]
	if *page == nil {
		*page = new(page1024)
	}
	(*page)[b%(1<<bucketBits)]++
}

// Stats are the statistics of all values so far.
func (c *Collector) Stats() Stats {
	if c.grid != nil {
		c.sumGrid()
	}
	s := Stats{Count: c.count, Zeros: c.zeros, NonFinite: c.bad}
	if c.count == 0 {
		return s
	}
	s.Min, s.Max, s.Mean = c.min, c.max, c.sum/float64(c.count)/sumScale
	n := c.count - c.zeros
	if n == 0 {
		return s
	}
	runs := c.runs()
	s.Bins = bins(runs)
	s.Abs = &Summary{
		Min: c.absMin, Q1: quantile(runs, n, 0.25), Median: quantile(runs, n, 0.5), Q3: quantile(runs, n, 0.75),
		Max: c.absMax, Mean: c.absSum / float64(n) / sumScale,
	}
	if c.pages != nil {
		s.QuantileError = QuantileError
	}
	return s
}

// run is a number of values between lo and hi, spread evenly; in exact statistics lo is hi.
type run struct {
	lo, hi float64
	count  int64
}

// runs are the counted values in ascending order.
func (c *Collector) runs() []run {
	switch {
	case c.grid != nil:
		return c.gridRuns()
	case c.pages != nil:
		return c.bucketRuns()
	}
	slices.Sort(c.kept)
	out := make([]run, len(c.kept))
	for i, v := range c.kept {
		out[i] = run{v, v, 1}
	}
	return out
}

// sumGrid computes from the counts of raw integers what is summed up of other values. The sums are exact as
// long as they are below 2^53 steps.
func (c *Collector) sumGrid() {
	c.count, c.zeros, c.sum, c.absSum = 0, 0, 0, 0
	c.min, c.max, c.absMin, c.absMax = math.Inf(1), math.Inf(-1), math.Inf(1), 0
	for i, n := range c.grid {
		if n == 0 {
			continue
		}
		x := float64(i+c.lowest) / c.step
		c.count += n
		// The grid is in ascending order, so that the last one seen is the largest.
		c.min, c.max = min(c.min, x), x
		c.sum += x * float64(n) * sumScale
		if x == 0 {
			c.zeros = n
			continue
		}
		a := math.Abs(x)
		c.absSum += a * float64(n) * sumScale
		c.absMin, c.absMax = min(c.absMin, a), max(c.absMax, a)
	}
}

// gridRuns folds both signs onto |x|. The smallest raw of a signed type has no positive twin, hence the
// bounds.
func (c *Collector) gridRuns() (out []run) {
	at := func(raw int) int64 {
		if i := raw - c.lowest; i >= 0 && i < len(c.grid) {
			return c.grid[i]
		}
		return 0
	}
	for raw := 1; raw < len(c.grid); raw++ {
		if n := at(raw) + at(-raw); n > 0 {
			v := float64(raw) / c.step
			out = append(out, run{v, v, n})
		}
	}
	return out
}

func (c *Collector) bucketRuns() (out []run) {
	for e, page := range c.pages {
		if page == nil {
			continue
		}
		for k, n := range page {
			if n > 0 {
				b := uint64(e<<bucketBits + k)
				out = append(out, run{bucketEdge(b), bucketEdge(b + 1), n})
			}
		}
	}
	// The ends are known exactly; without this the quartiles of few distinct values could lie beyond them.
	out[0].lo, out[len(out)-1].hi = c.absMin, c.absMax
	return out
}

func bucketEdge(b uint64) float64 { return math.Float64frombits(b << (mantissaBits - bucketBits)) }

// quantile is the q-quantile of n values, linear between the two values next to it.
func quantile(runs []run, n int64, q float64) float64 {
	at := q * float64(n-1)
	rank := int64(at)
	lo := valueAt(runs, rank)
	if f := at - float64(rank); f > 0 {
		return lo + (valueAt(runs, rank+1)-lo)*f
	}
	return lo
}

// valueAt is the value of a rank, from 0.
func valueAt(runs []run, rank int64) float64 {
	for _, r := range runs {
		if rank < r.count {
			// Spread evenly over the bucket, in the middles of equal parts: that is wrong by half a bucket at
			// most.
			return r.lo + (r.hi-r.lo)*(float64(rank)+0.5)/float64(r.count)
		}
		rank -= r.count
	}
	return runs[len(runs)-1].hi
}

// bins counts by octave.
func bins(runs []run) []Bin {
	first, last := math.Ilogb(runs[0].lo), math.Ilogb(runs[len(runs)-1].lo)
	out := make([]Bin, last-first+1)
	for i := range out {
		out[i].Log2 = first + i
	}
	for _, r := range runs {
		e := math.Ilogb(r.lo)
		part := int((math.Ldexp(r.lo, -e) - 1) * Parts)
		out[e-first].Count += r.count
		out[e-first].Parts[part] += r.count
	}
	return out
}
