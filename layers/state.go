package layers

import "github.com/hlsgo/hlsgo/ir"

// MatrixState is what tools keep of a node that multiplies by matrices; see Impl.State. Kinds with more of
// their own embed it.
type MatrixState struct {
	// WeightsTransposed says that matrices are stored with the axis of the outputs first.
	WeightsTransposed bool `hls:"_weights_transposed"`
	// Unrolled says that the multiplications are written out one by one.
	Unrolled bool `hls:"unrolled"`
	AddersState
}

// NewMatrixState is the Impl.State of kinds that have no more than it.
func NewMatrixState() any { return &MatrixState{} }

// Matrix is s; states that embed it have it too.
func (s *MatrixState) Matrix() *MatrixState { return s }

// MatrixOf is the state of n about its matrices; nil for kinds without matrices, and in dialects whose tools
// store them in one way only.
func MatrixOf(n *ir.Node) *MatrixState {
	if s, ok := n.State.(interface{ Matrix() *MatrixState }); ok {
		return s.Matrix()
	}
	return nil
}

// Transposed reports whether the matrices of n are stored with the axis of the outputs first.
func Transposed(n *ir.Node) bool {
	s := MatrixOf(n)
	return s != nil && s.WeightsTransposed
}
