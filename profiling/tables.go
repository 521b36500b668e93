package profiling

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Tables of functions are no types: with all types of a layer exact, the difference that its table makes is
// still there. Whether it is the table's doing only a run with another table shows.

// TableSize is the key of a configuration, and of a Change, that says how many places a layer's table has.
const TableSize = "TableSize"

const (
	tableSize  = "table_size" // the attribute of nodes
	mostPlaces = 1 << 16
)

// tableOf is how the places of a layer's table fared, of several the one with the largest steps; nil: there
// is none.
func (r *comparing) tableOf(n *ir.Node) (found *sim.TensorHealth) {
	for i := range r.health.Tensors {
		t := &r.health.Tensors[i]
		if t.Layer == n.Name && t.Places > 0 && (found == nil || t.Step > found.Step) {
			found = t
		}
	}
	return found
}

// tableSuspect is the table of a layer whose difference remains in good part when all types are exact:
// because its places lie too far apart, or because it ends where its function goes on.
func (r *comparing) tableSuspect(n *ir.Node, parts map[string]float64) (s Suspect, ok bool, err error) {
	t, rest := r.tableOf(n), parts["rest"]
	if t == nil || rest <= notable*sum(parts) {
		return s, false, nil
	}
	s = Suspect{Role: "table", Step: t.Step, Places: t.Places, Reached: t.Reached}
	exact := map[string]bool{}
	for role := range parts {
		exact[role] = role != "rest"
	}
	fine, size, err := r.largestTable(n, exact)
	if err != nil {
		return s, false, err
	}
	if size > 0 && rest-fine > notable*sum(parts) {
		s.Key, s.Type, s.Part = TableSize, strconv.Itoa(t.Places), rest-fine
		return s, true, nil
	}
	s.Part, s.Outside, s.Text = rest, t.Share(t.Outside), BeyondTable(n, t)
	return s, s.Text != "" && s.Outside >= frequent, nil
}

// BeyondTable says of a layer's table that it ends where its function goes on, and what may help; "": it does
// not.
func BeyondTable(n *ir.Node, t *sim.TensorHealth) string {
	text := t.Beyond()
	if text == "" {
		return ""
	}
	if power, ok := n.Get("table_range_power2"); ok && power != 0 {
		return text + ": TableRangePower2 0 moves its end to 1, the farthest that there is"
	}
	return text + ": no setting moves its ends"
}

// largestTable is the dist_diff of a layer by itself, with some of its parts exact, with the largest table
// with which it is a network, and the size of that; 0: no size can be set.
func (r *comparing) largestTable(n *ir.Node, exact map[string]bool) (dist float64, size int, err error) {
	have, ok := n.Get(tableSize)
	if !ok {
		return 0, 0, nil
	}
	for size := mostPlaces; size > have.(int); size /= 2 {
		d, err := r.aloneWith(n.Name, exact, &Change{Layer: n.Name, Key: TableSize, Size: size})
		if errors.As(err, &refused{}) {
			continue
		}
		return d, size, err
	}
	return 0, 0, nil
}

// enlarge looks for the smallest table with which a layer departs no longer, or as good as.
func (r *comparing) enlarge(ctx context.Context, s *Suspect, in Samples, double bool) error {
	best, _, err := r.largestTable(r.graph.Node(s.Layer), nil)
	if err != nil {
		return err
	}
	for size := 2 * s.Places; size <= mostPlaces; size *= 2 {
		c := Change{Layer: s.Layer, Key: TableSize, Size: size}
		d, err := r.aloneWith(s.Layer, nil, &c)
		if errors.As(err, &refused{}) {
			continue
		}
		if err != nil {
			return err
		}
		if d <= departsFrom || d <= asGood*best {
			_, err := r.try(ctx, s, c, in, double)
			return err
		}
	}
	return nil
}

// describeTable is what is wrong with a table, in words.
func (s *Suspect) describeTable() string {
	if s.Key == "" {
		return s.Text
	}
	return fmt.Sprintf("%s %s: %d places in steps of %.3g are too coarse: the values reach %d of them", s.Layer,
		TableSize, s.Places, s.Step, s.Reached)
}
