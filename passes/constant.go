package passes

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// constant is the node of constant numbers behind input i of n, or nil.
func constant(n *ir.Node, i int) *ir.Node {
	if i >= len(n.Inputs) {
		return nil
	}
	return asConstant(n.Graph().Producer(n.Inputs[i]))
}

// asConstant is n when it is a node of constant numbers, else nil.
func asConstant(n *ir.Node) *ir.Node {
	if n != nil {
		if _, ok := n.Attrs.(*io.ConstantAttrs); ok {
			return n
		}
	}
	return nil
}

// valueOf is what a constant holds, before its quantizer.
func valueOf(c *ir.Node) *ir.Tensor { return ir.Attrs[io.ConstantAttrs](c).Value }

// quantizerOf is the quantizer that passes gave a constant, or nil.
func quantizerOf(c *ir.Node) ir.Quantizer { return c.Data.Quantizers["quantizer"] }

// setQuantizer makes the constant one of the quantizer's type.
func setQuantizer(c *ir.Node, q ir.Quantizer) {
	c.SetQuantizer("quantizer", q)
	c.Out().Type.Format = q.Format()
}

// keepInputs lets n read the inputs at these places alone, and takes out constants that nobody reads then.
func keepInputs(n *ir.Node, places ...int) error {
	g := n.Graph()
	var keep []string
	for _, i := range places {
		keep = append(keep, n.Inputs[i])
	}
	before := slices.Clone(n.Inputs)
	g.SetInputs(n, keep...)
	return discardConstants(g, before)
}

// discardConstants takes those constants out that make one of the tensors and that nobody reads.
func discardConstants(g *ir.Graph, tensors []string) error {
	for _, t := range tensors {
		c := asConstant(g.Producer(t))
		if c == nil || len(g.Consumers(t)) > 0 || slices.Contains(g.Outputs, t) {
			continue
		}
		if err := g.Discard(c); err != nil {
			return err
		}
	}
	return nil
}

// inherit gives the layer called name the settings of n, with another type of its result where there is one.
// Mirrors HLSConfig.set_name_config of what get_layer_config gives. A layer has an entry even where n has no
// settings, so that those of its type count no more.
func inherit(n *ir.Node, name string, result *fixed.Format) {
	c := n.Graph().Config
	s := &ir.Section{}
	if m := c.Merged(n.Name, n.Kind); m != nil {
		s = m
	}
	s.Name = name
	if result != nil {
		is := func(p ir.Precision) bool { return p.Var == "result" }
		s.Precision = slices.DeleteFunc(slices.Clone(s.Precision), is)
		s.Precision = append(s.Precision, ir.Precision{Var: "result", Text: result.String()})
	}
	n.Graph().SetSection(s)
}

// The three passes below take inputs away that only said what shape or padding a layer has: the reader has
// put it into the attributes.

// ReshapeConstant takes the shape off the inputs of a reshape.
var ReshapeConstant = parameters("reshape_constant", "take the constant shape off the inputs of a reshape",
	func(n *ir.Node) bool { _, ok := n.Attrs.(*shape.ReshapeAttrs); return ok })

// PaddingConstant takes sizes and value off the inputs of a padding.
var PaddingConstant = parameters("padding_constant", "take the constant sizes off the inputs of a padding",
	func(n *ir.Node) bool {
		switch n.Attrs.(type) {
		case *shape.Padding1DAttrs, *shape.Padding2DAttrs:
			return true
		}
		return false
	})

// ResizeRemoveConstants takes scales and sizes off the inputs of a resize.
var ResizeRemoveConstants = parameters("resize_remove_constants", "take constants off the inputs of a resize",
	func(n *ir.Node) bool { _, ok := n.Attrs.(*shape.ResizeAttrs); return ok })

func parameters(name, doc string, is func(n *ir.Node) bool) ir.Pass {
	return ir.Pass{
		Name: name, Doc: doc,
		Match: func(n *ir.Node) bool { return is(n) && len(n.Inputs) > 1 },
		Apply: func(n *ir.Node) (bool, error) {
			for i := range n.Inputs[1:] {
				if constant(n, i+1) == nil {
					return false, n.Errorf("input %q: got a tensor that the network computes, want a constant",
						n.Inputs[i+1])
				}
			}
			return true, keepInputs(n, 0)
		},
	}
}

// MergeTwoConstants computes a merge of two constants. hls4ml 1.3.0 fails on it.
var MergeTwoConstants = ir.Pass{
	Name: "merge_two_constants",
	Doc:  "compute merges of two constants",
	Match: func(n *ir.Node) bool {
		_, ok := n.Attrs.(*merge.Attrs)
		return ok && len(n.Inputs) == 2 && constant(n, 0) != nil && constant(n, 1) != nil
	},
	Apply: mergeConstants,
}

func mergeConstants(n *ir.Node) (bool, error) {
	a, b := constant(n, 0), constant(n, 1)
	x, err := quantized(a)
	if err != nil {
		return false, err
	}
	y, err := quantized(b)
	if err != nil {
		return false, err
	}
	op := ir.Attrs[merge.Attrs](n).Op
	v, err := ir.Elementwise(x, y, merge.Function(op))
	if err != nil {
		return false, n.Errorf("inputs: %w", err)
	}
	return true, replaceByConstant(n, v)
}

// quantized is what a constant stands for.
func quantized(c *ir.Node) (*ir.Tensor, error) {
	q := quantizerOf(c)
	if q == nil {
		return valueOf(c), nil
	}
	t, err := framework(q, valueOf(c))
	if err != nil {
		return nil, c.Errorf("%w", err)
	}
	return t, nil
}

func framework(q ir.Quantizer, t *ir.Tensor) (*ir.Tensor, error) {
	if f, ok := q.(ir.FrameworkQuantizer); ok {
		return f.Framework(t)
	}
	return q.Quantize(t)
}

// replaceByConstant puts constant numbers in the place of n.
func replaceByConstant(n *ir.Node, v *ir.Tensor) error {
	g, read := n.Graph(), slices.Clone(n.Inputs)
	inherit(n, n.Name, nil)
	c, err := g.NewNode(ir.NodeSpec{
		Kind: "Constant", Name: n.Name, Attrs: &io.ConstantAttrs{Value: v}, Outputs: slices.Clone(n.Outputs),
		Origin: n.Origin,
	})
	if err != nil {
		return fmt.Errorf("constant for %q: %w", n.Name, err)
	}
	g.SetInputs(n)
	if err := g.Replace(n, c); err != nil {
		return err
	}
	return discardConstants(g, read)
}
