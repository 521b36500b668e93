package tune

import (
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// Bits are what the types of a network cost: elements times width, of answers, weights, sums and tables.
func Bits(g *ir.Graph) int64 {
	var sum int64
	for _, n := range g.Nodes {
		for _, key := range keysOf(n) {
			if n.Type(key) != nil {
				sum += elements(n, key) * int64(n.Format(key).W)
			}
		}
	}
	return sum
}

// elements is how many values of a type a node has.
func elements(n *ir.Node, key string) int64 {
	if w := n.Weight(strings.TrimSuffix(key, "_t")); w != nil {
		return int64(len(w.Data.Data))
	}
	if strings.HasSuffix(key, "table_t") {
		if size, ok := n.Get(tableSize); ok && usesTable(n, key) {
			if size, ok := size.(int); ok {
				return int64(size)
			}
		}
		return 0
	}
	if len(n.Vars) == 0 {
		return 0
	}
	return int64(n.Vars[len(n.Vars)-1].Size())
}

// usesTable reports whether a node's table is in the firmware: declared ones of relu and the like are not.
func usesTable(n *ir.Node, key string) bool {
	if n.Kind == "Softmax" {
		return key != "table_t"
	}
	a, ok := n.Attrs.(interface{ Function() string })
	return !ok || !tableless[a.Function()]
}

// tableless are the functions of activations that are computed without a table.
var tableless = map[string]bool{
	"relu": true, "linear": true, "hard_sigmoid": true, "hard_tanh": true, "leaky_relu": true, "prelu": true,
	"thresholded_relu": true, "binary_tanh": true, "ternary_tanh": true,
}

// extra is what the safe position of a knob costs in bits beyond what is there.
func (k *knob) extra(g *ir.Graph) (sum int64) {
	if k.isSize() {
		n := g.Node(k.places[0].node)
		for _, key := range keysOf(n) {
			if strings.HasSuffix(key, "table_t") && usesTable(n, key) {
				sum += int64(k.safe.size-k.size) * int64(n.Format(key).W)
			}
		}
		return sum
	}
	for _, p := range k.places {
		sum += elements(g.Node(p.node), p.key) * int64(k.safe.format.W-k.format.W)
	}
	return sum
}
