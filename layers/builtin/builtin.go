// Package builtin is the one list of the families of layers that come with hlsgo. The root package registers
// them, and tests of the packages below it make their registries of them.
package builtin

import (
	"fmt"

	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/einsum"
	"github.com/hlsgo/hlsgo/layers/embed"
	"github.com/hlsgo/hlsgo/layers/garnet"
	"github.com/hlsgo/hlsgo/layers/group"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/pool"
	"github.com/hlsgo/hlsgo/layers/qonnx"
	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/layers/rnn"
	"github.com/hlsgo/hlsgo/layers/shape"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

// Family is a package of kinds of layers that share attributes and code.
type Family struct {
	Name string // of the package
	Defs []layers.Def
}

// Families lists the families. Every call returns values of the caller's own.
func Families() []Family {
	return []Family{
		{"io", io.Defs()}, {"dense", dense.Defs()}, {"act", act.Defs()}, {"softmax", softmax.Defs()},
		{"norm", norm.Defs()}, {"shape", shape.Defs()}, {"conv", conv.Defs()}, {"group", group.Defs()},
		{"pool", pool.Defs()}, {"merge", merge.Defs()}, {"embed", embed.Defs()}, {"quant", quant.Defs()},
		{"rnn", rnn.Defs()}, {"garnet", garnet.Defs()}, {"qonnx", qonnx.Defs()}, {"einsum", einsum.Defs()},
	}
}

// Defs lists the kinds of all families.
func Defs() []layers.Def {
	var out []layers.Def
	for _, f := range Families() {
		out = append(out, f.Defs...)
	}
	return out
}

// Registry returns a new registry of all families, as a toolkit without plugins has it.
func Registry() *layers.Registry {
	r := layers.NewRegistry()
	if err := r.AddLayer("hlsgo", Defs()...); err != nil {
		panic(fmt.Sprintf("BUG: built-in kinds: %v", err))
	}
	return r
}
