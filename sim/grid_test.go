package sim_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/drawtest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// picture is the shape that a chain of layers has come to.
type picture struct{ h, w, c int }

func (p picture) shape() []int { return []int{p.h, p.w, p.c} }

// drawFilters draws the types and weights of a layer of sums.
func drawFilters(t *rapid.T, s *nodeSpec, in fixed.Format, weights, biases int) {
	w, b := drawFormat(t, 10, "weight"), drawFormat(t, 10, "bias")
	s.strategy, s.types = "latency", map[string]fixed.Format{"accum_t": drawFormat(t, 30, "accum")}
	if rapid.IntRange(0, 2).Draw(t, "default accumulator") == 0 {
		s.types["accum_t"] = fixed.Fixed(16, 6)
	}
	s.weights = map[string]weightSpec{
		"weight": {w, drawValues(t, weights, w, "w")}, "bias": {b, drawValues(t, biases, b, "b")},
	}
}

// drawConvolution draws a convolution, depthwise or not, with its strides and padding.
func drawConvolution(t *rapid.T, in fixed.Format, p *picture) nodeSpec {
	fh, fw := rapid.IntRange(1, min(3, p.h)).Draw(t, "fh"), rapid.IntRange(1, min(3, p.w)).Draw(t, "fw")
	sh, sw := rapid.IntRange(1, 2).Draw(t, "sh"), rapid.IntRange(1, 2).Draw(t, "sw")
	top, left := rapid.IntRange(0, fh-1).Draw(t, "top"), rapid.IntRange(0, fw-1).Draw(t, "left")
	bottom, right := rapid.IntRange(0, fh-1).Draw(t, "bottom"), rapid.IntRange(0, fw-1).Draw(t, "right")
	s := nodeSpec{kind: "Conv2D", result: drawFormat(t, 16, "result")}
	filters := rapid.IntRange(1, 4).Draw(t, "filters")
	weights := fh * fw * p.c * filters
	if rapid.IntRange(0, 3).Draw(t, "depthwise") == 0 {
		s.kind, filters, weights = "DepthwiseConv2D", p.c, fh*fw*p.c
	}
	out := picture{(p.h+top+bottom-fh)/sh + 1, (p.w+left+right-fw)/sw + 1, filters}
	s.shape = out.shape()
	s.attrs = map[string]any{
		"in_height": p.h, "in_width": p.w, "n_chan": p.c, "out_height": out.h, "out_width": out.w,
		"n_filt": filters, "filt_height": fh, "filt_width": fw, "stride_height": sh, "stride_width": sw,
		"pad_top": top, "pad_bottom": bottom, "pad_left": left, "pad_right": right, "dilation_height": 1,
		"dilation_width": 1, "data_format": "channels_last",
	}
	drawFilters(t, &s, in, weights, filters)
	*p = out
	return s
}

// drawPooling draws a pooling, with padding or without.
func drawPooling(t *rapid.T, p *picture) nodeSpec {
	ph, pw := rapid.IntRange(1, min(3, p.h)).Draw(t, "ph"), rapid.IntRange(1, min(3, p.w)).Draw(t, "pw")
	sh, sw := rapid.IntRange(1, 3).Draw(t, "sh"), rapid.IntRange(1, 3).Draw(t, "sw")
	top, left := rapid.IntRange(0, ph-1).Draw(t, "top"), rapid.IntRange(0, pw-1).Draw(t, "left")
	out := picture{(p.h+top-ph)/sh + 1, (p.w+left-pw)/sw + 1, p.c}
	s := nodeSpec{
		kind: "Pooling2D", shape: out.shape(), result: drawFormat(t, 16, "result"),
		attrs: map[string]any{
			"in_height": p.h, "in_width": p.w, "n_filt": p.c, "out_height": out.h, "out_width": out.w,
			"pool_height": ph, "pool_width": pw, "stride_height": sh, "stride_width": sw, "pad_top": top,
			"pad_left": left, "pad_bottom": 0, "pad_right": 0, "data_format": "channels_last",
			"pool_op":   rapid.SampledFrom([]string{"Max", "Average"}).Draw(t, "op"),
			"count_pad": rapid.Bool().Draw(t, "count_pad"),
		},
		types: map[string]fixed.Format{"accum_t": drawFormat(t, 24, "accum")},
	}
	*p = out
	return s
}

// drawFrame draws a padding or a larger picture.
func drawFrame(t *rapid.T, in fixed.Format, p *picture) nodeSpec {
	if rapid.Bool().Draw(t, "resize") {
		fh, fw := rapid.IntRange(1, 4).Draw(t, "fh"), rapid.IntRange(1, 4).Draw(t, "fw")
		out := picture{fh * p.h, fw * p.w, p.c}
		s := nodeSpec{kind: "Resize", shape: out.shape(), result: in, attrs: map[string]any{
			"in_height": p.h, "in_width": p.w, "out_height": out.h, "out_width": out.w, "n_chan": p.c,
			"algorithm":   rapid.SampledFrom([]string{"nearest", "bilinear"}).Draw(t, "algorithm"),
			"data_format": "channels_last",
		}}
		if s.attrs["algorithm"] == "bilinear" {
			s.result = drawFormat(t, 14, "result")
		}
		*p = out
		return s
	}
	var pad [4]int
	for i := range pad {
		pad[i] = rapid.IntRange(0, 2).Draw(t, "pad")
	}
	out := picture{p.h + pad[0] + pad[1], p.w + pad[2] + pad[3], p.c}
	s := nodeSpec{kind: "ZeroPadding2D", shape: out.shape(), result: in, attrs: map[string]any{
		"in_height": p.h, "in_width": p.w, "out_height": out.h, "out_width": out.w, "n_chan": p.c,
		"pad_top": pad[0], "pad_bottom": pad[1], "pad_left": pad[2], "pad_right": pad[3],
		"data_format": "channels_last",
	}}
	*p = out
	return s
}

// drawPictures draws a network of pictures, perhaps with a Dense at its end.
func drawPictures(t *rapid.T) (g *ir.Graph, values int) {
	in := drawFormat(t, 16, "in")
	p := picture{
		rapid.IntRange(1, 6).Draw(t, "h"), rapid.IntRange(1, 70).Draw(t, "w"), rapid.IntRange(1, 3).Draw(t, "c"),
	}
	first, format := p, in
	var nodes []nodeSpec
	for range rapid.IntRange(1, 4).Draw(t, "layers") {
		var s nodeSpec
		switch rapid.IntRange(0, 5).Draw(t, "layer") {
		case 0, 1:
			s = drawConvolution(t, format, &p)
		case 2:
			s = drawPooling(t, &p)
		case 3:
			s = drawFrame(t, format, &p)
		default:
			f := rapid.SampledFrom([]string{"relu", "tanh", "linear"}).Draw(t, "f")
			s = activation(f, drawFormat(t, 14, "result"))
			s.shape, s.attrs["n_in"], s.attrs["table_size"] = p.shape(), p.h*p.w*p.c, 1024
		}
		nodes, format = append(nodes, s), s.result
	}
	if rapid.IntRange(0, 3).Draw(t, "global") == 0 {
		s := nodeSpec{
			kind: "GlobalPooling2D", shape: []int{p.c}, result: drawFormat(t, 16, "result"),
			attrs: map[string]any{
				"in_height": p.h, "in_width": p.w, "n_filt": p.c, "data_format": "channels_last",
				"pool_op": rapid.SampledFrom([]string{"Max", "Average"}).Draw(t, "op"),
			},
			types: map[string]fixed.Format{"accum_t": drawFormat(t, 24, "accum")},
		}
		nodes, format, p = append(nodes, s), s.result, picture{1, 1, p.c}
	}
	if n := p.h * p.w * p.c; n <= 64 && rapid.Bool().Draw(t, "dense") {
		nodes = append(nodes, drawDense(t, n, format, 30))
	}
	return chain(t, ir.Parallel, first.shape(), in, nodes...), first.h * first.w * first.c
}

// TestPicturesFastEqualsPlain compares networks on grids, and value by value, with the plain evaluators.
func TestPicturesFastEqualsPlain(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		g, values := drawPictures(t)
		compareEvaluators(t, g, drawValues(t, 2*values, fixed.Fixed(10, 4), "x"))
	})
}

// large is a network of three convolutions and a pooling over pictures of a size.
func large(t testing.TB, size int) *ir.Graph {
	conv := func(side, channels, filters int) nodeSpec {
		w := make([]float64, 9*channels*filters)
		for i := range w {
			w[i] = float64(i%17-8) / 64
		}
		f := fixed.Fixed(16, 6)
		return nodeSpec{
			kind: "Conv2D", shape: []int{side, side, filters}, result: f, strategy: "latency",
			types:   map[string]fixed.Format{"accum_t": f},
			weights: map[string]weightSpec{"weight": {f, w}, "bias": {f, make([]float64, filters)}},
			attrs: map[string]any{
				"in_height": side, "in_width": side, "n_chan": channels, "out_height": side, "out_width": side,
				"n_filt": filters, "filt_height": 3, "filt_width": 3, "stride_height": 1, "stride_width": 1,
				"pad_top": 1, "pad_bottom": 1, "pad_left": 1, "pad_right": 1, "data_format": "channels_last",
			},
		}
	}
	return chain(t, ir.Parallel, []int{size, size, 3}, fixed.Fixed(16, 6),
		conv(size, 3, 8), conv(size, 8, 8), conv(size, 8, 4))
}

// TestSamplesOfPictures runs the same samples in numbers around those of vectors and blocks, on grids and
// value by value, on some workers.
func TestSamplesOfPictures(t *testing.T) {
	const size, most = 24, 130
	g := large(t, size)
	in := normal(most * size * size * 3)
	values, err := sim.Compile(g, view(t), sim.Options{Grid: sim.GridNever})
	require.NoError(t, err)
	want, err := values.Predict32([][]float32{in})
	require.NoError(t, err)
	for _, o := range []sim.Options{
		{Grid: sim.GridAlways}, {Samples: 1}, {Grid: sim.GridNever, Samples: 3}, {Grid: sim.GridNever, Block: 1},
	} {
		p, err := sim.Compile(g, view(t), o)
		require.NoError(t, err)
		for _, n := range []int{1, 3, 16, 17, 64, 128, most} {
			for _, workers := range []int{1, 3} {
				src, err := sim.NewSlices(p, [][]float32{in[:n*size*size*3]})
				require.NoError(t, err)
				var out sim.Collect[float32]
				_, err = sim.Run(t.Context(), p, sim.Job[float32]{Source: src, Sink: &out, Workers: workers})
				require.NoError(t, err)
				require.NoError(t, sim.FirstDiff(p.Outputs[0], out.Data[0], want[0][:n*size*size*4]), "%+v", o)
			}
		}
	}
}

// TestMemoryOfPictures bounds what making and running a program of one large picture takes: a few times its
// values, where a plane for each of them takes hundreds of bytes.
func TestMemoryOfPictures(t *testing.T) {
	const size = 256
	g, in := large(t, size), normal(size*size*3)
	allocated := totalAlloc(func() {
		p, err := sim.Compile(g, view(t), sim.Options{Samples: 1})
		require.NoError(t, err)
		require.Equal(t, 1, p.BlockSize())
		_, err = sim.Predict(context.Background(), p, [][]float32{in})
		require.NoError(t, err)
	})
	require.Less(t, allocated, uint64(60<<20))
}

// TestTooLittleMemory wants both figures, and nothing asked for.
func TestTooLittleMemory(t *testing.T) {
	g := large(t, 128)
	const advice = "use smaller tensors or windows; GOMEMLIMIT=16GiB in the environment allows more, " +
		"where the machine has it"
	for _, c := range []struct {
		o    sim.Options
		want string
	}{
		{sim.Options{Grid: sim.GridNever, Memory: 20 << 20}, `Conv2D "n1": memory: got 45 MB or more for ` +
			"the layers up to this one, written out value by value, want at most 21 MB: " + advice},
		{sim.Options{Grid: sim.GridNever, Memory: 5 << 20}, `Input "x": memory: got 5.2 MB or more for ` +
			"the layers up to this one, written out value by value, want at most 5.2 MB: " + advice},
	} {
		var err error
		took := totalAlloc(func() { _, err = sim.Compile(g, view(t), c.o) })
		require.EqualError(t, err, c.want)
		require.Less(t, took, uint64(20<<20), c.want)
	}
	p, err := sim.Compile(g, view(t), sim.Options{Memory: 1 << 20})
	require.NoError(t, err)
	_, err = p.Predict32([][]float32{normal(128 * 128 * 3)})
	const refusal = "memory: got 1.9 MB or more for running a sample beside the program, " +
		"want at most 920 KB: " + advice
	require.EqualError(t, err, refusal)
	var many sim.Collect[float32]
	src := &endless{}
	_, err = sim.Run(t.Context(), p, sim.Job[float32]{Source: src, Sink: &many})
	require.ErrorContains(t, err, "memory: got ", fmt.Sprint(src.left))
	require.ErrorContains(t, err, " or more for running a sample beside the program, want at most 920 KB: ")
}

// TestHealthOfPictures counts what convolutions overflow: value by value behind a pooling that was tried on a
// grid, whose zeros they do not share, and over a picture that is brought to the loops in several strips.
func TestHealthOfPictures(t *testing.T) {
	pooled := nodeSpec{
		kind: "Pooling2D", shape: []int{2, 1, 1}, result: fixed.Fixed(8, 4),
		attrs: map[string]any{
			"n_filt": 1, "pool_op": "Average", "count_pad": false, "in_height": 4, "in_width": 1, "out_height": 2,
			"out_width": 1, "pool_height": 2, "pool_width": 1, "stride_height": 2, "stride_width": 1,
			"pad_top": 0, "pad_bottom": 0, "pad_left": 0, "pad_right": 0, "data_format": "channels_last",
		},
		types: map[string]fixed.Format{"accum_t": fixed.Int(14)}, // no grid has this
	}
	in := fixed.Fixed(8, 4)
	wraps := column3(2, 1, []float64{1.5, 0, -1})
	wraps.types["accum_t"] = fixed.Fixed(12, 4) // counted without planes of its own
	column := chain(t, ir.Parallel, []int{4, 1, 1}, in, pooled, wraps)
	compareEvaluators(t, column, []float64{1, -2, 7, 3, 0, -8, 5, 0.5})

	const h, w = 45, 243
	x := make([]float64, h*w)
	for i := range x {
		x[i] = float64(i%113)/8 - 7
	}
	compareEvaluators(t, chain(t, ir.Parallel, []int{h, w, 1}, in, column3(h, w, []float64{1.5, 1, -1})), x)
}

// column3 is a convolution with a window of three rows and a narrow accumulator that saturates.
func column3(h, w int, weights []float64) nodeSpec {
	return nodeSpec{
		kind: "Conv2D", shape: []int{h, w, 1}, result: fixed.Fixed(16, 6), strategy: "latency",
		attrs: map[string]any{
			"in_height": h, "in_width": w, "n_chan": 1, "out_height": h, "out_width": w, "n_filt": 1,
			"filt_height": 3, "filt_width": 1, "stride_height": 1, "stride_width": 1, "pad_top": 1,
			"pad_bottom": 1, "pad_left": 0, "pad_right": 0, "dilation_height": 1, "dilation_width": 1,
			"data_format": "channels_last",
		},
		types: map[string]fixed.Format{"accum_t": fixed.Fixed(10, 4).With(fixed.RND, fixed.SAT)},
		weights: map[string]weightSpec{
			"weight": {fixed.Fixed(8, 3), weights}, "bias": {fixed.Fixed(8, 3), []float64{0.25}},
		},
	}
}
