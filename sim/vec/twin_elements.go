package vec

import "unsafe"

// twinElement computes an operation on lanes of S with results of D.
func twinElement[D, S lane](block int, of func(x, y, z D, p *Params) D) Plane {
	return Plane{Block: block, run: func(dst, src *byte, n int64, params *int64) {
		p := (*Params)(unsafe.Pointer(params))
		second, third := at[byte](src, p.Second), at[byte](src, p.Third)
		for i := range int(n) * block {
			put(dst, i, of(D(get[S](src, i)), D(get[S](second, i)), D(get[S](third, i)), p))
		}
	}}
}

func stepAdd[D lane](x, y, _ D, p *Params) D   { return x<<p.Left + y<<p.Shift }
func stepSub[D lane](x, y, _ D, p *Params) D   { return x<<p.Left - y<<p.Shift }
func stepMul[D lane](x, y, _ D, _ *Params) D   { return x * y }
func stepMax[D lane](x, y, _ D, _ *Params) D   { return max(x, y) }
func stepScale[D lane](x, _, _ D, p *Params) D { return x*D(p.Factor) + D(p.Add) }

func stepChoose[D lane](x, y, z D, p *Params) D {
	if x > D(p.Lo) {
		return y
	}
	return z
}

// twinPair is the operations that widen or keep the width.
func twinPair[D, S lane](out *[ops][4][4]Plane, of *Set, in, to int) {
	for op, step := range map[Op]func(x, y, z D, p *Params) D{
		Add: stepAdd[D], Sub: stepSub[D], Mul: stepMul[D], Scale: stepScale[D],
	} {
		out[op][in][to] = twinElement[D, S](of.elements[op][in][to].Block, step)
	}
}

// twinSame is the operations that keep the width.
func twinSame[D lane](out *[ops][4][4]Plane, of *Set, width int) {
	for op, step := range map[Op]func(x, y, z D, p *Params) D{Max: stepMax[D], Choose: stepChoose[D]} {
		out[op][width][width] = twinElement[D, D](of.elements[op][width][width].Block, step)
	}
}

func twinElements(of *Set) (out [ops][4][4]Plane) {
	twinPair[int16, int8](&out, of, 0, 1)
	twinPair[int16, int16](&out, of, 1, 1)
	twinPair[int32, int16](&out, of, 1, 2)
	twinPair[int32, int32](&out, of, 2, 2)
	twinPair[int64, int32](&out, of, 2, 3)
	twinPair[int64, int64](&out, of, 3, 3)
	twinSame[int8](&out, of, 0)
	twinSame[int16](&out, of, 1)
	twinSame[int32](&out, of, 2)
	twinSame[int64](&out, of, 3)
	return out
}
