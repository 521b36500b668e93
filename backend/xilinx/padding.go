package xilinx

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// InsertZeroPaddingBeforeConv1D gives the padding of convolutions over one axis a layer of its own on
// streams.
var InsertZeroPaddingBeforeConv1D = ir.Pass{
	Name: "vivado:insert_zero_padding_before_conv1d",
	Doc:  "pad streams before convolutions over one axis",
	Match: func(n *ir.Node) bool {
		a := conv.Attrs1D(n)
		return a != nil && (a.PadLeft != 0 || a.PadRight != 0)
	},
	Apply: func(n *ir.Node) (bool, error) {
		if !streams(n) { // arrays are padded as the windows are filled
			return false, nil
		}
		a := conv.Attrs1D(n)
		attrs := &shape.Padding1DAttrs{
			DataFormat: a.DataFormat, InWidth: a.InWidth, OutWidth: a.PadLeft + a.InWidth + a.PadRight, NChan: a.NChan,
			PadLeft: a.PadLeft, PadRight: a.PadRight,
		}
		a.PadLeft, a.PadRight, a.InWidth = 0, 0, attrs.OutWidth
		return true, pad(n, "ZeroPadding1D", "zp1d_", attrs)
	},
}

// InsertZeroPaddingBeforeConv2D does the same for two axes.
var InsertZeroPaddingBeforeConv2D = ir.Pass{
	Name: "vivado:insert_zero_padding_before_conv2d",
	Doc:  "pad streams before convolutions over two axes",
	Match: func(n *ir.Node) bool {
		a := conv.Attrs2D(n)
		return a != nil && (a.PadLeft != 0 || a.PadRight != 0 || a.PadTop != 0 || a.PadBottom != 0)
	},
	Apply: func(n *ir.Node) (bool, error) {
		if !streams(n) {
			return false, nil
		}
		a := conv.Attrs2D(n)
		attrs := &shape.Padding2DAttrs{
			DataFormat: a.DataFormat, InHeight: a.InHeight, InWidth: a.InWidth, NChan: a.NChan,
			OutHeight: a.PadTop + a.InHeight + a.PadBottom, OutWidth: a.PadLeft + a.InWidth + a.PadRight,
			PadTop: a.PadTop, PadBottom: a.PadBottom, PadLeft: a.PadLeft, PadRight: a.PadRight,
		}
		a.PadTop, a.PadBottom, a.PadLeft, a.PadRight = 0, 0, 0, 0
		a.InHeight, a.InWidth = attrs.OutHeight, attrs.OutWidth
		return true, pad(n, "ZeroPadding2D", "zp2d_", attrs)
	},
}

// GenerateConvStreamingInstructions works out what encoded convolutions do with each pixel of a stream.
var GenerateConvStreamingInstructions = ir.Pass{
	Name: "vivado:generate_conv_streaming_instructions",
	Doc:  "make the instructions of encoded convolutions",
	Match: func(n *ir.Node) bool {
		c := conv.CommonOf(n)
		return streams(n) && c != nil && c.Implementation == ir.Encoded
	},
	Apply: func(n *ir.Node) (bool, error) { return false, conv.Encode(n) },
}

// pad inserts a padding layer before n. It has the type of the stream it reads.
func pad(n *ir.Node, kind, prefix string, attrs any) error {
	p, err := n.Graph().NewNode(ir.NodeSpec{
		Kind: kind, Name: prefix + n.Name, Attrs: attrs, Inputs: slices.Clone(n.Inputs), Origin: n.Origin,
	})
	if err != nil {
		return err
	}
	p.Out().Type.Format = n.In(0).Type.Format
	return n.Graph().Insert(p, n, 0)
}
