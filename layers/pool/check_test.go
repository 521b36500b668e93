package pool_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/layers/pool"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	var samples []layerstest.Sample
	for _, op := range []string{"Max", "Average"} {
		samples = append(samples,
			layerstest.Sample{Kind: "Pooling1D", Name: op, Build: func(n *layerstest.Net) { line(n, op) }},
			layerstest.Sample{Kind: "Pooling2D", Name: op, Build: func(n *layerstest.Net) { picture(n, op) }},
			layerstest.Sample{Kind: "GlobalPooling1D", Name: op, Build: func(n *layerstest.Net) {
				x := n.Input(n.Between(2, 6), n.Between(1, 3))
				n.Layer("GlobalPooling1D", layerstest.Attrs{
					"pool_op": op, "n_in": n.Shape(x)[0], "n_filt": n.Shape(x)[1],
				}, nil, x)
			}},
			layerstest.Sample{Kind: "GlobalPooling2D", Name: op, Build: func(n *layerstest.Net) {
				x := n.Input(n.Between(2, 4), n.Between(2, 4), n.Between(1, 3))
				n.Layer("GlobalPooling2D", layerstest.Attrs{
					"pool_op": op, "in_height": n.Shape(x)[0], "in_width": n.Shape(x)[1], "n_filt": n.Shape(x)[2],
				}, nil, x)
			}},
		)
	}
	layerstest.Check(t, layerstest.Family{Defs: pool.Defs(), Samples: samples})
}

func line(n *layerstest.Net, op string) {
	window, stride, channels := n.Between(1, 3), n.Between(1, 3), n.Between(1, 3)
	out := n.Between(1, 3)
	in := (out-1)*stride + window
	n.Layer("Pooling1D", layerstest.Attrs{
		"pool_op": op, "n_in": in, "n_out": out, "n_filt": channels, "pool_width": window, "stride_width": stride,
	}, nil, n.Input(in, channels))
}

// picture has windows that do not overlap, as streams want them.
func picture(n *layerstest.Net, op string) {
	h, w, channels := n.Between(1, 2), n.Between(1, 3), n.Between(1, 3)
	rows, cols := n.Between(1, 2), n.Between(1, 3)
	n.Layer("Pooling2D", layerstest.Attrs{
		"pool_op": op, "n_filt": channels, "in_height": rows * h, "in_width": cols * w, "out_height": rows,
		"out_width": cols, "pool_height": h, "pool_width": w, "stride_height": h, "stride_width": w,
	}, nil, n.Input(rows*h, cols*w, channels))
}
