package tune

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// result verifies what was found on all samples, and tells it.
func (s *search) result(r *Result) (*Result, error) {
	verified, err := s.repair()
	if err != nil {
		return nil, err
	}
	r.After, r.Wide = verified.measure, s.wide.measure
	// What was found may be better than all types wide: some tables are addressed by the type of the input.
	r.Cured = s.agrees(verified) && (reached(s.wide.measure) || reached(verified.measure))
	if !r.Cured {
		if err := s.explain(r, verified); err != nil {
			return nil, err
		}
		if !better(r.After, r.Before) {
			s.keepAll(r)
			return r, nil
		}
	}
	r.BitsAfter, r.Trials = Bits(verified.graph), s.trials
	for _, k := range s.knobs {
		r.Changes = append(r.Changes, s.changes(k, verified.graph)...)
	}
	r.Lines = append(r.Lines, s.remarks(verified.health)...)
	return r, nil
}

// reached reports whether answers agree with the float model as near as tables of functions allow: the
// firmware's sigmoid is one.
func reached(m Measure) bool {
	const tables = 0.05
	return m.Shape <= tables && m.Error <= max(errorLimit(m), tables)
}

// better reports whether answers are clearly nearer to the float model's than others.
func better(m, than Measure) bool {
	const less, more = 0.9, 0.005
	return m.Agreement >= than.Agreement && m.Shape <= less*than.Shape ||
		m.Agreement >= than.Agreement+more && m.Shape <= than.Shape
}

// keepAll tells that nothing is worth changing.
func (s *search) keepAll(r *Result) {
	r.Lines = append(r.Lines, "no change is worth it: the answers come no nearer to the float model's")
	r.Lines = append(r.Lines, s.remarks(s.wide.health)...)
	r.Changes, r.After, r.BitsAfter, r.Trials = nil, r.Before, r.BitsBefore, s.trials
}

// changes are the settings of a knob that is not as it was, with what they cost.
func (s *search) changes(k *knob, g *ir.Graph) []Change {
	var out []Change
	for i, set := range k.settings(k.now) {
		c := Change{Setting: set, Before: k.format.String()}
		switch {
		case k.isSize():
			c.Before = k.size
		case k.format.Kind == fixed.KindAuto:
			c.Before = "" // it followed from another type
		}
		if i == 0 { // the others reach the same types, or are counted with it
			c.BitsBefore, c.Bits = s.bitsOf(s.base.graph, k), s.bitsOf(g, k)
		}
		out = append(out, c)
	}
	return out
}

// explain says why no types make the model agree.
func (s *search) explain(r *Result, verified *trial) error {
	m := s.wide.measure
	if reached(m) {
		r.Lines = append(r.Lines, "not all of it could be cured: with all types wide the model agrees, so more "+
			"samples or fewer --keep may help")
		return nil
	}
	text := fmt.Sprintf("no type can help: with all types wide that may be set the error is still %.3g", m.Error)
	if m.Agreement >= 0 {
		text += fmt.Sprintf(", and the choice that of the float model in %s", sim.Percent(m.Agreement))
	}
	r.Lines = append(r.Lines, text)
	diffs, err := s.departing(verified)
	if err != nil {
		return err
	}
	for _, l := range diffs {
		line := fmt.Sprintf("%s (%s) departs by itself: dist_diff %.3g, of its inputs %.3g", l.Layer, l.Kind,
			l.Dist.Mean, l.Inherited)
		other, err := s.otherwise(verified.graph.Node(l.Layer))
		if err != nil {
			return err
		}
		beyond := ""
		if t := verified.health.Find(l.Layer, sim.RoleIndex.Name); t != nil {
			beyond = profiling.BeyondTable(verified.graph.Node(l.Layer), t)
		}
		if other == "" && beyond == "" {
			other = s.advice(l.Layer, verified.graph)
		}
		if other != "" {
			line += "; " + other
		}
		r.Lines = append(r.Lines, line)
		if beyond != "" {
			r.Lines = append(r.Lines, beyond)
		}
		for _, w := range verified.graph.Warnings {
			if strings.Contains(w, strconv.Quote(l.Layer)) {
				r.Lines = append(r.Lines, w)
			}
		}
	}
	return nil
}

// otherwise tries other ways to compute a layer, with all types wide, and says which one brings the answers
// near; "": none does.
func (s *search) otherwise(n *ir.Node) (string, error) {
	const less = 0.5 // of the error, from which a way is another cause
	for _, set := range s.ways(n) {
		m, err := s.wideWith(set)
		if fails(err) {
			continue
		}
		if err != nil {
			return "", err
		}
		if w := s.wide.measure; m.Error > less*w.Error || m.Agreement < w.Agreement {
			continue
		}
		text := fmt.Sprintf("its %s is the cause: try %s: %v, which leaves an error of %.3g with all types wide",
			set.Key, set.Key, set.Value, m.Error)
		if m.Agreement >= 0 {
			text += fmt.Sprintf(", and the choice that of the float model in %s", sim.Percent(m.Agreement))
		}
		return text, nil
	}
	return "", nil
}

// wideWith measures the model with a setting, and then all types wide: other ways have other types.
func (s *search) wideWith(set Setting) (Measure, error) {
	m := *s.Model
	m.Config = Apply(s.Config, []Setting{set})
	other := &search{
		bench: &bench{Model: &m, ctx: s.ctx, float: s.float, in: s.in, labels: s.labels},
		kept:  s.kept, some: s.some, all: s.some, stuck: map[place]bool{},
	}
	var err error
	if other.base, err = other.run(nil, s.some, false); err != nil {
		return Measure{}, err
	}
	keep := newKeeper(s.kept)
	if err := other.findKnobs(keep); err != nil {
		return Measure{}, err
	}
	if err := other.widenAll(); err != nil {
		return Measure{}, err
	}
	return other.wide.measure, nil
}

// ways are the settings that make a layer compute otherwise, one by one.
func (s *search) ways(n *ir.Node) []Setting {
	if n == nil {
		return nil
	}
	var out []Setting
	add := func(key string, value any) {
		kept := slices.ContainsFunc(s.kept, func(k string) bool { return k == n.Name || k == n.Name+"."+key })
		if !kept {
			out = append(out, Setting{Layer: n.Name, Key: key, Value: value})
		}
	}
	if n.Kind == "Softmax" && !isStable(n) {
		add("Implementation", "stable")
	}
	if n.Strategy != "" {
		for _, way := range ir.MatrixStrategies() {
			if way != n.Strategy {
				add("Strategy", string(way))
			}
		}
	}
	return out
}

// mostDeparting is how many layers are named.
const mostDeparting = 3

// departing lists the first layers that depart in a network with all changes made.
func (s *search) departing(t *trial) ([]profiling.LayerDiff, error) {
	lab := profiling.Lab{
		Built: s.Built, Kernels: s.Kernels, Reference: s.Reference,
		Fresh: func() (*ir.Graph, error) { return s.Build(Apply(s.Config, s.safeSettings())) },
	}
	all, err := profiling.Layers(s.ctx, lab, profiling.Held(s.some.in))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(l profiling.LayerDiff) bool { return !l.Departs })
	return all[:min(len(all), mostDeparting)], nil
}

// safeSettings are those of all knobs where nothing is lost.
func (s *search) safeSettings() []Setting {
	old := positions(s.knobs)
	for _, k := range s.knobs {
		k.now = k.safe
	}
	out := settings(s.knobs)
	for i, k := range s.knobs {
		k.now = old[i]
	}
	return out
}

// advice says what may help a layer that departs whatever its types are.
func (s *search) advice(layer string, g *ir.Graph) string {
	of := func(key string) bool { return key == layer || strings.HasPrefix(key, layer+".") }
	if slices.ContainsFunc(s.kept, of) {
		return "it has types that were to stay (--keep)"
	}
	if n := g.Node(layer); n != nil && s.Advice != nil {
		return s.Advice(n)
	}
	return ""
}

// remarks tell of overflow that is left: in types that no setting reaches, and rare ones.
func (s *search) remarks(h *sim.Health) []string {
	const most = 3
	var out []string
	for _, t := range h.Worst() {
		if t.Wrapped == 0 || t.Role == "table" || t.Key == "" || len(out) == most {
			continue
		}
		line := t.Overflow()
		switch {
		case s.stuck[place{t.Layer, t.Key}]:
			line += ": no setting that may change reaches the type"
		default:
			line += ": it is left, since the answers are as near without a change"
		}
		out = append(out, line)
	}
	return out
}
