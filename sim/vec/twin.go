package vec

import "unsafe"

// The twins: every loop in plain Go, for any tile geometry. They are the scalar set and the judges of the
// vector code.

type lane interface{ ~int16 | ~int32 | ~int64 }

func at[T any](base *byte, bytes int64) *T { return (*T)(unsafe.Add(unsafe.Pointer(base), bytes)) }

func get[T lane](base *byte, i int) T {
	var t T
	return *at[T](base, int64(i)*int64(unsafe.Sizeof(t)))
}

func put[T lane](base *byte, i int, v T) { *at[T](base, int64(i)*int64(unsafe.Sizeof(v))) = v }

// twinSum applies step to every accumulator of the tile for every term.
func twinSum[A lane](outputs, samples, unit int, step func(x *byte, s int, w *byte, acc A, p *Params) A) Sum {
	return Sum{Outputs: outputs, Samples: samples, unit: unit,
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

// twinCast applies the cast of Params within lanes of S and stores lanes of D.
func twinCast[D, S lane](block int) Plane {
	return Plane{Block: block, run: func(dst, src *byte, n int64, p *int64) {
		c := (*Params)(unsafe.Pointer(p))
		for i := range int(n) * block {
			v := (get[S](src, i) + S(c.Add)) >> c.Shift
			v = v << c.Wrap >> c.Wrap
			put(dst, i, D(min(max(v, S(c.Lo)), S(c.Hi))))
		}
	}}
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

func twinWiden[D, S lane](block int) Plane {
	return Plane{Block: block, run: func(dst, src *byte, n int64, _ *int64) {
		for i := range int(n) * block {
			put(dst, i, D(get[S](src, i)))
		}
	}}
}

// Twins returns the plain set with the tile geometry of another one.
func Twins(of Set) Set {
	return Set{
		Name:        "scalar",
		MulHi16:     twinSum(of.MulHi16.Outputs, of.MulHi16.Samples, 4, stepMulHi16),
		MulLo16:     twinSum(of.MulLo16.Outputs, of.MulLo16.Samples, 4, stepMulLo16),
		Dot16:       twinSum(of.Dot16.Outputs, of.Dot16.Samples, 4, stepDot16),
		Cut32:       twinSum(of.Cut32.Outputs, of.Cut32.Samples, 4, stepCut32),
		Saturate32:  twinSum(of.Saturate32.Outputs, of.Saturate32.Samples, 4, stepSaturate32),
		Dot64:       twinSum(of.Dot64.Outputs, of.Dot64.Samples, 8, stepDot64),
		Cut64:       twinSum(of.Cut64.Outputs, of.Cut64.Samples, 8, stepCut64),
		Saturate64:  twinSum(of.Saturate64.Outputs, of.Saturate64.Samples, 8, stepSaturate64),
		Post16:      twinCast[int16, int16](of.Post16.Block),
		Post32:      twinCast[int32, int32](of.Post32.Block),
		Post64:      twinCast[int64, int64](of.Post64.Block),
		Post32to16:  twinCast[int16, int32](of.Post32to16.Block),
		Post64to32:  twinCast[int32, int64](of.Post64to32.Block),
		Post64to16:  twinCast[int16, int64](of.Post64to16.Block),
		Pack16:      twinPack16(of.Pack16.Block),
		Widen16to32: twinWiden[int32, int16](of.Widen16to32.Block),
		Widen32to64: twinWiden[int64, int32](of.Widen32to64.Block),
	}
}

// scalar is the plain set with a geometry that suits a machine without vector code.
func scalar() Set {
	tile := func(samples int) Sum { return Sum{Outputs: 4, Samples: samples} }
	return Twins(Set{
		MulHi16: tile(32), MulLo16: tile(32), Dot16: tile(16), Cut32: tile(16), Saturate32: tile(16),
		Dot64: tile(8), Cut64: tile(8), Saturate64: tile(8),
		Post16: Plane{Block: 16}, Post32: Plane{Block: 8}, Post64: Plane{Block: 4},
		Post32to16: Plane{Block: 8}, Post64to32: Plane{Block: 4}, Post64to16: Plane{Block: 4},
		Pack16: Plane{Block: 8}, Widen16to32: Plane{Block: 8}, Widen32to64: Plane{Block: 4},
	})
}
