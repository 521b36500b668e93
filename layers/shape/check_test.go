package shape_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/layers/shape"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	layerstest.Check(t, layerstest.Family{Defs: shape.Defs(), Samples: []layerstest.Sample{
		{Kind: "Reshape", Build: flatten},
		{Kind: "Repack", Build: words},
		{Kind: "Clone", Build: twoReaders},
		{Kind: "Transpose", Build: transpose},
		{Kind: "ZeroPadding1D", Build: func(n *layerstest.Net) {
			frame(n, "ZeroPadding1D", "pad", 1, "left", "right")
		}},
		{Kind: "ZeroPadding2D", Build: func(n *layerstest.Net) {
			frame(n, "ZeroPadding2D", "pad", 1, "left", "right", "top", "bottom")
		}},
		{Kind: "Cropping1D", Build: func(n *layerstest.Net) {
			frame(n, "Cropping1D", "crop", -1, "left", "right")
		}},
		{Kind: "Cropping2D", Build: func(n *layerstest.Net) {
			frame(n, "Cropping2D", "crop", -1, "left", "right", "top", "bottom")
		}},
		{Kind: "Resize", Build: func(n *layerstest.Net) { resize(n, "nearest") }},
		{Kind: "Resize", Name: "bilinear", Build: func(n *layerstest.Net) { resize(n, "bilinear") }},
	}})
}

// flatten has a layer behind it: a stream that is only flattened changes nothing.
func flatten(n *layerstest.Net) {
	rows, size := n.Between(1, 3), n.Between(1, 3)
	flat := n.Layer("Reshape", layerstest.Attrs{"target_shape": []int{rows * size}}, nil, n.Input(rows, size))
	n.Layer("Dense", layerstest.Attrs{"n_in": rows * size, "n_out": 2}, layerstest.Tensors{
		"weight_data": n.Tensor(rows*size, 2), "bias_data": n.Tensor(2),
	}, flat)
}

// words changes how many values a word of a stream has.
func words(n *layerstest.Net) {
	rows, size := n.Between(2, 3), n.Between(4, 5)
	x := n.Layer("Reshape", layerstest.Attrs{"target_shape": []int{size, rows}}, nil, n.Input(rows, size))
	n.Layer("Activation", layerstest.Attrs{"activation": "relu"}, nil, x)
}

func twoReaders(n *layerstest.Net) {
	x := n.Layer("Activation", layerstest.Attrs{"activation": "relu"}, nil, n.Input(n.Between(1, 5)))
	n.Outputs(n.Layer("Activation", layerstest.Attrs{"activation": "linear"}, nil, x),
		n.Layer("Activation", layerstest.Attrs{"activation": "relu"}, nil, x))
}

func transpose(n *layerstest.Net) {
	rank := n.Between(2, 3)
	n.Layer("Transpose", layerstest.Attrs{"perm": []int{1, 0, 2}[:rank]}, nil,
		n.Input([]int{n.Between(2, 3), n.Between(2, 3), n.Between(1, 3)}[:rank]...))
}

// frame is a padding (grow 1) or cropping (grow -1) on each of the sides.
func frame(n *layerstest.Net, kind, what string, grow int, sides ...string) {
	shape := []int{n.Between(5, 6), n.Between(5, 6), n.Between(1, 3)}[2-len(sides)/2:]
	w := shape[len(shape)-2]
	a := layerstest.Attrs{"n_chan": shape[len(shape)-1], "in_width": w}
	change := map[string]int{}
	for _, side := range sides {
		k := n.Between(0, 2)
		a[what+"_"+side], change[side] = k, grow*k
	}
	a["out_width"] = w + change["left"] + change["right"]
	if len(shape) == 3 {
		a["in_height"], a["out_height"] = shape[0], shape[0]+change["top"]+change["bottom"]
	}
	n.Layer(kind, a, nil, n.Input(shape...))
}

func resize(n *layerstest.Net, algorithm string) {
	h, w, c, factor := n.Between(1, 3), n.Between(2, 3), n.Between(1, 2), n.Between(2, 3)
	n.Layer("Resize", layerstest.Attrs{
		"in_height": h, "in_width": w, "out_height": h * factor, "out_width": w * factor, "n_chan": c,
		"algorithm": algorithm,
	}, nil, n.Input(h, w, c))
}
