package sim

import "github.com/hlsgo/hlsgo/fixed"

// SumInfo is a layer of sums of products: every filter over every pixel.
//
//	acc = Start
//	acc = Add(acc + Product(x[pixel][Taps[i]] * Weights[i]))  for each term i of the filter, in this order
//	acc = Finish[0](acc);  acc = 2*acc - Xnor where Xnor is not zero;  acc = Finish[1](acc);  ...
//
// Dense has one pixel; a convolution, and the product of a recurrent layer with all its inputs, have one per
// position: as many runs of the same hardware, or as many copies of it.
type SumInfo struct {
	o      *sumOp
	lo     *Lowering
	ranges []Range // of the columns over all pixels, found when first asked for
}

// Formats are the sum's types in the configuration. A layer that adds up by itself, a pool for one, gives
// those of its addition.
func (s *SumInfo) Formats() Formats { return *s.o.formats }

// Pixels is how many sets of values the filters run over.
func (s *SumInfo) Pixels() int { return len(s.o.taps) }

// Columns is how many values a pixel has.
func (s *SumInfo) Columns() int { return len(s.o.taps[0]) }

// Filters is how many sums there are per pixel.
func (s *SumInfo) Filters() int { return len(s.o.filters) }

// Pixel are the planes of a pixel's columns. Padding is a plane that is constantly zero.
func (s *SumInfo) Pixel(pixel int) []Plane { return s.o.taps[pixel] }

// Result is the plane of one result.
func (s *SumInfo) Result(pixel, filter int) Plane { return s.o.out[pixel*len(s.o.filters)+filter] }

// Column is what is proved of a column over all pixels.
func (s *SumInfo) Column(k int) Range {
	if s.ranges == nil {
		s.ranges = s.lo.tapRanges(s.o.taps)
	}
	return s.ranges[k]
}

// FilterInfo is one sum of products and its conversions.
type FilterInfo struct {
	Class Class
	// Taps are the columns of the terms, in the order in which the generated code adds them; columns without
	// a weight are none. Weights are raw, on the grid on which the products are added: that of data and
	// weight, shifted where that spares a conversion.
	Taps    []int32
	Weights []int64
	// Start is what the sum starts from: the bias, and constant terms of an optimized program.
	Start int64
	// Product converts each product to the accumulator's grid, Add each sum; the zero Plan does nothing.
	// Where Add does something, the order of the terms counts.
	Product, Add fixed.Plan
	// Finish are the conversions from the accumulator to the result: the accumulator's wrap, that to the type
	// of the result, and in an optimized program those of the layers behind.
	Finish []fixed.Plan
	Xnor   int64

	// Products holds every product x*Weights[i] before its conversion. ProductsFit is false where one of them
	// may leave int64: then only the lower Modulo bits count.
	Products    Range
	ProductsFit bool
	// Total is the range of the accumulator before Finish; TotalFits is false where it may leave int64.
	Total     Range
	TotalFits bool
	// Modulo is how many low bits of the accumulator Finish looks at: an accumulator of that many bits that
	// wraps gives the same result. 64: all that Total has.
	Modulo int
	Result Range // after Finish
}

// AccumulatorWidth is the least width in bits that the accumulator needs for the right result.
func (f *FilterInfo) AccumulatorWidth() int {
	if !f.TotalFits {
		return f.Modulo
	}
	w, _ := f.Total.Width()
	return min(w, f.Modulo)
}

// Filter describes filter i.
func (s *SumInfo) Filter(i int) FilterInfo {
	f := &s.o.filters[i]
	out := FilterInfo{
		Class: f.class, Taps: f.taps, Weights: f.w, Start: f.start, Product: f.product, Add: f.add,
		Finish: f.finish, Xnor: f.xnor, Modulo: 64, Result: f.rng,
	}
	if f.form == formLinear { // whatever these hold, the loop does not look at them
		out.Product = fixed.Plan{}
	}
	if f.form != formOrdered && f.form != formSaturate {
		out.Add = fixed.Plan{}
	}
	if len(f.finish) > 0 {
		out.Modulo = lowBits(f.finish[0])
	}
	s.follow(&out)
	return out
}

// follow finds the ranges of products and accumulator.
func (s *SumInfo) follow(f *FilterInfo) {
	f.ProductsFit, f.TotalFits = true, true
	f.Total = rangeOf(f.Start)
	for i, k := range f.Taps {
		p, ok := s.Column(int(k)).times(f.Weights[i])
		if i == 0 {
			f.Products = p
		}
		f.Products, f.ProductsFit = f.Products.union(p), f.ProductsFit && ok
		sum, fits := f.Total.plus(afterPlan(f.Product, p))
		f.Total, f.TotalFits = sum, f.TotalFits && fits && ok
	}
	if !f.Add.Identity() {
		f.Total, f.TotalFits = planRange(f.Add, f.Total), true
	}
}

// afterPlan is the range of a plan's results for raws of a part of the range that it was made for: of a
// monotone plan closer than planRange.
func afterPlan(p fixed.Plan, r Range) Range {
	out := planRange(p, r)
	if p.Identity() {
		return r
	}
	if !p.General && monotone(p) {
		out.Lo, out.Hi = p.Apply(r.Lo), p.Apply(r.Hi)
	}
	return out
}
