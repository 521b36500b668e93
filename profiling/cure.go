package profiling

import (
	"context"
	"errors"
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
)

// Cure is a type that was tried in place of a suspect's.
type Cure struct {
	Type string `json:"type"`
	// Wrapped and Saturated are the values that overflow still changes, DistDiff the mean dist_diff of the
	// layer, both in a run of the whole model with the type.
	Wrapped   int64   `json:"wrapped"`
	Saturated int64   `json:"saturated"`
	DistDiff  float64 `json:"dist_diff"`
	// Cures: nothing overflows, and the layer departs no longer because of it; where no wider type makes a
	// network, nothing wraps.
	Cures bool `json:"cures"`

	departs bool

	Format fixed.Format `json:"-"`
}

// cure looks for the smallest type that mends a suspect, and runs the model with it.
func (r *comparing) cure(ctx context.Context, s *Suspect, in Samples, double bool) error {
	f := s.format
	if !f.IsFixedOrInt() || !f.Narrow() {
		return nil
	}
	if s.Wrapped == 0 && s.Saturated == 0 {
		return r.refine(ctx, s, f, in, double)
	}
	sign := r.needsSign(s.Layer, s.Key)
	var found *Suspect
	for extra := max(s.Missing, 1); extra <= s.Missing+8; extra++ {
		g := f
		g.W, g.I, g.Signed = f.W+extra, f.I+extra, f.Signed || sign
		ok, err := r.try(ctx, s, g, in, double)
		if err != nil {
			return err
		}
		if found != nil && (!ok || s.Cure.DistDiff > stillBetter*found.Cure.DistDiff) {
			*s = *found
			return nil
		}
		if ok && !s.Cure.departs {
			return nil
		}
		if ok { // a layer may convert to the type inside too, where nothing is counted: look one bit further
			kept := *s
			found = &kept
		}
	}
	if found == nil && s.Wrapped > 0 {
		return r.saturate(ctx, s, in, double)
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
		if _, err := r.try(ctx, s, g, in, double); err != nil {
			return err
		}
		if c := s.Cure; c != nil && c.Wrapped == 0 && (best == nil || c.DistDiff < 0.99*best.DistDiff) {
			best = c
		}
	}
	s.Cure, s.Text = old, s.describe()
	if best != nil {
		best.Cures = true
		s.Cure = best
		s.Text += fmt.Sprintf("; no wider type makes a network: %s saturates instead", best.Type)
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

// try runs the model with another type of the suspect.
func (r *comparing) try(
	ctx context.Context, s *Suspect, f fixed.Format, in Samples, double bool,
) (bool, error) {
	after, err := newRun(ctx, r.lab, in, plan{double: double, changes: []Change{{s.Layer, s.Key, f}}})
	if errors.As(err, &refused{}) {
		return false, nil // the type must stay: the suspect is told without a cure
	}
	if err != nil {
		return false, err
	}
	c := &Cure{Type: f.String(), Format: f}
	if d := after.diffs[s.Layer]; d != nil {
		c.DistDiff = d.mean()
	}
	for i := range after.health.Tensors {
		if t := &after.health.Tensors[i]; t.Layer == s.Layer && t.Key == s.Key {
			c.Wrapped, c.Saturated = c.Wrapped+t.Wrapped, c.Saturated+t.Saturated
		}
	}
	c.Cures = c.Wrapped+c.Saturated == 0
	c.departs = after.departs(s.Layer)
	s.Cure, s.Text = c, s.describe()
	if c.Cures {
		s.Text += fmt.Sprintf("; %s cures it", c.Type)
	}
	return c.Cures, nil
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
		d, err := r.aloneWith(s.Layer, nil, &Change{s.Layer, s.Key, g})
		if errors.As(err, &refused{}) {
			continue
		}
		if err != nil {
			return err
		}
		if d <= departsFrom || d <= 1.1*all {
			_, err := r.try(ctx, s, g, in, double)
			return err
		}
	}
	return nil
}
