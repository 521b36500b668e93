package keras

import (
	"container/heap"
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// A use is one call of a layer.
type use struct {
	*node
	k      int    // which of the layer's calls
	before string // in a Sequential the layer before; "" for the first
}

// at names the first tensor of the call.
func (u use) at() build.Ref { return build.Ref{Layer: u.name, Call: u.k} }

// schedule orders the calls of a model's layers so that each stands behind what it reads: always the first of
// the list that is ready, as hls4ml's converters do.
func (m *model) schedule() ([]use, error) {
	var uses []use
	if m.class == "Sequential" {
		before := ""
		for i := range m.layers {
			uses = append(uses, use{node: &m.layers[i], before: before})
			before = m.layers[i].name
		}
		return uses, nil
	}
	for i := range m.layers {
		n := &m.layers[i]
		for k := range max(len(n.inbound), 1) {
			if n.class != "InputLayer" && (k >= len(n.inbound) || len(n.inbound[k].refs) == 0) {
				return nil, fmt.Errorf("%s %q: inbound_nodes: got none, want the layers it reads", n.class, n.name)
			}
			if k == 0 || n.class != "InputLayer" {
				uses = append(uses, use{node: n, k: k})
			}
		}
	}
	return ordered(uses)
}

// ordered sorts calls by what they read.
func ordered(uses []use) ([]use, error) {
	at := map[build.Ref]int{}
	for i, u := range uses {
		if _, twice := at[u.at()]; twice {
			return nil, fmt.Errorf("%s %q: name: got %[2]q a second time, want every layer's name once",
				u.class, u.name)
		}
		at[u.at()] = i
	}
	readers, missing := make([][]int, len(uses)), make([]int, len(uses))
	var ready ints
	for i, u := range uses {
		for _, ref := range u.reads() {
			ref.Output = 0
			if j, ok := at[ref]; ok { // of others inputs says what is wrong
				readers[j], missing[i] = append(readers[j], i), missing[i]+1
			}
		}
		if missing[i] == 0 {
			ready = append(ready, i)
		}
	}
	var out []use
	for len(ready) > 0 {
		i := heap.Pop(&ready).(int)
		out = append(out, uses[i])
		for _, j := range readers[i] {
			if missing[j]--; missing[j] == 0 {
				heap.Push(&ready, j)
			}
		}
	}
	if len(out) < len(uses) {
		u := uses[slices.IndexFunc(missing, func(n int) bool { return n > 0 })]
		return nil, fmt.Errorf("%s %q: got a circle of layers that read each other, want none", u.class, u.name)
	}
	return out, nil
}

// reads lists the tensors that a call of a Functional model reads.
func (u use) reads() []build.Ref {
	if u.class == "InputLayer" {
		return nil
	}
	return u.inbound[u.k].refs
}

// keywords are the names under which a call of a Functional model gives its tensors.
func (u use) keywords() []string {
	if u.k >= len(u.inbound) {
		return nil
	}
	return u.inbound[u.k].keywords
}

// ints is a heap whose first is the smallest.
type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(v any)        { *h = append(*h, v.(int)) }

// Pop implements heap.Interface.
func (h *ints) Pop() any {
	last := len(*h) - 1
	v := (*h)[last]
	*h = (*h)[:last]
	return v
}
