package passes

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// maxCopies is how many copies the stream templates can make.
const maxCopies = 7

// CloneOutput puts a Clone behind streams that are read more than once, or read and an output: reading a word
// takes it out of the stream, so that a second reader would wait for ever.
var CloneOutput = ir.Pass{
	Name: "vivado:clone_output",
	Doc:  "copy streams that are read more than once",
	Match: func(n *ir.Node) bool {
		return stream(n) && n.Kind != "Clone" && // the kind that this pass makes, one copy per reader
			slices.ContainsFunc(n.Outputs, func(o string) bool { return uses(n.Graph(), o) > 1 })
	},
	Apply: func(n *ir.Node) (bool, error) {
		for i, o := range n.Outputs {
			if uses(n.Graph(), o) > 1 {
				if err := cloneTensor(n, i); err != nil {
					return false, err
				}
			}
		}
		return true, nil
	},
}

// uses counts the readers of the tensor, the model's output among them.
func uses(g *ir.Graph, tensor string) int {
	k := len(g.Consumers(tensor))
	if slices.Contains(g.Outputs, tensor) {
		k++
	}
	return k
}

// cloneTensor gives every reader of output i of n its own copy; the model's output takes the first.
func cloneTensor(n *ir.Node, i int) error {
	g, tensor := n.Graph(), n.Outputs[i]
	k := uses(g, tensor)
	if k > maxCopies {
		return n.Errorf("output %q: got %d readers, want at most %d", tensor, k, maxCopies)
	}
	next := 1
	name := func() string {
		s := fmt.Sprintf("%s_cpy%d", tensor, next)
		next++
		return s
	}
	readers := g.Consumers(tensor)
	if at := slices.Index(g.Outputs, tensor); at >= 0 {
		g.SetOutput(at, name())
	}
	for _, r := range readers {
		g.SetInput(r, slices.Index(r.Inputs, tensor), name())
	}
	copies := make([]string, k)
	for j := range copies {
		copies[j] = fmt.Sprintf("%s_cpy%d", tensor, j+1)
	}
	called := n.Name
	if i > 0 {
		called = tensor
	}
	c, err := g.NewNode(ir.NodeSpec{
		Kind: "Clone", Name: "clone_" + called, Inputs: []string{tensor}, Outputs: copies,
		Attrs: &shape.CloneAttrs{Size: n.Vars[i].Size()},
	})
	if err != nil {
		return err
	}
	// hls4ml copies the type of the layer and not that of its stream: see layers.DeclaredResult
	for _, v := range c.Vars {
		v.Type = layers.DeclaredResult(n)
	}
	g.InsertAfter(c, n)
	return nil
}
