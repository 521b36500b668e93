package conv

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// strategies lists those of convolutions that mix channels.
func strategies() []ir.Strategy { return append(ir.MatrixStrategies(), ir.DistributedArithmetic) }

// setup decides strategy, reuse factor, implementation and how many pixels are computed in parallel, for
// sums of nIn terms. It mirrors what init_conv1d and init_conv2d of vivado_backend.py share.
func setup(n *ir.Node, c *Common, nIn, pixels int) error {
	warnDilation(n, c)
	warnRows(n)
	stream := n.Graph().Config.IOType == ir.Stream
	err := layers.SetupSum(n, layers.Mult{NIn: nIn, NOut: c.NFilt, Kernel: pixels, Unrolled: stream})
	if err != nil {
		return err
	}
	if !stream && n.Strategy == ir.Resource && n.ReuseFactor > nIn && !strings.HasPrefix(n.Kind, "Depthwise") {
		n.Graph().Warnf("%s %q: ReuseFactor: got %d, more than the %d values of a window: hls4ml's simulation "+
			"aborts or reads past the window, hlsgo computes the convolution", n.Kind, n.Name, n.ReuseFactor, nIn)
	}
	wanted := max(c.ParallelizationFactor, 1)
	if v, ok := parallelization(n); ok && v != 0 {
		wanted = v
	}
	valid := layers.PartitionSplits(pixels)
	pf := layers.Closest(valid, float64(wanted))
	if !slices.Contains(valid, wanted) {
		n.Graph().Warnf("%s %q: ParallelizationFactor: got %d, want a valid one: using %d",
			n.Kind, n.Name, wanted, pf)
	}
	c.ParallelizationFactor, StateOf(n).NPartitions = pf, pixels/pf
	c.Implementation = n.Graph().Config.ConvImplementation(n.Name)
	return nil
}

// parallelization is the setting ParallelizationFactor where hls4ml looks for it: when the layer has an entry
// by name it counts alone, then the one by type, then the model's.
func parallelization(n *ir.Node) (int, bool) {
	v, _ := n.Graph().Config.LayerValue(n.Name, n.Kind, "ParallelizationFactor")
	switch f := v.(type) {
	case int:
		return f, true
	case float64:
		return int(f), f == float64(int(f))
	}
	return 0, false
}

// warnRows tells of line buffers that answer the first rows instead of every stride-th one: those for a
// filter of one row over two axes. A filter of one pixel has a kind of its own, unless it is depthwise.
func warnRows(n *ir.Node) {
	a := Attrs2D(n)
	if n.Graph().Config.IOType != ir.Stream || a == nil || a.FiltHeight != 1 || a.StrideHeight == 1 {
		return
	}
	if a.FiltWidth == 1 && n.Kind == "Conv2D" {
		return
	}
	n.Graph().Warnf("%s %q: strides: got %d over rows with a filter of one row: like hls4ml 1.3.0, hlsgo "+
		"passes over that stride in io_stream: the answer is not the network's, and the firmware stalls",
		n.Kind, n.Name, a.StrideHeight)
}

// warnDilation tells of windows whose gaps are passed over.
func warnDilation(n *ir.Node, c *Common) {
	if geometry(n).dilated() {
		return
	}
	for _, d := range c.DilationRate {
		if d != 1 {
			n.Graph().Warnf("%s %q: dilation_rate: got %v, which hls4ml 1.3.0 reads past: computing with 1",
				n.Kind, n.Name, c.DilationRate)
			return
		}
	}
}
