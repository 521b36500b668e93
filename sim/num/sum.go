package num

// Terms are four planes and their weights, the most that one pass over an accumulator takes. Unused terms
// have weight zero and any plane.
type Terms[A Acc, S Lane] struct {
	X [4][]S
	W [4]A
}

// planes brings the planes to length n, so that the compiler drops the bounds checks of the loops.
func (t *Terms[A, S]) planes(n int) (x0, x1, x2, x3 []S) {
	return t.X[0][:n], t.X[1][:n], t.X[2][:n], t.X[3][:n]
}

// Fill sets every element to v.
func Fill[T Lane](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}

// MulAdd adds the products to acc, modulo the width of A.
func MulAdd[A Acc, S Lane](acc []A, t *Terms[A, S]) {
	x0, x1, x2, x3 := t.planes(len(acc))
	w0, w1, w2, w3 := t.W[0], t.W[1], t.W[2], t.W[3]
	for i := range acc {
		acc[i] += A(x0[i])*w0 + A(x1[i])*w1 + A(x2[i])*w2 + A(x3[i])*w3
	}
}

// MulCut adds the products, each cut to the accumulator's grid: shifted right by s toward minus infinity.
func MulCut[A Acc, S Lane](acc []A, t *Terms[A, S], s uint) {
	x0, x1, x2, x3 := t.planes(len(acc))
	w0, w1, w2, w3 := t.W[0], t.W[1], t.W[2], t.W[3]
	s &= 63
	for i := range acc {
		acc[i] += A(x0[i])*w0>>s + A(x1[i])*w1>>s + A(x2[i])*w2>>s + A(x3[i])*w3>>s
	}
}

// Rounding is how a product comes to the accumulator's grid: (p + Add + (p<0 ? Neg : 0) + (Even ? bit Shift
// of p : 0)) >> Shift, the fields of a fixed.Plan.
type Rounding[A Acc] struct {
	Shift    uint
	Add, Neg A
	Even     A // 1 or 0
}

// MulRound adds the products, each rounded.
func MulRound[A Acc, S Lane](acc []A, x []S, w A, r Rounding[A]) {
	x = x[:len(acc)]
	s := r.Shift & 63
	if r.Neg == 0 && r.Even == 0 {
		for i := range acc {
			acc[i] += (A(x[i])*w + r.Add) >> s
		}
		return
	}
	sign := uint(63)
	for i := range acc {
		p := A(x[i]) * w
		acc[i] += (p + r.Add + p>>sign&r.Neg + p>>s&r.Even) >> s
	}
}

// MulSat adds the products one after the other to a saturating accumulator: each product is rounded and
// clamped, added, and the sum clamped. r.Neg and r.Even must be zero.
func MulSat[A Acc, S Lane](acc []A, t *Terms[A, S], r Rounding[A], lo, hi A) {
	x0, x1, x2, x3 := t.planes(len(acc))
	w0, w1, w2, w3 := t.W[0], t.W[1], t.W[2], t.W[3]
	s, add := r.Shift&63, r.Add
	for i, a := range acc {
		a = min(max(a+min(max((A(x0[i])*w0+add)>>s, lo), hi), lo), hi)
		a = min(max(a+min(max((A(x1[i])*w1+add)>>s, lo), hi), lo), hi)
		a = min(max(a+min(max((A(x2[i])*w2+add)>>s, lo), hi), lo), hi)
		a = min(max(a+min(max((A(x3[i])*w3+add)>>s, lo), hi), lo), hi)
		acc[i] = a
	}
}

// Affine sets every element to a*x + b.
func Affine[A Acc](acc []A, a, b A) {
	for i, x := range acc {
		acc[i] = a*x + b
	}
}
