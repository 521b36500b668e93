package tune

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// keeper tells what must stay, by the names of configurations and by those that commands print.
type keeper struct {
	list []string
	used map[string]bool
}

func newKeeper(list []string) *keeper { return &keeper{list, map[string]bool{}} }

// keeps reports whether a key of a layer must stay.
func (k *keeper) keeps(layer, key string) bool {
	short := strings.TrimPrefix(key, precision)
	for _, name := range k.list {
		switch name {
		case layer, layer + "." + key, layer + "." + short, layer + "." + short + "_t":
			k.used[name] = true
			return true
		}
	}
	return false
}

// check wants names of layers, alone or before a key.
func (k *keeper) check(g *ir.Graph) error {
	for _, name := range k.list {
		is := func(layer string) bool { return name == layer || strings.HasPrefix(name, layer+".") }
		if !slices.ContainsFunc(g.Nodes, func(n *ir.Node) bool { return is(n.Name) }) &&
			!slices.ContainsFunc(g.Parsed.Layers, func(l *ir.Layer) bool { return is(l.Name) }) {
			return fmt.Errorf("keep: got %q, want a layer of the model, or LAYER.KEY", name)
		}
	}
	return nil
}

// unused wants every key to be one that might have been changed.
func (k *keeper) unused(g *ir.Graph) error {
	for _, name := range k.list {
		whole := slices.ContainsFunc(g.Parsed.Layers, func(l *ir.Layer) bool { return l.Name == name })
		if !k.used[name] && !whole && g.Node(name) == nil {
			return fmt.Errorf("keep: got %q, want a type or TableSize that the layer has, such as Precision.weight",
				name)
		}
	}
	return nil
}
