package dense

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// setupDense decides strategy and reuse factor. Mirrors VivadoBackend.init_dense.
func setupDense(n *ir.Node) error {
	a := ir.Attrs[Attrs](n)
	err := layers.SetupSum(n, layers.Mult{NIn: a.NIn, NOut: a.NOut, Kernel: a.NOut, Unrolled: true})
	if err != nil {
		return err
	}
	n.SetType("index_t", &ir.Type{Name: fmt.Sprintf("layer%d_index", n.Index), Format: fixed.UInt(1)})
	return nil
}
