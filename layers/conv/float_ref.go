package conv

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// convolutionRef is the float reference of ordinary and pointwise convolutions.
var convolutionRef = windowRef(addProducts)

// windowRef is the float reference of a convolution that adds something of each window to the bias. Weights
// are those of the framework, neither rounded nor transposed: the reference is what the trained network
// says, and what the firmware loses is measured against it.
func windowRef(add func(res, x []float64, window []int, w []float64)) layers.RefFunc {
	return func(n *ir.Node) (func(in [][]float64, out []float64), error) {
		g, err := reference(n)
		if err != nil {
			return nil, err
		}
		weights, err := n.FrameworkWeights("weight", "bias")
		if err != nil {
			return nil, err
		}
		w, b := weights[0], weights[1]
		return func(in [][]float64, out []float64) {
			g.each(func(i int, window []int) {
				res := out[i*len(b):][:len(b)]
				copy(res, b)
				add(res, in[0], window, w)
			})
		}, nil
	}
}

// addProducts adds the products of a window and the weights (taps, filters) to res. res holds one pixel,
// with the bias in it already. Padding is skipped, as it adds zero.
func addProducts(res, x []float64, window []int, w []float64) {
	for k, at := range window {
		if at < 0 {
			continue
		}
		for f := range res {
			res[f] += x[at] * w[k*len(res)+f]
		}
	}
}

// depthwiseRef is the float reference of depthwise convolutions.
var depthwiseRef = windowRef(addChannels)

// addChannels adds the products of each channel of a window to its place in res. The window has its
// channels inside, and so have the weights (taps, channels, 1): the place in the window modulo the channels
// is the channel.
func addChannels(res, x []float64, window []int, w []float64) {
	for k, at := range window {
		if at >= 0 {
			res[k%len(res)] += x[at] * w[k]
		}
	}
}

// separableRef is the float reference of separable convolutions.
var separableRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	g, err := reference(n)
	if err != nil {
		return nil, err
	}
	weights, err := n.FrameworkWeights("depthwise", "pointwise", "bias")
	if err != nil {
		return nil, err
	}
	d, p, b := weights[0], weights[1], weights[2]
	// The second convolution has a window of one pixel: all channels of the first one's answer, in order.
	between := make([]int, CommonOf(n).NChan)
	for c := range between {
		between[c] = c
	}
	return func(in [][]float64, out []float64) {
		pixel := make([]float64, len(between))
		g.each(func(i int, window []int) {
			clear(pixel)
			addChannels(pixel, in[0], window, d)
			res := out[i*len(b):][:len(b)]
			copy(res, b)
			addProducts(res, pixel, between, p)
		})
	}, nil
}

// each calls visit for the window of every output pixel, row by row. A list of the windows of a large picture
// would be larger than all of its values.
func (g windows) each(visit func(i int, window []int)) {
	var window []int
	for i := range g.outH * g.outW {
		window = g.appendPixel(window[:0], i/g.outW, i%g.outW)
		visit(i, window)
	}
}

// reference is the geometry of the framework's convolution: with its dilation, which the firmware has in
// io_stream alone.
func reference(n *ir.Node) (windows, error) {
	g, rate := geometry(n), CommonOf(n).DilationRate
	if err := layers.Fits(n, "a window", 8, g.size()); err != nil {
		return g, err
	}
	if g.dilated() || !slices.ContainsFunc(rate, func(d int) bool { return d != 1 }) {
		return g, nil
	}
	g.dilationW = rate[len(rate)-1]
	if len(rate) == 2 {
		g.dilationH = rate[0]
	}
	var okH, okW bool
	// Padding and output were computed for a filter without gaps. The output's shape is the firmware's, so
	// that the reference can answer only where the framework's is the same.
	g.padTop, okH = dilatedPadding(g.padTop, g.filtH, g.dilationH, g.outH-g.height)
	g.padLeft, okW = dilatedPadding(g.padLeft, g.filtW, g.dilationW, g.outW-g.width)
	if !okH || !okW {
		return g, n.Errorf("dilation_rate: got %v with padding valid: the framework's output has another shape",
			rate)
	}
	return g, nil
}

// dilatedPadding is the padding before an axis once the filter is dilated; frameworks dilate with strides
// of one only. grown is by how many pixels the output is larger than the input: none, unless the padding
// is valid.
func dilatedPadding(before, filt, dilation, grown int) (int, bool) {
	switch all := (filt - 1) * dilation; {
	case dilation == 1 || filt == 1:
		return before, true
	case grown != 0:
		return 0, false
	// Padding before tells causal from same: causal puts all of it in front, same at most half.
	case before == filt-1: // causal
		return all, true
	default:
		return all / 2, true
	}
}
