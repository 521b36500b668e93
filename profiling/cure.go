package profiling

import (
	"context"
	"errors"
	"fmt"
	"math"
	mathbits "math/bits"
	"slices"
	"strconv"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Cure is a type that was tried in place of a suspect's.
type Cure struct {
	Type string `json:"type"`
	Size int    `json:"size,omitempty"` // of a table, which Type then names
	// Wrapped and Saturated are the values that overflow still changes, DistDiff the mean dist_diff of the
	// layer, both in a run of the whole model with the type.
	Wrapped   int64   `json:"wrapped"`
	Saturated int64   `json:"saturated"`
	DistDiff  float64 `json:"dist_diff"`
	// Answers is the mean dist_diff of the model's answers in that run, Before that without the type.
	Answers float64 `json:"answers"`
	Before  float64 `json:"answers_before"`
	// Stops: overflow changes none of the tensor's values; where no wider type makes a network, none wraps.
	// Cures: the model's answers come nearer to the float model as well, by dist_diff and norm_diff.
	Stops bool `json:"stops"`
	Cures bool `json:"cures"`

	Format fixed.Format `json:"-"`
	nearer bool         // the answers, by both measures
}

// cure looks for the smallest type that mends a suspect, and runs the model with it.
// Each candidate is run in the whole model, on all samples. Counting missing bits says where to start, but a
// value that no longer wraps changes what follows, and only a run shows what that is. Candidates grow bit by
// bit, because every bit costs hardware: the first that cures is the smallest.
func (r *comparing) cure(ctx context.Context, s *Suspect, in Samples, double bool) error {
	f := s.format
	switch {
	case s.Key == TableSize:
		return r.enlarge(ctx, s, in, double)
	case s.table() || !f.IsFixedOrInt() || !f.Narrow():
		return nil
	case s.Step > 0:
		_, err := r.try(ctx, s, s.typed(addressing(f, s.Places)), in, double)
		if s.Cure != nil { // what is beyond its end is nothing: it may saturate
			s.Cure.stops()
			s.Text = s.describe() + s.Cure.effect("")
		}
		return err
	}
	if s.Wrapped == 0 && s.Saturated == 0 {
		return r.refine(ctx, s, f, in, double)
	}
	sign := r.needsSign(s.Layer, s.Key)
	wider := func(extra int) fixed.Format {
		g := f
		// Both grow, so that the step stays: the cure of an overflow must not make the type coarser.
		g.W, g.I, g.Signed = f.W+extra, f.I+extra, f.Signed || sign
		return g
	}
	// Eight more than were seen to be missing: the range of sums grows with what is no longer wrapped before
	// them.
	for extra := max(s.Missing, 1); extra <= s.Missing+8; extra++ {
		ok, err := r.try(ctx, s, s.typed(wider(extra)), in, double)
		if err != nil {
			return err
		}
		if ok {
			return r.improve(ctx, s, wider, extra, in, double)
		}
	}
	if s.Wrapped > 0 {
		return r.saturate(ctx, s, in, double)
	}
	return nil
}

// typed is the change that gives a suspect another type.
func (s *Suspect) typed(f fixed.Format) Change { return Change{Layer: s.Layer, Key: s.Key, Format: f} }

// Change is what a suspect's cure changes in the final graph.
func (s *Suspect) Change() Change {
	c := s.typed(s.Cure.Format)
	c.Size = s.Cure.Size
	return c
}

// addressing is a type that addresses a table of a softmax as finely as it can: with as many bits as it has
// places, for arguments up to 8, beyond which it saturates.
func addressing(f fixed.Format, places int) fixed.Format {
	const arguments = 3
	w := mathbits.Len(uint(places)) - 1
	return fixed.Format{W: w, I: arguments, Q: fixed.RND, O: fixed.SAT, Family: f.Family}
}

// improve looks for types nearer to the float model than the first one that cures, which has extra integer
// bits.
func (r *comparing) improve(
	ctx context.Context, s *Suspect, wider func(int) fixed.Format, extra int, in Samples, double bool,
) error {
	f := s.format
	inside, err := r.inside(s, wider, extra)
	if err == nil && inside > extra {
		err = r.tryBetter(ctx, s, wider(inside), in, double)
	}
	// Activations that saturate in the float model too (a quantized ReLU, a hard sigmoid) want a type that
	// saturates with them. It is smaller, and nearer to the float model, than one that holds everything.
	for fewer := 0; err == nil && fewer < extra; fewer++ {
		g := wider(fewer)
		g.Signed, g.O, g.N = f.Signed, fixed.SAT, 0
		if s.Role == "result" && r.floatFits(s.Layer, g) {
			return r.tryBetter(ctx, s, g, in, double)
		}
	}
	return err
}

// inside is the number of integer bits more with which the layer by itself comes as near to the float model
// as with any number: a layer may convert to a type inside too, where nothing is counted. It is extra at
// least.
func (r *comparing) inside(s *Suspect, wider func(int) fixed.Format, extra int) (int, error) {
	const look = 8
	if s.Role == "input" || r.diffs[s.Layer] == nil {
		return extra, nil
	}
	var dist []float64
	for more := range look {
		c := s.typed(wider(extra + more))
		d, err := r.aloneWith(s.Layer, nil, &c)
		if errors.As(err, &refused{}) {
			break
		}
		if err != nil {
			return 0, err
		}
		dist = append(dist, d)
	}
	for more, d := range dist {
		if stillBetter*d <= slices.Min(dist) {
			return extra + more, nil
		}
	}
	return extra, nil
}

// floatFits reports whether the float model's answers of a layer fit a type: it saturates by itself there, as
// quantized activations do.
func (r *comparing) floatFits(layer string, f fixed.Format) bool {
	x := r.float[layer].numbers()
	if len(x) == 0 || f.W < 1 {
		return false
	}
	step := math.Ldexp(1, -f.F())
	return slices.Max(x) <= float64(f.MaxRaw())*step && slices.Min(x) >= float64(f.MinRaw())*step
}

// tryBetter keeps another type in place of a cure that wraps no more and is nearer to the float model.
func (r *comparing) tryBetter(
	ctx context.Context, s *Suspect, f fixed.Format, in Samples, double bool,
) error {
	old := *s
	if _, err := r.try(ctx, s, s.typed(f), in, double); err != nil {
		return err
	}
	if s.Cure == old.Cure || s.Cure.Wrapped > 0 || s.Cure.DistDiff >= stillBetter*old.Cure.DistDiff {
		*s = old
		return nil
	}
	if !s.Cure.Stops {
		s.Cure.stops()
		s.Text = s.describe() + s.Cure.effect("which saturates as the float model does")
	}
	return nil
}

// stillBetter is the share of a dist_diff that another one has to be below to count as better.
const stillBetter = 0.95

// saturate looks for a type that saturates where no wider one makes a network: a layer that looks its input
// up takes no more bits than its table has places. Of types that stop the wrapping it takes the smallest that
// is as near to the float model as any.
func (r *comparing) saturate(ctx context.Context, s *Suspect, in Samples, double bool) error {
	old, best := s.Cure, (*Cure)(nil)
	for extra := 0; extra <= s.Missing+8; extra++ {
		g := s.format
		g.W, g.I, g.O, g.N = g.W+extra, g.I+extra, fixed.SAT, 0
		s.Cure = nil
		if _, err := r.try(ctx, s, s.typed(g), in, double); err != nil {
			return err
		}
		if c := s.Cure; c != nil && c.Wrapped == 0 && (best == nil || c.DistDiff < 0.99*best.DistDiff) {
			best = c
		}
	}
	s.Cure, s.Text = old, s.describe()
	if best != nil {
		best.stops()
		s.Cure = best
		s.Text += best.effect("which saturates, since no wider type makes a network")
	}
	return nil
}

// needsSign reports whether values below zero met a type without sign.
func (r *comparing) needsSign(layer, key string) bool {
	for i := range r.health.Tensors {
		if t := &r.health.Tensors[i]; t.Layer == layer && t.Key == key && t.NeedsSign {
			return true
		}
	}
	return false
}

// try runs the model with another type, or size, of the suspect.
func (r *comparing) try(
	ctx context.Context, s *Suspect, change Change, in Samples, double bool,
) (bool, error) {
	after, err := newRun(ctx, r.lab, in, plan{double: double, changes: []Change{change}})
	if errors.As(err, &refused{}) {
		return false, nil // the type must stay: the suspect is told without a cure
	}
	if err != nil {
		return false, err
	}
	c := &Cure{Type: change.Format.String(), Format: change.Format, Size: change.Size}
	if c.Size > 0 {
		c.Type = strconv.Itoa(c.Size)
	}
	var norm, before float64
	c.Answers, norm = after.answers()
	c.Before, before = r.answers()
	c.nearer = c.Answers < nearer*c.Before && norm < before
	if d := after.diffs[s.Layer]; d != nil {
		c.DistDiff = d.mean()
	}
	for i := range after.health.Tensors {
		if t := &after.health.Tensors[i]; t.Layer == s.Layer && t.Key == s.Key {
			c.Wrapped, c.Saturated = c.Wrapped+t.Wrapped, c.Saturated+t.Saturated
		}
	}
	if c.Wrapped+c.Saturated == 0 {
		c.stops()
	}
	s.Cure, s.Text = c, s.describe()
	if c.Stops {
		s.Text += c.effect("")
	}
	return c.Stops, nil
}

// stops notes that overflow is gone. Where the answers of the model come no nearer to the float model that is
// no cure: the overflow has moved on, or the cause is elsewhere as well.
func (c *Cure) stops() {
	c.Stops, c.Cures = true, c.nearer
}

// asGood is how many times the best dist_diff that can be had is as good as it.
const asGood = 1.1

// nearer is the share of a dist_diff that another one has to be below to be nearer to the float model.
const nearer = 0.99

// effect is what the type does in words, and why it is that one.
func (c *Cure) effect(why string) string {
	kind := c.Type
	if c.Size > 0 {
		kind = TableSize + " " + kind
	}
	if why != "" {
		kind += ", " + why + ","
	}
	change := fmt.Sprintf("dist_diff of the answers %.3g to %.3g", c.Before, c.Answers)
	if c.Cures {
		return fmt.Sprintf("; %s cures it: %s", kind, change)
	}
	return fmt.Sprintf("; %s removes it, but the answers do not improve (%s): see --cure", kind, change)
}

// answers are both measures of the model's answers: the mean dist_diff over its outputs, and norm_diff.
func (r *comparing) answers() (dist, norm float64) {
	n := 0
	for _, name := range r.graph.Outputs {
		for _, layer := range r.compared(r.graph.Producer(name)) {
			dist += r.diffs[layer].mean()
			norm += r.diffs[layer].squares
			n++
		}
	}
	return dist / float64(max(n, 1)), math.Sqrt(norm)
}

// compared is a node by its name, or where it is not compared the layers before it that are.
func (r *comparing) compared(n *ir.Node) []string {
	switch {
	case n == nil:
		return nil
	case r.diffs[n.Name] != nil:
		return []string{n.Name}
	}
	return r.reads(n)
}

// refine looks for the fewest more fractional bits with which the layer departs no longer, or as good as.
func (r *comparing) refine(
	ctx context.Context, s *Suspect, f fixed.Format, in Samples, double bool,
) error {
	const most = 16
	all, err := r.alone(s.Layer, map[string]bool{s.Role: true})
	if errors.As(err, &refused{}) {
		return nil
	}
	if err != nil {
		return err
	}
	for extra := 1; extra <= most; extra++ {
		g := f
		g.W = f.W + extra
		c := s.typed(g)
		d, err := r.aloneWith(s.Layer, nil, &c)
		if errors.As(err, &refused{}) {
			continue
		}
		if err != nil {
			return err
		}
		// Exact is the best that can be had of this type. Within a tenth of that, more bits buy nothing.
		if d <= departsFrom || d <= asGood*all {
			_, err := r.try(ctx, s, c, in, double)
			return err
		}
	}
	return nil
}
