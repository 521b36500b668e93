package sim

import (
	"math"
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
)

// Numbers come and go sample by sample, while planes hold one value of many samples: these functions turn the
// one into the other, a column at a time. Formats over 64 bits go through big integers.

// look sets the lanes that a port's planes have, and says where in them the values of n samples lie: one
// behind the other, or those of one sample on the port's grid.
func (m *memory) look(t Port, n int) grid {
	g := t.tensor.grid
	if g == nil {
		if m.rooms != nil { // planes of a single sample beside those on grids
			m.n = planeAlign
		}
		return grid{1, n, n}
	}
	m.n = roundUp(g.lanes(), planeAlign)
	return *g
}

// loadInput converts n samples of an input to its planes, the rest of the block to zero; on a grid, n
// positions. It returns how many values were infinite or not a number.
func loadInput[T Float](m *memory, t Port, src []T, n int) (bad int) {
	size := len(t.tensor.Planes)
	column := floats[T](m)
	for k, p := range t.tensor.Planes {
		for s := range n {
			column[s] = src[s*size+k]
		}
		clear(column[n:]) // zero is a value of every format: operations run over whole vectors
		if m.lanes[p] == laneWide {
			bad += loadBig(m.big(p), column, t.Format)
			continue
		}
		raws := m.scratch[0][:m.n]
		bad += fromFloats(raws, column, t.Format)
		m.store(p, raws)
	}
	return bad
}

// fromFloats converts numbers to raws; it returns how many were infinite or not a number.
func fromFloats[T Float](dst []int64, src []T, f fixed.Format) int {
	switch s := any(src).(type) {
	case []float32:
		return fixed.FromFloat32s(dst, s, f)
	case []float64:
		return fixed.FromFloat64s(dst, s, f)
	}
	panic("BUG: no such float")
}

// loadBig is fromFloats for formats of any width.
func loadBig[T Float](dst []big.Int, src []T, f fixed.Format) (bad int) {
	for i, v := range src {
		switch s := any(v).(type) {
		case float32:
			fixed.FromFloat32Big(&dst[i], s, f)
		case float64:
			fixed.FromFloat64Big(&dst[i], s, f)
		}
		if w := float64(v); math.IsNaN(w) || math.IsInf(w, 0) {
			bad++
		}
	}
	return bad
}

// storeFloats converts n samples of a tensor to floats.
func storeFloats[T Float](m *memory, t Port, dst []T, n int) {
	size, g := len(t.tensor.Planes), m.look(t, n)
	column := floats[T](m)
	for k, p := range t.tensor.Planes {
		if m.lanes[p] == laneWide {
			storeBig(column, m.big(p), t.Format)
		} else {
			toFloats(column, m.load(p, 0), t.Format)
		}
		at := k
		for y := range g.h {
			for _, v := range column[y*g.stride:][:g.w] {
				dst[at] = v
				at += size
			}
		}
	}
}

// toFloats converts raws to numbers, rounded as the C++ casts to float or double round.
func toFloats[T Float](dst []T, src []int64, f fixed.Format) {
	if !f.Narrow() { // raws of a wide format that were proved to be small
		for i, x := range src {
			dst[i] = bigToFloat[T](big.NewInt(x), f)
		}
		return
	}
	switch d := any(dst).(type) {
	case []float32:
		fixed.ToFloat32s(d, src, f)
	case []float64:
		fixed.ToFloat64s(d, src, f)
	}
}

// storeBig is toFloats for formats of any width.
func storeBig[T Float](dst []T, src []big.Int, f fixed.Format) {
	for i := range dst {
		dst[i] = bigToFloat[T](&src[i], f)
	}
}

func bigToFloat[T Float](x *big.Int, f fixed.Format) T {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return T(fixed.ToFloat32Big(x, f))
	}
	return T(fixed.ToFloat64Big(x, f))
}

// storeRaw copies n samples of a tensor as raw integers. A tensor has wide and narrow planes side by side
// where some of its values were proved small: then all of them are delivered as big integers.
func storeRaw(m *memory, t Port, dst *Raw, n int) {
	size, g := len(t.tensor.Planes), m.look(t, n)
	for k, p := range t.tensor.Planes {
		switch {
		case m.lanes[p] == laneWide:
			for s, x := range m.big(p)[:n] {
				dst.Wide[s*size+k].Set(&x)
			}
		case dst.Wide != nil:
			for s, x := range m.load(p, 0)[:n] {
				dst.Wide[s*size+k].SetInt64(x)
			}
		default:
			at, x := k, m.load(p, 0)
			for y := range g.h {
				for _, v := range x[y*g.stride:][:g.w] {
					dst.Narrow[at] = v
					at += size
				}
			}
		}
	}
}
