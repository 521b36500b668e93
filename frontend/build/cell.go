package build

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// Cell is the geometry of a recurrent layer's cell: its two products, of the step's input and of the state,
// each give all gates side by side.
type Cell struct {
	Kind   string // IR kind: SimpleRNN, GRU or LSTM
	Inputs int    // values of a step
	Units  int    // values of the state
}

// Gates lists the parts of both products in hls4ml's order, which is that of Keras: for an LSTM input,
// forget, candidate and output; for a GRU update, reset and candidate.
func (c Cell) Gates() []string {
	switch c.Kind {
	case "LSTM":
		return []string{"i", "f", "c", "o"}
	case "GRU":
		return []string{"z", "r", "h"}
	}
	return []string{"h"}
}

// Width is the number of results of each product.
func (c Cell) Width() int { return c.Units * len(c.Gates()) }

// Kernel is the shape of the matrix for the step's input, inputs first as Keras has it.
func (c Cell) Kernel() []int { return []int{c.Inputs, c.Width()} }

// Recurrent is the shape of the matrix for the state.
func (c Cell) Recurrent() []int { return []int{c.Units, c.Width()} }

// Reorder returns t, whose last axis holds all gates of the cell in the order from, with the gates in the
// order of Gates. Other frameworks have other orders: torch keeps a GRU's as r, z, h, ONNX an LSTM's as i, o,
// f, c.
func (c Cell) Reorder(t *ir.Tensor, from ...string) *ir.Tensor {
	out := &ir.Tensor{Shape: slices.Clone(t.Shape), DType: t.DType, Data: make([]float64, 0, len(t.Data))}
	for row := range slices.Chunk(t.Data, c.Width()) {
		for _, gate := range c.Gates() {
			at := slices.Index(from, gate) * c.Units
			out.Data = append(out.Data, row[at:at+c.Units]...)
		}
	}
	return out
}
