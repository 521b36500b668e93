package sim

import (
	"math/big"
	"slices"
	"sync"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/health"
)

// slotKey names a tensor that a program counts.
type slotKey struct {
	node   int // index in the graph
	role   Role
	format fixed.Format
}

// modular reports whether sums may overflow on the way and come back.
func modular(f fixed.Format) bool { return f.O == fixed.WRAP && f.N == 0 }

// tallies are the counts of one worker. Workers count by themselves and are added up at the end: sums, minima
// and maxima do not depend on who counted what.
type tallies struct {
	slots []health.Tally            // of the program's slots
	loose map[slotKey]*health.Tally // of the plain evaluators
}

func newTallies(slots int) *tallies {
	t := &tallies{slots: make([]health.Tally, slots), loose: map[slotKey]*health.Tally{}}
	for i := range t.slots {
		t.slots[i] = health.NewTally()
	}
	return t
}

// recorder counts what the plain evaluator of one node converts; nil: nobody counts.
type recorder struct {
	all  *tallies
	node int
}

// tally finds or adds the counts of a role of the node.
func (r *recorder) tally(role Role, f fixed.Format) *health.Tally {
	key := slotKey{r.node, role, f}
	t := r.all.loose[key]
	if t == nil {
		n := health.NewTally()
		t = &n
		r.all.loose[key] = t
	}
	return t
}

// note counts the conversion of x to y.
func (r *recorder) note(role Role, x *big.Int, from fixed.Format, y Num) {
	if r != nil {
		r.tally(role, y.T).Note(role, x, from, y.X, y.T)
	}
}

// census holds the tallies of the workers that are done.
type census struct {
	mu  sync.Mutex
	all []*tallies
}

// add takes what a worker counted.
func (c *census) add(m *memory) {
	if m.health == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, m.health.tallies)
}

// health makes the report of the tallies of all workers; nil where the program does not count.
func (p *Program) health(samples int, c *census) *Health {
	if !p.counts {
		return nil
	}
	sum := map[slotKey]*health.Tally{}
	add := func(k slotKey, t *health.Tally) {
		if t.Values == 0 {
			return
		}
		if sum[k] == nil {
			n := health.NewTally()
			sum[k] = &n
		}
		sum[k].Merge(t)
	}
	for _, w := range c.all {
		for i := range w.slots {
			add(p.slots[i], &w.slots[i])
		}
		for k, t := range w.loose {
			add(k, t)
		}
	}
	h := &Health{Samples: samples, Tensors: []TensorHealth{}}
	for i, n := range p.graphNodes {
		h.Tensors = append(h.Tensors, p.static[i]...)
		var rows []TensorHealth
		for k, t := range sum {
			if k.node == i {
				row := t.Row(n.Name, n.Kind, k.role, k.format)
				row.Address(p.places[placeKey{n.Name, k.role.Key}])
				rows = append(rows, row)
			}
		}
		slices.SortFunc(rows, health.Compare)
		h.Tensors = append(h.Tensors, rows...)
	}
	return h
}

// results counts the conversions to what a node answers; values that it passed on are none.
func (r *recorder) results(out [][]Num) {
	if r == nil {
		return
	}
	for _, t := range out {
		for _, y := range t {
			if y.before != nil {
				r.note(RoleResult, y.before, y.beforeType, y)
			}
		}
	}
}
