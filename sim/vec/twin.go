package vec

import (
	"math"
	"slices"
	"unsafe"
)

// The twins: every loop in plain Go, for any tile geometry. They are the scalar set and the judges of the
// vector code.

type lane interface {
	~int8 | ~int16 | ~int32 | ~int64
}

func at[T any](base *byte, bytes int64) *T { return (*T)(unsafe.Add(unsafe.Pointer(base), bytes)) }

func get[T lane](base *byte, i int) T {
	var t T
	return *at[T](base, int64(i)*int64(unsafe.Sizeof(t)))
}

func put[T lane](base *byte, i int, v T) { *at[T](base, int64(i)*int64(unsafe.Sizeof(v))) = v }

// twinSum applies step to every accumulator of the tile for every term.
func twinSum[A lane](
	name string, of Sum, unit int, step func(x *byte, s int, w *byte, acc A, p *Params) A,
) Sum {
	outputs, samples := of.Outputs, of.Samples
	twice := unit == 4 && unsafe.Sizeof(A(0)) == 2
	return Sum{Name: name, Outputs: outputs, Samples: samples, unit: unit, twice: twice,
		run: func(x *byte, offs *int64, w *byte, k int64, acc *byte, p *int64) {
			for i := range int(k) {
				in := at[byte](x, *at[int64]((*byte)(unsafe.Pointer(offs)), int64(i)*8))
				for j := range outputs {
					wj := at[byte](w, int64((i*outputs+j)*unit))
					for s := range samples {
						a := j*samples + s
						put(acc, a, step(in, s, wj, get[A](acc, a), (*Params)(unsafe.Pointer(p))))
					}
				}
			}
		}}
}

func stepMulHi16(x *byte, s int, w *byte, acc int16, _ *Params) int16 {
	return acc + int16(int32(get[int16](x, s))*int32(get[int16](w, 0))>>16)
}

func stepMulLo16(x *byte, s int, w *byte, acc int16, _ *Params) int16 {
	return acc + get[int16](x, s)*get[int16](w, 0)
}

func stepDot16(x *byte, s int, w *byte, acc int32, _ *Params) int32 {
	return acc + int32(get[int16](x, 2*s))*int32(get[int16](w, 0)) +
		int32(get[int16](x, 2*s+1))*int32(get[int16](w, 1))
}

func stepCut32(x *byte, s int, w *byte, acc int32, p *Params) int32 {
	return acc + (get[int32](x, s)*get[int32](w, 0)+int32(p.Add))>>p.Shift
}

func stepSaturate32(x *byte, s int, w *byte, acc int32, p *Params) int32 {
	lo, hi := int32(p.Lo), int32(p.Hi)
	t := (get[int32](x, s)*get[int32](w, 0) + int32(p.Add)) >> p.Shift
	return min(max(acc+min(max(t, lo), hi), lo), hi)
}

func stepDot64(x *byte, s int, w *byte, acc int64, _ *Params) int64 {
	return acc + int64(int32(get[int64](x, s)))*int64(int32(get[int64](w, 0)))
}

func product64(x *byte, s int, w *byte, p *Params) int64 {
	return (int64(int32(get[int64](x, s)))*int64(int32(get[int64](w, 0))) + p.Add) >> p.Shift
}

func stepCut64(x *byte, s int, w *byte, acc int64, p *Params) int64 {
	return acc + product64(x, s, w, p)
}

func stepSaturate64(x *byte, s int, w *byte, acc int64, p *Params) int64 {
	t := min(max(product64(x, s, w, p), p.Lo), p.Hi)
	return min(max(acc+t, p.Lo), p.Hi)
}

// twinCast converts lanes of S to lanes of D, computing in lanes of W.
func twinCast[D, W, S lane](block int) Plane {
	return Plane{Block: block, run: func(dst, src *byte, n int64, p *int64) {
		c := (*Params)(unsafe.Pointer(p))
		var w W
		sign := 8*unsafe.Sizeof(w) - 1
		for i := range int(n) * block {
			x := W(get[S](src, i)) << c.Left
			x = (x + W(c.Add) + x>>sign&W(c.Negative) + x>>c.Shift&W(c.Even)) >> c.Shift
			x = x << c.Wrap >> c.Wrap & W(c.Mask)
			put(dst, i, D(min(max(x, W(c.Lo)), W(c.Hi))))
		}
	}}
}

// twinCasts are all casts, computing in 16, 32 and 64 bits, with the blocks of another set.
func twinCasts(of *Set) (out [3][4][4]Plane) {
	b := func(width, in, to int) int { return of.casts[width][in][to].Block }
	out[0][0][0] = twinCast[int8, int16, int8](b(0, 0, 0))
	out[0][0][1] = twinCast[int16, int16, int8](b(0, 0, 1))
	out[0][1][0] = twinCast[int8, int16, int16](b(0, 1, 0))
	out[0][1][1] = twinCast[int16, int16, int16](b(0, 1, 1))
	out[1][0] = twinRow[int32, int8](b(1, 0, 0), 3)
	out[1][1] = twinRow[int32, int16](b(1, 1, 0), 3)
	out[1][2] = twinRow[int32, int32](b(1, 2, 0), 3)
	out[2][0] = twinRow[int64, int8](b(2, 0, 0), 4)
	out[2][1] = twinRow[int64, int16](b(2, 1, 0), 4)
	out[2][2] = twinRow[int64, int32](b(2, 2, 0), 4)
	out[2][3] = twinRow[int64, int64](b(2, 3, 0), 4)
	return out
}

// twinRow are the casts from S in lanes of W to the n narrowest lanes.
func twinRow[W, S lane](block, n int) (out [4]Plane) {
	all := [4]Plane{
		twinCast[int8, W, S](block), twinCast[int16, W, S](block),
		twinCast[int32, W, S](block), twinCast[int64, W, S](block),
	}
	copy(out[:n], all[:n])
	return out
}

func twinPack16(block int) Plane {
	return Plane{Block: block, run: func(dst, src *byte, n int64, p *int64) {
		second := at[byte](src, (*Params)(unsafe.Pointer(p)).Add)
		for i := range int(n) * block {
			put(dst, 2*i, get[int16](src, i))
			put(dst, 2*i+1, get[int16](second, i))
		}
	}}
}

// twinSteps rounds by a function. A float32 scaled by a power of two and a half more are exact in float64.
func twinSteps(round func(float64) float64) func(dst *int32, src *float32, n int64, scale float32) int64 {
	return func(dst *int32, src *float32, n int64, scale float32) int64 {
		good := int64(1<<StepsBlock - 1)
		for i, v := range unsafe.Slice(src, n*StepsBlock) {
			x := float64(v) * float64(scale)
			if !(math.Abs(x) < 1<<31) {
				good = 0
				continue
			}
			unsafe.Slice(dst, n*StepsBlock)[i] = int32(round(x))
		}
		return good
	}
}

// Twins returns the plain set with the tile geometry of another one.
func Twins(of Set) Set {
	return Set{
		Name:       "scalar",
		MulHi16:    twinSum("mulHi16", of.MulHi16, 4, stepMulHi16),
		MulLo16:    twinSum("mulLo16", of.MulLo16, 4, stepMulLo16),
		Dot16:      twinSum("dot16", of.Dot16, 4, stepDot16),
		Cut32:      twinSum("cut32", of.Cut32, 4, stepCut32),
		Saturate32: twinSum("saturate32", of.Saturate32, 4, stepSaturate32),
		Dot64:      twinSum("dot64", of.Dot64, 8, stepDot64),
		Cut64:      twinSum("cut64", of.Cut64, 8, stepCut64),
		Saturate64: twinSum("saturate64", of.Saturate64, 8, stepSaturate64),
		Floor:      Steps{twinSteps(math.Floor)},
		Even:       Steps{twinSteps(math.RoundToEven)},
		Up:         Steps{twinSteps(func(v float64) float64 { return math.Floor(v + 0.5) })},
		Pack16:     twinPack16(of.Pack16.Block),
		casts:      twinCasts(&of),
		widen:      twinWidens(&of),
		elements:   twinElements(&of),
	}
}

// scalar is the plain set with a geometry that suits a machine without vector code.
func scalar() Set {
	row := blocks(8)[0][0]
	tile := func(samples int) Sum { return Sum{Outputs: 4, Samples: samples} }
	return Twins(Set{
		MulHi16: tile(32), MulLo16: tile(32), Dot16: tile(16), Cut32: tile(16), Saturate32: tile(16),
		Dot64: tile(8), Cut64: tile(8), Saturate64: tile(8),
		Pack16: Plane{Block: 8}, casts: blocks(8), widen: [3][4]Plane{row, row, row},
		elements: [ops][4][4]Plane(slices.Repeat([][4][4]Plane{blocks(8)[0]}, int(ops))),
	})
}

// twinWiden sign-extends lanes of S to lanes of D.
func twinWiden[D, S lane](block int) Plane {
	return Plane{Block: block, run: func(dst, src *byte, n int64, _ *int64) {
		for i := range int(n) * block {
			put(dst, i, D(get[S](src, i)))
		}
	}}
}

func twinWidens(of *Set) (out [3][4]Plane) {
	b := func(in, to int) int { return of.widen[in][to].Block }
	out[0][1] = twinWiden[int16, int8](b(0, 1))
	out[0][2] = twinWiden[int32, int8](b(0, 2))
	out[0][3] = twinWiden[int64, int8](b(0, 3))
	out[1][2] = twinWiden[int32, int16](b(1, 2))
	out[1][3] = twinWiden[int64, int16](b(1, 3))
	out[2][3] = twinWiden[int64, int32](b(2, 3))
	return out
}

// blocks are empty casts of a block size.
func blocks(n int) (out [3][4][4]Plane) {
	for i := range out {
		for j := range out[i] {
			for k := range out[i][j] {
				out[i][j][k].Block = n
			}
		}
	}
	return out
}
