package conformance_test

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// arrayCases are the kinds that have code for arrays alone.
func arrayCases() []kindCase {
	latency := []strategy{{"Latency", 1}, {"Latency", 3}}
	adders := append(slices.Clone(latency), adderStrategy)
	return []kindCase{
		{"EinsumDense", []int{3, 6}, weighted("...i,io->...o", []int{6, 4}, []int{4}, []int{3, 4}), adders},
		{"EinsumDenseNoBias", []int{6}, weighted("i,oi->o", []int{4, 6}, nil, []int{4}), adders},
		{
			"EinsumDenseBlocks", []int{3, 2, 2, 2},
			weighted("abcd,bcde->aeb", []int{2, 2, 2, 5}, []int{5, 1}, []int{3, 5, 2}), adders,
		},
		{"Einsum", []int{3, 4}, branches("Einsum", []int{3, 3}, map[string]any{"equation": "ab,cb->ca"}), latency},
		{
			"EinsumBlocks", []int{2, 3, 2},
			branches("Einsum", []int{3, 2, 2}, map[string]any{"equation": "qhd,khd->hqk"}), latency,
		},
		{"EinsumScalar", []int{5}, branches("Einsum", []int{1}, map[string]any{"equation": "a,a->"}), latency},
	}
}

// weighted appends an EinsumDense; no shape of a bias: it has none.
func weighted(equation string, weight, bias, out []int) func(b *builder) {
	return func(b *builder) {
		b.shape = out
		l := b.add("EinsumDense", "EinsumDense", "einsum", map[string]any{"equation": equation})
		l.Data.Tensors["weight_data"] = b.tensor(b.NormFloat64, weight...)
		if bias != nil {
			l.Data.Tensors["bias_data"] = b.tensor(b.NormFloat64, bias...)
		}
	}
}

// einsumLimits are those of products along named axes.
func einsumLimits() []limitCase {
	return []limitCase{
		{"EinsumDense", "Strategy Resource", on("Vitis", array, "Resource", 1), []int{6},
			weighted("i,io->o", []int{6, 4}, nil, []int{4}), ir.Key{}, "Strategy: got Resource, want Latency", false},
		{"EinsumDense", "Strategy da", on("Vitis", array, "da", 1), []int{6},
			weighted("i,io->o", []int{6, 4}, nil, []int{4}), ir.Key{}, "Strategy: got da, want Latency", true},
		{"Einsum", "Strategy Resource", on("Vivado", array, "Resource", 1), []int{3},
			branches("Einsum", []int{1}, map[string]any{"equation": "a,a->"}), ir.Key{},
			"Strategy: got Resource, want Latency", false},
	}
}
