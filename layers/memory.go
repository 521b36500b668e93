package layers

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Array is an array of numbers that a project defines outside of functions.
type Array struct {
	Format fixed.Format
	N      int
}

// Stored is how many bits a number of a format takes in memory.
func Stored(f fixed.Format) uint {
	for _, size := range []int{8, 16, 32} {
		if f.W <= size {
			return uint(size)
		}
	}
	return uint((f.W + 63) / 64 * 64)
}

// Layout is how many bits the array takes, and on multiples of how many it begins, as g++ has it on x86-64.
func (a Array) Layout() (bits, align uint) {
	size := Stored(a.Format)
	align = min(size, 64)
	if a.Format.Kind == fixed.KindExponent { // a sign and the exponent
		size += align
	}
	bits = size * uint(a.N)
	for _, large := range []uint{64, 128, 256} {
		if bits >= large {
			align = max(align, large)
		}
	}
	return bits, align
}

// Place is where a weight of g stands in memory, in bits from the first array of the project. g++ puts the
// array that is defined last first. Weights are defined layer by layer, then the constants of configurations.
func Place(g *ir.Graph, w *ir.Weight) uint {
	type placed struct {
		Array
		weight *ir.Weight
	}
	var list []placed
	for _, n := range g.Nodes {
		for _, w := range n.Stored() {
			if w.Storage != "bram" {
				list = append(list, placed{Array{w.Type.Format, len(w.Data.Data)}, w})
			}
		}
	}
	for _, n := range g.Nodes {
		for _, a := range constants(n) {
			list = append(list, placed{a, nil})
		}
	}
	end := uint(0)
	for _, a := range slices.Backward(list) {
		bits, align := a.Layout()
		end = (end + align - 1) / align * align
		if a.weight == w {
			break
		}
		end += bits
	}
	return end
}

// constants lists those of the configuration of n.
func constants(n *ir.Node) []Array {
	if list := ImplOf(n).Constants; list != nil {
		return list(n)
	}
	return nil
}
