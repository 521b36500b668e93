package conv

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// setup decides strategy, reuse factor, implementation and how many pixels are computed in parallel, for
// sums of nIn terms. It mirrors what init_conv1d and init_conv2d of vivado_backend.py share.
func setup(n *ir.Node, c *Common, nIn, pixels int) error {
	stream := n.Graph().Config.IOType == "io_stream"
	err := layers.SetupSum(n, layers.Mult{NIn: nIn, NOut: c.NFilt, Kernel: pixels, Unrolled: stream})
	if err != nil {
		return err
	}
	wanted := c.ParallelizationFactor
	if wanted < 1 {
		wanted = 1
	}
	valid := layers.PartitionSplits(pixels)
	pf := layers.Closest(valid, float64(wanted))
	if !slices.Contains(valid, wanted) {
		n.Graph().Warnf("%s %q: ParallelizationFactor: got %d, want a valid one: using %d", n.Kind, n.Name, wanted, pf)
	}
	c.ParallelizationFactor, c.NPartitions = pf, pixels/pf
	c.Implementation = n.Graph().Config.ConvImplementation(n.Name)
	return nil
}
