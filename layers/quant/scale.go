package quant

// channels is the number of values on the last axis, which have scales of their own; a tensor of one axis has
// one channel per value.
func channels(shape []int) int { return shape[len(shape)-1] }

// largest is the largest magnitude of every channel, or, with all, of the whole tensor.
func largest(x []float32, shape []int, all bool) []float32 {
	n := 1
	if !all {
		n = channels(shape)
	}
	out := make([]float32, n)
	for i, v := range x {
		out[i%n] = max(out[i%n], abs(v))
	}
	return out
}

// toPowers replaces scales by the nearest powers of two.
func toPowers(scale []float32) {
	for i, s := range scale {
		scale[i] = pow2(round(log2(s+epsilon, wide(i, len(scale)))))
	}
}

// leastSquares is the scale with which q comes nearest to x, per channel: mean(x q) / mean(q q). A tensor of
// one axis has a scale for every value.
func leastSquares(x, q []float32, shape []int, po2 bool) []float32 {
	xq, qq := make([]float32, len(x)), make([]float32, len(x))
	for i := range x {
		xq[i], qq[i] = x[i]*q[i], q[i]*q[i]
	}
	if len(shape) > 1 {
		xq, qq = means(xq, channels(shape)), means(qq, channels(shape))
	}
	for i := range xq {
		xq[i] /= qq[i] + epsilon
	}
	if po2 {
		toPowers(xq)
	}
	return xq
}

// Sizes of Eigen's reductions in TensorFlow's builds for AVX.
const (
	lanes  = 8  // columns, or values of one, that one register holds
	ahead  = 4  // registers that are summed side by side
	enough = 16 // rows from which they are
	leaf   = 1024 * lanes
)

// means returns the mean of every column of a matrix in C order, summed in the order of Eigen's kernels.
func means(x []float32, cols int) []float32 {
	rows := len(x) / cols
	out := make([]float32, cols)
	if cols == 1 {
		out[0] = sumOne(x) / float32(rows)
		return out
	}
	for c := range out {
		column := func(r int) float32 { return x[r*cols+c] }
		if c < cols/lanes*lanes && rows >= enough {
			out[c] = sumAhead(column, rows) / float32(rows)
		} else {
			out[c] = sumFrom(0, column, 0, rows) / float32(rows)
		}
	}
	return out
}

// sumFrom adds the values from lo on to s, one behind the other.
func sumFrom(s float32, at func(int) float32, lo, hi int) float32 {
	for r := lo; r < hi; r++ {
		s += at(r)
	}
	return s
}

// sumAhead adds with four sums side by side, then those, then the rest.
func sumAhead(at func(int) float32, n int) float32 {
	var s [ahead]float32
	whole := n / ahead * ahead
	for r := range whole {
		s[r%ahead] += at(r)
	}
	for k := 1; k < ahead; k++ {
		s[0] += s[k]
	}
	return sumFrom(s[0], at, whole, n)
}

// sumOne adds all values: lane by lane, the lanes by halves; long lists in two halves.
func sumOne(x []float32) float32 {
	if len(x) > leaf {
		at := (len(x)/2 + len(x)%2 + lanes - 1) / lanes * lanes
		return sumOne(x[:at]) + sumOne(x[at:])
	}
	whole := len(x) / lanes
	var s [lanes]float32
	for l := range s {
		lane := func(r int) float32 { return x[r*lanes+l] }
		if whole >= ahead {
			s[l] = sumAhead(lane, whole)
		} else {
			s[l] = sumFrom(0, lane, 0, whole)
		}
	}
	for h := lanes / 2; h > 0; h /= 2 {
		for l := range h {
			s[l] += s[l+h]
		}
	}
	rest := sumFrom(0, func(r int) float32 { return x[r] }, whole*lanes, len(x))
	return rest + s[0]
}
