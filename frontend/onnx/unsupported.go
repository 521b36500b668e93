package onnx

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

const dynamicScales = "it finds scales while it runs: export with scales that are fixed (static quantization)"

const noGelu = "no firmware for it: train with another activation, such as relu or x * sigmoid(x)"

const withoutPartner = "it is no pair that one type can be: want QuantizeLinear and DequantizeLinear with " +
	"the same constant scales and zero points, and a whole range of bits between"

// instead names what to do about operators that have no firmware.
var instead = map[string]string{
	"DynamicQuantizeLinear": dynamicScales,
	"DynamicQuantizeLSTM":   dynamicScales,
	"MatMulInteger":         dynamicScales,
	"ConvInteger":           dynamicScales,
	"QuantizeLinear":        withoutPartner,
	"DequantizeLinear":      withoutPartner,
	"FloatQuant":            "its numbers are floats: export with quantizers of whole numbers (Quant)",
	"If":                    "the firmware has no branches: export the one that is taken",
	"Loop":                  "the firmware has no loops over layers: unroll it before the export",
	"Scan":                  "the firmware has no loops over layers: unroll it before the export",
	"ConvTranspose":         "no firmware for it: use Resize and Conv",
	"InstanceNormalization": "it normalizes by what it sees: use BatchNormalization",
	"GroupNormalization":    "it normalizes by what it sees: use BatchNormalization",
	"LogSoftmax":            "no firmware for it: use Softmax, and take the logarithm outside",
	"Gelu":                  noGelu,
	"Erf":                   noGelu,
	"NonMaxSuppression":     "no firmware for it: end the model before it",
	"TopK":                  "no firmware for it: end the model before it",
	"ArgMax":                "no firmware for it: end the model before it",
}

func unknownOp(n *graph.Node) string {
	if n.Domain != "" && n.Domain != graph.ChannelsLast {
		return fmt.Sprintf("an operator of %q: only a plugin with a handler of its own can read it", n.Domain)
	}
	if reason, ok := instead[n.Op]; ok {
		return reason
	}
	return "not an operator that can be read: replace it, or bring a plugin with a handler for it"
}
