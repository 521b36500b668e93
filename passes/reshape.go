package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// InplaceStreamFlatten lets the result of a flatten be the stream before it: readers of flat data gather it
// from the words as they come.
var InplaceStreamFlatten = ir.Pass{
	Name: "vivado:inplace_stream_flatten",
	Doc:  "let a flatten share the stream before it",
	Match: func(n *ir.Node) bool {
		flatten := isReshape(n) && len(n.Out().Shape) == 1
		return stream(n) && flatten && !slices.Contains(n.Graph().Outputs, n.Name) && gathered(n)
	},
	Apply: func(n *ir.Node) (bool, error) {
		alias(n)
		return false, nil
	},
}

// gathered reports whether what reads a flatten can read the words before it: one reader that takes words of
// any size. hls4ml shares the stream with every reader, which then runs past the ends of the words.
func gathered(n *ir.Node) bool {
	if in := n.In(0).Shape; in[len(in)-1] == n.Out().Size() {
		return true
	}
	readers := consumers(n)
	return len(readers) == 0 ||
		len(readers) == 1 && has(readers[0], layers.AnyWords)
}

// alias lets the output of n stand in place of its input, type included.
func alias(n *ir.Node) {
	out, in := n.Out(), n.In(0)
	out.Alias, out.Type = in, in.Type
}

// InplaceParallelReshape lets the result of a reshape be the array before it, which is flat anyway. When the
// reshape is an output of the model, the array before it becomes the output. Arrays of the firmware have no
// shape: indices are computed by who reads them.
var InplaceParallelReshape = ir.Pass{
	Name:  "vivado:inplace_parallel_reshape",
	Doc:   "let a reshape share the array before it",
	Match: func(n *ir.Node) bool { return parallel(n) && isReshape(n) },
	Apply: func(n *ir.Node) (bool, error) {
		g := n.Graph()
		alias(n)
		g.NameOutput(n.Outputs[0])
		at := slices.Index(g.Outputs, n.Name)
		if at < 0 {
			return false, nil
		}
		p := producer(n)
		if slices.Contains(g.Outputs, p.Name) {
			return false, n.Errorf("output: got an output whose input %q is one too, want one of them", p.Name)
		}
		g.SetOutput(at, p.Name)
		return false, nil
	},
}

// ReshapeStream replaces reshapes of streams by copies into words of another size: a word holds the last
// axis, so that another shape is another stream. Flattens whose reader gathers values from any words stay.
var ReshapeStream = ir.Pass{
	Name: "vivado:reshape_stream",
	Doc:  "replace reshapes of streams by repacking",
	Match: func(n *ir.Node) bool {
		return isReshape(n) &&
			(len(n.Out().Shape) > 1 || slices.Contains(n.Graph().Outputs, n.Outputs[0]) ||
				stream(n) && !gathered(n))
	},
	Apply: func(n *ir.Node) (bool, error) {
		if !stream(n) {
			return false, nil
		}
		r, err := n.Graph().NewNode(ir.NodeSpec{
			Kind: "Repack", Name: "repack_" + n.Name, Inputs: slices.Clone(n.Inputs), Origin: n.Origin,
			Attrs: &shape.RepackAttrs{TargetShape: n.Attrs.(layers.Reshaping).Target()},
		})
		if err != nil {
			return false, err
		}
		r.Out().Type = n.Out().Type
		return true, n.Graph().Replace(n, r)
	},
}

// RemoveFinalReshape removes a reshape that nothing reads from networks of arrays; on streams it stays, with
// a warning: there the words of the output are the user's to choose.
var RemoveFinalReshape = ir.Pass{
	Name:  "vivado:remove_final_reshape",
	Doc:   "remove a reshape at the end of the network",
	Match: func(n *ir.Node) bool { return isReshape(n) && len(consumers(n)) == 0 },
	Apply: func(n *ir.Node) (bool, error) {
		if parallel(n) {
			n.Graph().Warnf("Reshape %q: ends the network and changes nothing in io_parallel: removed", n.Name)
			return remove(n)
		}
		n.Graph().Warnf("Reshape %q: ends the network and costs resources in io_stream: better removed", n.Name)
		return false, nil
	},
}
