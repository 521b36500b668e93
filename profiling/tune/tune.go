package tune

import (
	"context"
	"slices"

	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// Options tune a search.
type Options struct {
	// Double computes the float model in float64; else every layer's answer is rounded to float32.
	Double bool
	// Labels are the class of each sample; nil: unknown.
	Labels []int
	// Keep names what must stay: a layer, or a layer and one of its keys ("fc1", "fc1.Precision.accum", or
	// "fc1.accum_t").
	Keep []string
	// Progress, when set, is told which part of the work begins.
	Progress func(what string)
}

// Change is a setting that the search changes.
type Change struct {
	Setting
	Before any `json:"before"` // the value in effect until then
	// BitsBefore and Bits are what the types that it reaches cost: elements times width.
	BitsBefore int64 `json:"bits_before"`
	Bits       int64 `json:"bits"`
}

// Result is the joint set of settings that a search found.
type Result struct {
	Changes []Change `json:"changes"`
	// Before, After and Wide are measured on all samples: with the configuration as it was, with the changes,
	// and with all types that may be set wide enough, which is the best that types can do.
	Before Measure `json:"before"`
	After  Measure `json:"after"`
	Wide   Measure `json:"wide"`
	// FloatAccuracy is that of the float model; -1 without labels.
	FloatAccuracy float64 `json:"float_accuracy"`
	// Cured says that the changed model agrees with the float model and that nothing in it overflows often.
	Cured bool `json:"cured"`
	// Sound says that the model agreed as it was: there is nothing to change.
	Sound bool `json:"sound"`
	// Lines say in words what was found: what overflows still, which layer departs whatever its types, and
	// what may help.
	Lines      []string `json:"lines"`
	BitsBefore int64    `json:"bits_before"`
	BitsAfter  int64    `json:"bits_after"`
	Trials     int      `json:"trials"` // networks that were built and run
}

// Settings are those of all changes.
func (r *Result) Settings() []Setting {
	var out []Setting
	for _, c := range r.Changes {
		out = append(out, c.Setting)
	}
	return out
}

const (
	frequent   = 0.001 // share of values from which overflow is never called cured
	agree      = 0.995 // share of equal choices from which a model agrees, in trials
	agreeAll   = 0.99  // and on all samples
	near       = 0.01  // error of shape from which choices of few samples may depart on others
	nearMany   = 0.04  // the same of many samples, whose choices tell by themselves
	many       = 200
	nearValue  = 0.02 // the same of answers that are no choices
	nearScaled = 0.1  // the same of an error that changes no choice
	slack      = 1.5  // times the error of the widest types that is as good as theirs
	mostSlack  = 0.02 // and how far beyond it at most
)

// search is one search for a joint set of settings.
type search struct {
	*bench
	knobs  []*knob
	some   *sampleSet // on which trials run
	all    *sampleSet
	base   *trial         // the model as it is, on some
	wide   *trial         // with the safe position of all knobs
	stuck  map[place]bool // overflow often whatever the knobs
	needs  map[place]int  // integer bits, from the wide run
	unsafe map[place]bool // values below zero met a type without sign
	left   int            // trials that may still be run
	tight  float64        // while bits are taken off: the largest error of shape; 0: none is too large
	say    func(what string)
	kept   []string // see Options.Keep
}

// Find looks for the fewest and cheapest changes of the configuration with which the model agrees with its
// float reference on the samples; in holds those of each input, one after the other.
func Find(ctx context.Context, m *Model, in [][]float64, o Options) (*Result, error) {
	s := &search{bench: &bench{Model: m, ctx: ctx, in: in, labels: o.Labels}, say: o.Progress, kept: o.Keep}
	if s.say == nil {
		s.say = func(string) {}
	}
	s.say("run the float model")
	var err error
	if s.float, err = runFloat(ctx, m, in, o.Double); err != nil {
		return nil, err
	}
	s.all = s.every(1)
	s.say("run the model as it is")
	first, err := s.run(nil, s.all, false)
	if err != nil {
		return nil, err
	}
	keep := newKeeper(o.Keep)
	if err := keep.check(first.graph); err != nil {
		return nil, err
	}
	step, trials := effort(first.graph, s.all.n)
	s.some, s.left = s.every(step), trials
	s.base = first
	if step > 1 {
		if s.base, err = s.run(nil, s.some, false); err != nil {
			return nil, err
		}
	}
	r := &Result{
		Before: first.measure, After: first.measure, Wide: first.measure, BitsBefore: Bits(first.graph),
		FloatAccuracy: -1,
	}
	r.BitsAfter = r.BitsBefore
	if err := s.judge(r); err != nil {
		return nil, err
	}
	s.stuck = map[place]bool{}
	if fine(first.measure, exact) && len(s.frequent(first)) == 0 {
		r.Sound, r.Cured, r.Trials = true, true, s.trials
		r.Lines = append(r.Lines, s.remarks(first.health)...)
		return r, nil
	}
	s.say("look for settings")
	if err := s.findKnobs(keep); err != nil {
		return nil, err
	}
	if err := keep.unused(first.graph); err != nil {
		return nil, err
	}
	if fine(first.measure, exact) && s.untouchable(s.frequent(first)) {
		r.Sound, r.Cured, r.Trials = true, true, s.trials
		r.Lines = append(r.Lines, s.remarks(first.health)...)
		return r, nil
	}
	s.say("make all types wide")
	if err := s.widenAll(); err != nil {
		return nil, err
	}
	if err := s.shrink(); err != nil {
		return nil, err
	}
	s.say("verify on all samples")
	return s.result(r)
}

// judge compares the float model with the labels: what it has wrong is nothing that types could mend.
func (s *search) judge(r *Result) error {
	if s.labels == nil {
		return nil
	}
	o := s.float.outputs[0]
	scores, err := profiling.Score(o.values, o.width, s.labels)
	if err != nil {
		return err
	}
	r.FloatAccuracy = scores.Accuracy
	if text := scores.Doubt(); text != "" {
		r.Lines = append(r.Lines, text)
	}
	return nil
}

// findKnobs lists the settings that may be turned.
func (s *search) findKnobs(keep *keeper) (err error) {
	f := &finder{b: s.bench, base: s.base.graph, tables: tablesOf(s.base.health), keep: keep.keeps}
	s.knobs, err = f.find()
	return err
}

// fine reports whether answers are near enough to the float model's: by themselves, or as near as those of
// the widest types.
func fine(m, wide Measure) bool {
	return (m.Agreement < 0 || m.Agreement >= min(agree, wide.Agreement)) &&
		m.Shape <= max(shapeLimit(m), asGood(wide.Shape)) && m.Error <= max(errorLimit(m), asGood(wide.Error))
}

// asGood is the largest error that is as good as that of the widest types. Where these are far from the float
// model a share of it would be anything.
func asGood(wide float64) float64 { return min(slack*wide, wide+mostSlack) }

// exact is the measure of a model that answers as the float model does.
var exact = Measure{Agreement: 1}

func shapeLimit(m Measure) float64 {
	switch {
	case !m.Normed:
		return nearValue
	case m.Samples >= many:
		return nearMany
	}
	return near
}

func errorLimit(m Measure) float64 {
	if m.Normed {
		return nearScaled
	}
	return nearValue
}

// frequent lists the types of which overflow changes values often, but those that do so whatever the knobs.
// What saturates may do so for good: answers tell.
func (s *search) frequent(t *trial) []place {
	var out []place
	for i := range t.health.Tensors {
		h := &t.health.Tensors[i]
		p := place{h.Layer, h.Key}
		if h.Role != "table" && h.Share(h.Wrapped) >= frequent && !s.stuck[p] && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// untouchable reports whether no knob turns any of some types. They are noted.
func (s *search) untouchable(list []place) bool {
	for _, p := range list {
		if slices.ContainsFunc(s.knobs, func(k *knob) bool { return slices.Contains(k.places, p) }) {
			return false
		}
	}
	for _, p := range list {
		s.stuck[p] = true
	}
	return true
}

// ok reports whether a trial is as good as the wide one.
func (s *search) ok(t *trial) bool {
	return fine(t.measure, s.wide.measure) && len(s.frequent(t)) == 0 &&
		(s.tight == 0 || t.measure.Shape <= s.tight)
}

// try runs the knobs as they are now.
func (s *search) try() (*trial, bool, error) {
	s.left--
	t, err := s.run(settings(s.knobs), s.some, true)
	if fails(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return t, s.ok(t), nil
}

// tablesOf are the layers that look tables up.
func tablesOf(h *sim.Health) map[string]bool {
	out := map[string]bool{}
	for i := range h.Tensors {
		if t := &h.Tensors[i]; t.Role == sim.RoleIndex.Name || t.Role == "table" {
			out[t.Layer] = true
		}
	}
	return out
}
