package xilinx

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
)

// SetPipelineStyle decides between one pipeline and a dataflow of stages where the configuration does not.
var SetPipelineStyle = ir.Pass{
	Name: "vivado:set_pipeline_style",
	Doc:  "decide between pipeline and dataflow",
	Whole: func(g *ir.Graph) (bool, error) {
		if !slices.Contains([]ir.PipelineStyle{ir.AutoStyle, ir.Pipeline, ir.Dataflow}, g.PipelineStyle) {
			g.Warnf("Model: PipelineStyle: got %q, want auto, pipeline or dataflow. Using \"auto\"", g.PipelineStyle)
			g.PipelineStyle = ir.AutoStyle
		}
		if g.PipelineStyle != ir.AutoStyle {
			warnPipeline(g)
			return false, nil
		}
		g.PipelineStyle = pipelineStyle(g)
		if g.PipelineStyle == ir.Pipeline && unrolled(g) {
			ii := 1
			for _, n := range g.Nodes {
				ii = max(ii, n.ReuseFactor)
			}
			g.PipelineII = &ii
		}
		return true, nil
	},
}

// pipelineStyle is the first that applies: streams, convolutions that take their pixels in turns and resource
// layers want dataflow, the rest one pipeline.
func pipelineStyle(g *ir.Graph) ir.PipelineStyle {
	turns := func(n *ir.Node) bool {
		c := conv.CommonOf(n)
		return c != nil && conv.StateOf(n).NPartitions != 1
	}
	switch {
	case g.Config.IOType == ir.Stream:
		return ir.Dataflow
	case slices.ContainsFunc(g.Nodes, turns), slices.ContainsFunc(g.Nodes, wantsResource):
		return ir.Dataflow
	}
	return ir.Pipeline
}

func unrolled(g *ir.Graph) bool {
	return slices.ContainsFunc(g.Nodes, func(n *ir.Node) bool {
		return g.Config.Strategy(n.Name, n.Kind) == ir.ResourceUnrolled
	})
}

// warnPipeline says what does not go well with a pipeline that the configuration asked for.
func warnPipeline(g *ir.Graph) {
	if g.PipelineStyle != ir.Pipeline {
		return
	}
	for _, n := range g.Nodes {
		// Layers that multiply by no matrix have no strategy of their own, whatever the model says.
		if n.Strategy != "" && wantsResource(n) {
			g.Warnf("%s %q: Strategy: got Resource with PipelineStyle pipeline: expect bad QoR", n.Kind, n.Name)
		}
		if conv.CommonOf(n) != nil {
			g.Warnf("%s %q: Convolution with PipelineStyle pipeline: got it, want dataflow", n.Kind, n.Name)
		}
	}
}
