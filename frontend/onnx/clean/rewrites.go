package clean

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// Rewrite is a step of the clean-up.
type Rewrite struct {
	Name string
	Why  string // the reason, in one line
	// Apply changes the graph. It leaves nodes in an order in which each comes behind those it reads.
	Apply func(g *graph.Graph) error
}

// Rewrites lists the steps in order. Those without a word of their own are qonnx's: cleanup_model, then
// ConvertToChannelsLastAndClean with channels last at the input, GemmToMatMul, and cleanup_model again.
func Rewrites() []Rewrite {
	return []Rewrite{
		{"infer_shapes", "all steps ask for shapes, and few exporters write them", inferShapes},
		{"remove_identity", "Identity, Dropout and the like do nothing at inference", removeIdentity},
		{"unique_constants", "a step that changes a constant must not change another layer", tidy},
		{"fold_constants", "exporters compute shapes and move weights in the graph", foldConstants},
		{"join_quantizers", "whole numbers between two nodes, or in the file, are a type", joinQuantizers},
		{"fold_transpose_into_quantizer", "transposed weights are weights", foldTransposeIntoQuantizer},
		{"remove_unused", "nodes whose answer nobody wants make no layer", removeDead},
		{"plain_operators", "operators that are others in a special case, which the firmware has", plainOperators},
		{"dense_kernels", "windows with gaps, and groups, are windows with zeros", denseKernels},
		{"channels_last", "layers over pixels take channels last, between transposes", insertChannelsLast},
		{"move_transposes", "transposes that meet go away, or move to an end of the network", moveTransposes},
		{"gemm_to_matmul", "the firmware has a product and a sum, and no Gemm", gemmToMatMul},
		{"fold_constants_again", "transposes of weights are left by the steps before", foldConstants},
		{"fold_transpose_into_quantizer_again", "as before, for what is new", foldTransposeIntoQuantizer},
		{"names", "configurations call layers by the names that qonnx gives", giveNames},
	}
}

// Run applies the steps. look, when not nil, sees the graph behind each.
func Run(g *graph.Graph, look func(r Rewrite)) error {
	for _, r := range Rewrites() {
		if err := r.Apply(g); err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
		if look != nil {
			look(r)
		}
	}
	return nil
}
