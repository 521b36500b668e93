package codegen

import "github.com/hlsgo/hlsgo/fixed"

// Product is the class of nnet::product that multiplies data by weights: "mult" unless one of the formats
// makes the product cheaper. Only the kinds decide, not the values. mirrors FPGABackend.product_type.
func Product(data, weight fixed.Format) string {
	dataXnor, weightXnor := data.Kind == fixed.KindXnor, weight.Kind == fixed.KindXnor
	switch {
	case weight.Kind == fixed.KindExponent:
		return "weight_exponential"
	case weightXnor && dataXnor:
		return "both_binary"
	case weightXnor:
		return "weight_binary"
	case dataXnor:
		return "data_binary"
	case weight.Kind == fixed.KindInt && weight.W == 2 && weight.Signed:
		return "weight_ternary"
	}
	return "mult"
}
