package softmax

import (
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/stretchr/testify/require"
)

func TestInverseInputOfTheModelsDefaultIsTheExponentials(t *testing.T) {
	n := &ir.Node{}
	n.SetType("exp_table_t", &ir.Type{Name: "act_exp_table_t", Format: fixed.Fixed(18, 8)})
	n.SetType("inv_inp_t", &ir.Type{Name: "act_inv_inp_t", Format: fixed.Fixed(12, 6)})
	require.Equal(t, "act_inv_inp_t", inverseInput(n).Name)
	n.SetType("inv_inp_t", &ir.Type{Name: "model_default_t", Format: fixed.Fixed(16, 6)})
	require.Equal(t, "act_exp_table_t", inverseInput(n).Name)
}
