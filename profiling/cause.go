package profiling

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	mathbits "math/bits"
	"slices"
	"sort"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Suspect is a tensor whose type makes the model depart from its float reference.
type Suspect struct {
	Layer string `json:"layer"`
	Kind  string `json:"kind"`
	// Role is the part of the layer: "input", "weights", "accum", "result", "table" or "index".
	Role string `json:"role"`
	Key  string `json:"key"` // name of the type in a configuration: "accum_t"; TableSize; "": no setting
	Type string `json:"type"`
	// Wrapped and Saturated are the shares of values that overflow changed, Missing the integer bits that the
	// type lacks.
	Wrapped   float64 `json:"wrapped"`
	Saturated float64 `json:"saturated"`
	Missing   int     `json:"missing"`
	// DistDiff is the mean dist_diff of the layer, Part how much of it goes away when the suspect's part of
	// the layer is exact, and Shares the parts of all: a part is the mean gain over all ways to make the
	// others exact or not (its Shapley value).
	DistDiff float64            `json:"dist_diff"`
	Part     float64            `json:"part"`
	Shares   map[string]float64 `json:"shares,omitempty"`
	Cure     *Cure              `json:"cure,omitempty"`
	Text     string             `json:"text"` // all of that in one line

	// Step is how far apart the values of two places of a table are that the type addresses too coarsely, of
	// whose Places the values reach some; 0: that is not what is wrong.
	Step    float64 `json:"step,omitempty"`
	Places  int     `json:"places,omitempty"`
	Reached int     `json:"reached,omitempty"`
	// Outside is the share of arguments beyond a table that ends where its function goes on.
	Outside float64 `json:"outside,omitempty"`

	format fixed.Format
}

// coarseStep is how far apart places of a softmax's tables may be: exp(1/4) is 1.28.
const coarseStep = 0.25

// sparse lists the types of a node that address a table too coarsely, and do not overflow.
func (r *comparing) sparse(n *ir.Node) []Suspect {
	var out []Suspect
	for i := range r.health.Tensors {
		t := &r.health.Tensors[i]
		if t.Layer != n.Name || t.Key == "" || t.Lost() || t.Step <= coarseStep {
			continue
		}
		out = append(out, Suspect{
			Role: GroupOf(t.Key), Key: t.Key, Type: t.Type, format: t.Format,
			Step: t.Step, Places: t.Places, Reached: t.Reached,
		})
	}
	return out
}

const (
	curedSuspects = 5     // for which a cure is tried
	examined      = 12    // layers, the first of those that depart or overflow
	frequent      = 0.001 // share of values from which overflow comes before anything else
	soundTable    = 0.02  // dist_diff of a layer below which its tables are no cause
)

// suspects examines the layers that depart or overflow.
// Overflow is looked for in every layer, departing or not: a wrapped value may cancel out in the mean of one
// data set and ruin the next. Coarse types are blamed only where a layer departs and nothing in it overflows,
// since one wrapped value in a thousand outweighs any rounding.
func (r *comparing) suspects(ctx context.Context, layers []LayerDiff) ([]Suspect, error) {
	out := []Suspect{}
	r.examined = r.suspicious(layers)
	for _, name := range r.examined {
		n := r.graph.Node(name)
		over := r.overflowing(n)
		i := indexOf(layers, name)
		departs := i >= 0 && layers[i].Departs
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var parts map[string]float64
		dist := 0.0
		if i >= 0 {
			dist = layers[i].Dist.Mean
			var err error
			if parts, err = r.parts(n); err != nil {
				return nil, err
			}
		}
		found := over
		if departs {
			found = append(found, r.sparse(n)...)
		}
		if s, ok := coarsest(n, parts); ok && departs && len(over) == 0 {
			found = []Suspect{s}
		}
		if departs {
			s, ok, err := r.tableSuspect(n, parts)
			if err != nil {
				return nil, err
			}
			if ok {
				found = append(found, s)
			}
		}
		for _, s := range found {
			// Entries of a table that no data leads to overflow in sound models.
			if s.Role == "table" && dist < soundTable && len(parts) > 0 {
				continue
			}
			part := parts[s.Role]
			switch {
			case s.table(): // found by a run of its own
				part = s.Part
			case s.Step > 0: // no exact address makes the table's places more
				part = parts["rest"]
			}
			s.Layer, s.Kind, s.DistDiff, s.Part, s.Shares = n.Name, n.Kind, dist, part, sharesOf(parts)
			// The input's own conversion is all that an input layer does, so all of the difference is its
			// part.
			if s.Role == "input" {
				s.Part = dist
			}
			s.Text = s.describe()
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b Suspect) int {
		return cmp.Or(
			cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.Part, a.Part), cmp.Compare(b.Wrapped, a.Wrapped),
		)
	})
	return out, nil
}

// table reports whether a table that no type addresses is the suspect, and no type.
func (s *Suspect) table() bool { return s.Key == TableSize || s.Key == "" }

// suspicious lists the layers to examine.
func (r *comparing) suspicious(layers []LayerDiff) []string {
	var out []string
	for _, n := range r.graph.Nodes {
		i := indexOf(layers, n.Name)
		// Each takes 2^parts runs of the layer. Layers behind a bad one often look bad only because it is.
		if (i >= 0 && layers[i].Departs || len(r.overflowing(n)) > 0) && len(out) < examined {
			out = append(out, n.Name)
		}
	}
	return out
}

func indexOf(layers []LayerDiff, name string) int {
	return slices.IndexFunc(layers, func(l LayerDiff) bool { return l.Layer == name })
}

// rank puts tensors that overflow often before others.
func (s *Suspect) rank() int {
	switch {
	case s.Wrapped >= frequent:
		return 0
	case s.Saturated >= frequent:
		return 1
	}
	return 2
}

// overflowing lists the types of a node of which overflow changed a value.
func (r *comparing) overflowing(n *ir.Node) []Suspect {
	var out []Suspect
	for i := range r.health.Tensors {
		t := &r.health.Tensors[i]
		if t.Layer != n.Name || !t.Lost() || t.Key == "" {
			continue
		}
		s := Suspect{
			Role: GroupOf(t.Key), Key: t.Key, Type: t.Type, format: t.Format,
			Wrapped: t.Share(t.Wrapped), Saturated: t.Share(t.Saturated), Missing: t.Missing,
		}
		if t.Role == "input" {
			s.Role = "input"
		}
		at := slices.IndexFunc(out, func(o Suspect) bool { return o.Key == s.Key })
		if at < 0 {
			out = append(out, s)
			continue
		}
		o := &out[at] // products and sums have one type
		o.Wrapped, o.Saturated = max(o.Wrapped, s.Wrapped), max(o.Saturated, s.Saturated)
		o.Missing = max(o.Missing, s.Missing)
	}
	return out
}

// coarsest is the part of a node that most of the difference comes from, where nothing overflows.
func coarsest(n *ir.Node, parts map[string]float64) (s Suspect, ok bool) {
	best := notable * sum(parts)
	for _, role := range sortedRoles(parts) {
		// What comes in has its cause elsewhere, and no type mends what is left when all types are exact.
		if role != "inputs" && role != "rest" && parts[role] > best {
			s.Role, best, ok = role, parts[role], true
		}
	}
	for _, key := range keysOf(n) {
		if GroupOf(key) == s.Role && s.Key == "" {
			s.Key, s.Type, s.format = key, n.Format(key).String(), n.Format(key)
		}
	}
	return s, ok
}

// sortedRoles makes ties fall the same way in every run, which the order of a map does not.
func sortedRoles(parts map[string]float64) []string {
	var roles []string
	for role := range parts {
		roles = append(roles, role)
	}
	sort.Strings(roles)
	return roles
}

// notable is the share of a difference from which a type is to blame.
const notable = 0.1

// sum adds in one order: the last bits of sums depend on it, and one comparison must be the same as the next.
func sum(parts map[string]float64) (total float64) {
	for _, role := range sortedRoles(parts) {
		total += max(parts[role], 0)
	}
	return total
}

// sharesOf are the parts as fractions of their sum.
func sharesOf(parts map[string]float64) map[string]float64 {
	total := sum(parts)
	if total == 0 {
		return nil
	}
	out := map[string]float64{}
	for role, p := range parts {
		// A part below zero is one whose error hides another's. It explains nothing of what is left.
		out[role] = max(p, 0) / total
	}
	return out
}

// describe is the suspect in one line.
func (s *Suspect) describe() string {
	if s.table() {
		return s.describeTable()
	}
	text := fmt.Sprintf("%s %s: %s", s.Layer, s.Key, s.Type)
	switch {
	case s.Wrapped > 0:
		text += fmt.Sprintf(" wraps in %s of values", sim.Percent(s.Wrapped))
	case s.Saturated > 0:
		text += fmt.Sprintf(" saturates in %s of values", sim.Percent(s.Saturated))
	case s.Step > 0:
		text += fmt.Sprintf(" addresses a table in steps of %.3g: the values reach %d of its %d places", s.Step,
			s.Reached, s.Places)
	default:
		text += fmt.Sprintf(" is too coarse: %s of the layer's difference comes from it",
			sim.Percent(s.Shares[s.Role]))
	}
	switch {
	case s.Missing == 1:
		text += ", 1 integer bit short"
	case s.Missing > 1:
		text += fmt.Sprintf(", %d integer bits short", s.Missing)
	}
	return text
}

// parts is how much of a layer's mean dist_diff comes from each part of it: its inputs, its weights, its
// accumulator, its tables and its result. "rest" is what remains when all are exact: the firmware's own way
// to compute the function.
// The parts do not add up by themselves: an exact accumulator gains nothing while the result is coarse, and
// the other way round. Taking one part away, or leaving one in, would blame both or neither. Shapley's value
// is the one division that adds up, treats equal parts equally and gives nothing to parts that change
// nothing; with at most six parts its 64 runs on a few hundred samples are affordable.
func (r *comparing) parts(n *ir.Node) (map[string]float64, error) {
	if slices.Contains(r.graph.Inputs, n.Name) || r.diffs[n.Name] == nil {
		return map[string]float64{}, nil
	}
	roles, single, err := r.separable(n)
	if err != nil {
		return nil, err
	}
	k := len(roles)
	value := make([]float64, 1<<k)
	for set := range value {
		// separable has run these to see whether they can be run at all.
		if mathbits.OnesCount(uint(set)) == 1 {
			value[set] = single[mathbits.TrailingZeros(uint(set))]
			continue
		}
		exact := map[string]bool{}
		for i, role := range roles {
			exact[role] = set>>i&1 != 0
		}
		d, err := r.alone(n.Name, exact)
		if errors.As(err, &refused{}) { // no network by itself, such as the end of a loop over steps
			return map[string]float64{}, nil
		}
		if err != nil {
			return nil, err
		}
		value[set] = d
	}
	out := map[string]float64{"rest": value[len(value)-1]}
	for i, role := range roles {
		for set := range value {
			if set>>i&1 == 0 {
				out[role] += weightOf(mathbits.OnesCount(uint(set)), k) * (value[set] - value[set|1<<i])
			}
		}
	}
	return out, nil
}

// weightOf is the weight of a set of s others among k in a Shapley value.
// That is s! (k-1-s)! / k!, multiplied out so that no factorial overflows.
func weightOf(s, k int) float64 {
	w := 1 / float64(k)
	for i := range s {
		w *= float64(i+1) / float64(k-1-i)
	}
	return w
}

// roles lists the parts that a node has.
func (r *comparing) roles(n *ir.Node) []string {
	var out []string
	for i := range n.Inputs {
		// Softmax reads the bits of its inputs as addresses of its tables; with finer inputs it is another
		// function.
		if f := n.In(i).Type.Format; numeric(f) && n.Kind != "Softmax" {
			out = append(out, "inputs")
			break
		}
	}
	for _, key := range keysOf(n) {
		role := GroupOf(key)
		if !numeric(n.Format(key)) || slices.Contains(out, role) || role == "index" && r.missing(n.Name, key) == 0 {
			continue
		}
		out = append(out, role)
	}
	return out
}

// separable lists the parts of a node that can be made exact, each with the node's mean dist_diff when it
// alone is. The inputs of a layer that finds its answers by their bits, such as a look-up, cannot.
func (r *comparing) separable(n *ir.Node) (roles []string, single []float64, err error) {
	for _, role := range r.roles(n) {
		d, err := r.alone(n.Name, map[string]bool{role: true})
		if errors.As(err, &refused{}) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		roles, single = append(roles, role), append(single, d)
	}
	return roles, single, nil
}

// refused is the error of a network that is none with another type.
// A type of its own, because it is an answer of an experiment ("not with this type") and no failure of the
// program.
type refused struct{ error }

// numeric reports whether a format can be made finer.
func numeric(f fixed.Format) bool { return f.IsFixedOrInt() && f.Narrow() && f.W > 1 }

// missing is how many integer bits a type lacks.
func (r *comparing) missing(layer, key string) int {
	m := 0
	for i := range r.health.Tensors {
		if t := &r.health.Tensors[i]; t.Layer == layer && t.Key == key {
			m = max(m, t.Missing)
		}
	}
	return m
}

// finer is a format that holds what f should, as good as exactly.
// Really exact would be floating point, which no kernel takes. Sixteen more fractional bits make the rounding
// 65,536 times smaller than the one in question, two more integer bits leave room for what the exact values
// of other parts may add, and 62 bits is where the simulator is still fast.
func (r *comparing) finer(layer, key string, f fixed.Format) fixed.Format {
	const fraction = 16
	i := f.I + r.missing(layer, key) + 2
	if !f.Signed {
		i++
	}
	if GroupOf(key) == "index" { // the top bits address a table: their number must not change
		f.W, f.I = f.W+r.missing(layer, key), f.I+r.missing(layer, key)
		return f
	}
	w := min(i+max(f.F(), 0)+fraction, 62)
	return fixed.Format{W: w, I: i, Signed: true, Q: fixed.RND, Family: f.Family}
}

// alone is the mean dist_diff of a layer by itself, on the kept samples, with some of its parts exact.
func (r *comparing) alone(layer string, exact map[string]bool) (float64, error) {
	return r.aloneWith(layer, exact, nil)
}

// aloneWith is alone with a change to the layer.
func (r *comparing) aloneWith(layer string, exact map[string]bool, change *Change) (float64, error) {
	if err := r.recall(layer); err != nil {
		return 0, err
	}
	// A graph of its own for each run: changes are made in place, and types are shared between variables.
	g, err := r.lab.Fresh()
	if err != nil {
		return 0, err
	}
	for _, c := range r.changes(g, layer, exact) {
		c.Apply(g)
	}
	if change != nil {
		change.Apply(g)
	}
	in := r.isolate(g, layer, exact["inputs"])
	p, err := sim.CompileContext(r.ctx, g, r.lab.Kernels, sim.Options{})
	if r.ctx.Err() != nil {
		return 0, r.ctx.Err()
	}
	if err != nil {
		return 0, refused{err}
	}
	y, err := sim.Predict(r.ctx, p, in)
	if err != nil {
		return 0, err
	}
	d := &difference{}
	d.add(y[0], r.float[layer].numbers())
	return d.mean(), nil
}

// changes make parts of a layer exact.
func (r *comparing) changes(g *ir.Graph, layer string, exact map[string]bool) []Change {
	n := g.Node(layer)
	var out []Change
	for _, key := range keysOf(n) {
		if f := n.Format(key); exact[GroupOf(key)] && numeric(f) {
			out = append(out, Change{Layer: layer, Key: key, Format: r.finer(layer, key, f)})
		}
	}
	return out
}

// isolate leaves of a graph one layer and the layers before it, which become inputs, and returns their
// values.
// A layer by itself runs in the time of one layer, and what it answers then is its own doing: the inputs are
// those that the fixed-point model gave it, errors of the layers before included.
func (r *comparing) isolate(g *ir.Graph, layer string, exact bool) [][]float64 {
	n := g.Node(layer)
	var before []*ir.Node
	var in [][]float64
	for i, t := range n.Inputs {
		p := g.Producer(t)
		n.Inputs[i] = p.Outputs[0]
		if slices.Contains(before, p) {
			continue
		}
		before = append(before, p)
		name := r.source(p.Name)
		values := r.fixed[name]
		if f := p.Vars[0].Type.Format; exact && numeric(f) && r.diffs[name] != nil {
			values = r.float[name]
			p.Vars[0].Type = &ir.Type{Name: p.Vars[0].Type.Name, Format: r.finer(name, "result_t", f)}
		}
		in = append(in, values.numbers())
	}
	g.Nodes = append(before, n)
	g.Inputs = nil
	for _, p := range before {
		g.Inputs = append(g.Inputs, p.Name)
	}
	g.Outputs = n.Outputs[len(n.Outputs)-1:]
	return in
}

// source is the layer whose kept values a layer hands on: itself, or that before a reshape or copy.
func (r *comparing) source(layer string) string {
	for !r.traces(layer) || r.diffs[layer] == nil && strings.HasPrefix(layer, "clone_") {
		n := r.graph.Node(layer)
		p := r.graph.Producer(n.Inputs[0])
		if p == nil {
			break
		}
		layer = p.Name
	}
	return layer
}
