package layers

import (
	"github.com/hlsgo/hlsgo/internal/room"
	"github.com/hlsgo/hlsgo/ir"
)

// Fits refuses a list that one model may not take, before it is made: what it lists goes into the message,
// its length is the product of sizes, its elements have so many bytes each. Kernels ask sim.Env.Need instead,
// which counts the whole program.
func Fits(n *ir.Node, what string, bytes int, sizes ...int) error {
	need := room.Times(append(sizes, bytes)...)
	if most, short := room.Short(need); short {
		return n.Errorf("%s", room.Refusal(what, need, most))
	}
	return nil
}
