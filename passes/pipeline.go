package passes

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
)

// SetPipelineStyle decides between one pipeline and a dataflow of stages where the configuration does not.
var SetPipelineStyle = ir.Pass{
	Name: "vivado:set_pipeline_style",
	Doc:  "decide between pipeline and dataflow",
	Whole: func(g *ir.Graph) (bool, error) {
		if !slices.Contains([]string{"auto", "pipeline", "dataflow"}, g.PipelineStyle) {
			g.Warnf("Model: PipelineStyle: got %q, want auto, pipeline or dataflow: using auto", g.PipelineStyle)
			g.PipelineStyle = "auto"
		}
		if g.PipelineStyle != "auto" {
			warnPipeline(g)
			return false, nil
		}
		g.PipelineStyle = pipelineStyle(g)
		if g.PipelineStyle == "pipeline" && unrolled(g) {
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
func pipelineStyle(g *ir.Graph) string {
	turns := func(n *ir.Node) bool {
		c := conv.CommonOf(n)
		return c != nil && c.NPartitions != 1
	}
	switch {
	case g.Config.IOType == "io_stream":
		return "dataflow"
	case slices.ContainsFunc(g.Nodes, turns), slices.ContainsFunc(g.Nodes, wantsResource):
		return "dataflow"
	}
	return "pipeline"
}

func unrolled(g *ir.Graph) bool {
	return slices.ContainsFunc(g.Nodes, func(n *ir.Node) bool {
		return g.Config.Strategy(n.Name, n.Kind) == "resource_unrolled"
	})
}

// warnPipeline says what does not go well with a pipeline that the configuration asked for.
func warnPipeline(g *ir.Graph) {
	if g.PipelineStyle != "pipeline" {
		return
	}
	for _, n := range g.Nodes {
		switch {
		case wantsResource(n):
			g.Warnf("%s %q: Strategy: got Resource with PipelineStyle pipeline: expect poor results", n.Kind, n.Name)
		case strings.HasPrefix(n.Kind, "Conv") || strings.HasPrefix(n.Kind, "Pointwise"):
			g.Warnf("%s %q: got a convolution with PipelineStyle pipeline, want dataflow", n.Kind, n.Name)
		}
	}
}
