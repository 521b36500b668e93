package dense

import (
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// MatMulAttrs are the attributes of MatMul, which has none.
type MatMulAttrs struct{}

// matMulDef is the product of two tensors as ONNX has it. A pass makes a dense layer of it when the second is
// constant. Mirrors MatMul of hls4ml's model/layers.py.
var matMulDef = layers.Def{
	Kind:    "MatMul",
	Doc:     "matrix product of two tensors, until a pass makes a dense layer of it",
	Attrs:   func() any { return &MatMulAttrs{} },
	Options: []ir.Option{layers.AccumOption(), layers.ReuseFactorOption()},
	Init:    initMatMul,
	Ref:     matMulRef,
	Impl:    map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Setup: refuseMatMul}},
	Missing: "a pass makes a dense layer of a product with constant weights",
}

// refuseMatMul reports products of two tensors that the network computes, once the set-up begins.
func refuseMatMul(n *ir.Node) error {
	return n.Errorf("inputs %q and %q: got a product that has no firmware, want a constant matrix as second "+
		"input", n.Inputs[0], n.Inputs[1])
}

// initMatMul multiplies the last axis of the first input by the last but one of the second.
func initMatMul(n *ir.Node, _ ir.Data) error {
	if len(n.Inputs) != 2 {
		return n.Errorf("inputs: got %d, want two", len(n.Inputs))
	}
	for i, name := range n.Inputs {
		if n.In(i) == nil {
			return n.Errorf("input %q: got no such tensor", name)
		}
	}
	p, err := newProduct(n)
	if err != nil {
		return err
	}
	return n.AddOutput(p.shape)
}

// product is the geometry of a matrix product: count pairs of matrices, rows by inner and inner by columns.
type product struct {
	shape                       []int
	count, rows, inner, columns int
	sharedA, sharedB            bool // one matrix for all
}

func newProduct(n *ir.Node) (product, error) {
	a, b := n.In(0).Shape, n.In(1).Shape
	if len(b) == 1 { // a vector is a column, and goes from the result
		return product{}, n.Errorf("input %q: got a vector, want a matrix", n.Inputs[1])
	}
	if len(a) == 1 {
		a = []int{1, a[0]}
	}
	p := product{
		count: 1, rows: a[len(a)-2], inner: a[len(a)-1], columns: b[len(b)-1],
		sharedA: len(a) == 2, sharedB: ir.Size(b[:len(b)-2]) == 1,
	}
	batchA, batchB := a[:len(a)-2], b[:len(b)-2]
	outer := batchA
	if p.sharedB { // rows of all matrices in one
		p.rows, p.sharedA = p.rows*ir.Size(batchA), true
	} else if p.sharedA {
		outer, p.count = batchB, ir.Size(batchB)
	} else {
		p.count = ir.Size(batchA)
	}
	if p.inner != b[len(b)-2] || !p.sharedA && !p.sharedB && !slices.Equal(batchA, batchB) {
		return p, n.Errorf("inputs: got shapes %v and %v, want the columns of the first to be the rows of the "+
			"second", n.In(0).Shape, n.In(1).Shape)
	}
	p.shape = append(slices.Clone(outer), a[len(a)-2:len(a)-1]...)
	if len(n.In(0).Shape) == 1 {
		p.shape = slices.Clone(outer)
	}
	p.shape = append(p.shape, p.columns)
	return p, nil
}

var matMulRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	p, err := newProduct(n)
	if err != nil {
		return nil, err
	}
	return func(in [][]float64, out []float64) {
		for k := range p.count {
			a, b := in[0], in[1]
			if !p.sharedA {
				a = a[k*p.rows*p.inner:]
			}
			if !p.sharedB {
				b = b[k*p.inner*p.columns:]
			}
			p.multiply(a, b, out[k*p.rows*p.columns:])
		}
	}, nil
}

// multiply is one pair of matrices in C order.
func (p product) multiply(a, b, out []float64) {
	for r := range p.rows {
		row := out[r*p.columns:][:p.columns]
		clear(row)
		for i, x := range a[r*p.inner:][:p.inner] {
			for c, w := range b[i*p.columns:][:p.columns] {
				row[c] += x * w
			}
		}
	}
}
