package shape

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// TransposeAttrs are the attributes of Transpose.
type TransposeAttrs struct {
	DataFormat string `hls:"data_format"`
	Perm       []int  `hls:"perm"`     // output axis -> input axis
	Dim        string `hls:"dim"`      // "1d", "2d", "3d", ...
	PermStr    string `hls:"perm_str"` // as templates print it; 2-D ones are seen as 3-D
	Depth      int    `hls:"depth"`    // input axes, for up to 3-D
	Height     int    `hls:"height"`
	Width      int    `hls:"width"`
}

// Permutation implements layers.Permuting.
func (a *TransposeAttrs) Permutation() []int { return a.Perm }

var transposeDef = layers.Def{
	Kind:   "Transpose",
	Doc:    "permutation of axes",
	Traits: layers.Moves,
	Attrs:  func() any { return &TransposeAttrs{} },
	Init:   initTranspose,
	Infer:  layers.InferLikeInput,
	Bits:   transposeBits,
	Ref:    transposeRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: transposeKernel, Emit: transposeEmit},
	},
}

// initTranspose permutes the shape; the result has the type of the input. Mirrors Transpose.initialize.
func initTranspose(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[TransposeAttrs](n)
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	a.Dim = fmt.Sprintf("%dd", len(in.Shape))
	shape := in.Shape
	a.PermStr = joined(a.Perm, 0)
	if len(a.Perm) == 1 {
		a.Perm = []int{0}
	} else {
		if !permutes(a.Perm, len(in.Shape)) {
			return n.Errorf("perm: got %v, want a permutation of %d axes", a.Perm, len(in.Shape))
		}
		shape = make([]int, len(in.Shape))
		for i, p := range a.Perm {
			shape[i] = in.Shape[p]
		}
	}
	switch len(shape) {
	case 2:
		a.PermStr = "0," + joined(a.Perm, 1)
		a.Depth, a.Height, a.Width = 1, in.Shape[0], in.Shape[1]
	case 3:
		a.Depth, a.Height, a.Width = in.Shape[0], in.Shape[1], in.Shape[2]
	}
	n.AddOutputOf(shape, fmt.Sprintf("layer%d_out", n.Index), fmt.Sprintf("layer%d_t", n.Index), in.Type.Format)
	return nil
}

func permutes(perm []int, rank int) bool {
	sorted := slices.Sorted(slices.Values(perm))
	for i, p := range sorted {
		if i != p {
			return false
		}
	}
	return len(perm) == rank
}

func joined(perm []int, offset int) string {
	parts := make([]string, len(perm))
	for i, p := range perm {
		parts[i] = strconv.Itoa(p + offset)
	}
	return strings.Join(parts, ",")
}
