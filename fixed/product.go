package fixed

// Product is how the generated code multiplies a value by a weight.
type Product uint8

// The products of nnet_mult.h.
const (
	Mult              Product = iota // a*w
	WeightExponential                // a shifted, and its sign
	BothBinary                       // 1 where a and w are the same bit
	WeightBinary                     // -a or a
	DataBinary                       // -w or w
	WeightTernary                    // -a, 0 or a
	BothOnes                         // 1 where a and w are 1: see Unrolled
)

// Unrolled is the product under strategy resource_unrolled, whose code leaves out products with weights
// stored as 0: with binary ones, where 0 stands for -1, too.
func (p Product) Unrolled() Product {
	switch p {
	case WeightBinary:
		return WeightTernary
	case BothBinary:
		return BothOnes
	}
	return p
}

// ProductOf is the product of data of format x and weights of format w. Only the formats decide, not the
// values. mirrors product_type in backends/fpga/fpga_backend.py.
func ProductOf(x, w Format) Product {
	switch {
	case w.Kind == KindExponent:
		return WeightExponential
	case w.Kind == KindXnor && x.Kind == KindXnor:
		return BothBinary
	case w.Kind == KindXnor:
		return WeightBinary
	case x.Kind == KindXnor:
		return DataBinary
	// The class that hls4ml calls ternary is any signed integer of two bits, whoever chose it.
	case w.Kind == KindInt && w.W == 2 && w.Signed:
		return WeightTernary
	}
	return Mult
}

// String is the class in nnet::product that multiplies so.
func (p Product) String() string {
	return [...]string{
		"mult", "weight_exponential", "both_binary", "weight_binary", "data_binary", "weight_ternary",
		"both_binary",
	}[p]
}
