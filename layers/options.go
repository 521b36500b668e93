package layers

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// AccumOption declares accum_t, which the backends add to every kind that sums products.
func AccumOption() ir.Option {
	return ir.Option{Name: "accum_t", Class: ir.TypeOption, Default: fixed.Auto, Needs: FixedPoint}
}

// ReuseFactorOption declares reuse_factor, which the backends add to every kind with arithmetic.
func ReuseFactorOption() ir.Option {
	return ir.Option{Name: "reuse_factor", Class: ir.Configurable, Default: 1, Needs: FixedPoint}
}

// TypeRole declares a type without default: generated configurations show it as auto.
func TypeRole(name string) ir.Option {
	return ir.Option{Name: name, Class: ir.TypeOption, Default: fixed.Auto}
}

// TableOptions declares table_size and table_t with the defaults of FPGABackend.
func TableOptions() []ir.Option {
	return []ir.Option{
		{Name: "table_size", Class: ir.Configurable, Default: 1024, Needs: FixedPoint},
		{Name: "table_t", Class: ir.TypeOption, Default: fixed.Fixed(18, 8), Needs: FixedPoint},
	}
}
