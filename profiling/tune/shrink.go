package tune

import (
	"cmp"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// effort is how many samples apart those of trials are, and how many trials are run. Both follow from the
// size of the network and not from a clock, so that a search finds the same on any machine.
func effort(g *ir.Graph, samples int) (step, trials int) {
	const (
		work       = 1 << 24 // multiplications of a trial's samples
		least      = 64
		most       = 2000
		build      = 1 << 24 // multiplications in the programs of all trials
		fewest     = 60
		manyTrials = 600
	)
	size := max(multiplications(g), 1)
	n := min(max(work/size, least), most)
	return max((samples+n-1)/n, 1), min(max(build/size, fewest), manyTrials)
}

// multiplications of a sample, roughly.
func multiplications(g *ir.Graph) int {
	sum := 0
	for _, n := range g.Nodes {
		if len(n.Vars) == 0 {
			continue
		}
		out := n.Vars[len(n.Vars)-1]
		sum += out.Size()
		for _, w := range n.Weights {
			filters := out.Shape[len(out.Shape)-1]
			sum += len(w.Data.Data) * max(out.Size()/max(filters, 1), 1)
		}
	}
	return sum
}

// widenAll finds the safe position of every knob and runs the model with all of them.
func (s *search) widenAll() error {
	w := newWidener(s.bench, s.base, s.all.n < smallSample)
	for _, k := range s.knobs {
		k.safe = w.start(k)
		k.now = k.safe
	}
	// Some samples first, which is fast, and then all: ranges must be those of all.
	for _, set := range []*sampleSet{s.some, s.all} {
		for range rounds {
			t, err := s.wideRun(set)
			if err != nil {
				return err
			}
			s.wide = t
			if !w.widen(s.knobs, t.health) {
				break
			}
			for _, k := range s.knobs {
				k.now = k.safe
			}
		}
		if s.some == s.all {
			break
		}
	}
	if err := s.sizes(); err != nil {
		return err
	}
	s.needs, s.unsafe = map[place]int{}, map[place]bool{}
	for i := range s.wide.health.Tensors {
		t := &s.wide.health.Tensors[i]
		p := place{t.Layer, t.Key}
		if have, ok := s.needs[p]; !ok || t.IntegerBits > have {
			s.needs[p] = t.IntegerBits
		}
		if t.Lowest < 0 {
			s.unsafe[p] = true
		}
		if t.Role != "table" && t.Share(t.Wrapped) >= frequent {
			s.stuck[p] = true
		}
	}
	return nil
}

// sizes finds what tables have where their sizes stay as the configuration has them: narrow types make
// tables smaller. Positions that are what is there are none.
func (s *search) sizes() error {
	for _, k := range s.knobs {
		if k.isSize() {
			k.now = value{}
		}
	}
	g, err := s.Build(Apply(s.Config, settings(s.knobs)))
	for _, k := range s.knobs {
		if k.isSize() {
			if err == nil {
				if size, ok := g.Node(k.places[0].node).Get(tableSize); ok {
					k.size, _ = size.(int)
				}
			}
			k.safe.on = k.safe.on && k.safe.size != k.size
		} else {
			k.safe.on = k.safe.on && k.safe.format != k.format
		}
		k.now = k.safe
	}
	return s.ctx.Err()
}

// wideRun runs the safe positions of all knobs. Knobs that make no network of it go back.
func (s *search) wideRun(set *sampleSet) (*trial, error) {
	t, err := s.run(settings(s.knobs), set, false)
	if !fails(err) {
		return t, err
	}
	refusing := err
	if err := s.refuse(slices.Clone(s.knobs)); err != nil {
		return nil, err
	}
	t, err = s.run(settings(s.knobs), set, false)
	if fails(err) {
		return nil, refusing
	}
	return t, err
}

// refuse turns knobs off without which, one after the other, the rest makes a network.
func (s *search) refuse(list []*knob) error {
	for _, k := range list {
		k.now, k.safe.on = value{}, false
	}
	for _, k := range list {
		k.now = k.safe
		k.now.on = true
		if _, err := s.Build(Apply(s.Config, settings(s.knobs))); err != nil {
			k.now = value{}
			continue
		}
		if _, err := s.run(settings(s.knobs), s.some, false); fails(err) {
			k.now = value{}
			continue
		} else if err != nil {
			return err
		}
		k.safe.on = true
	}
	return nil
}

// shrink takes changes back as long as the model agrees, and then bits of those that are left.
func (s *search) shrink() error {
	for _, k := range s.knobs {
		k.now = k.safe
	}
	s.say("take changes back")
	var sizes, likely, unlikely []*knob
	for _, k := range s.knobs {
		switch {
		case !k.now.on:
		case k.isSize():
			sizes = append(sizes, k)
		case s.adequate(k):
			likely = append(likely, k)
		case s.cut(k): // its weights overflow, whatever else is changed
		default:
			unlikely = append(unlikely, k)
		}
	}
	for _, list := range [][]*knob{sizes, likely, unlikely} {
		slices.SortStableFunc(list, s.dearest)
	}
	// Tables first, the dearest of all: what other types lose leaves nothing that a smaller table could lose.
	if err := s.revert(sizes); err != nil {
		return err
	}
	for _, k := range sizes {
		if err := s.halve(k); err != nil {
			return err
		}
	}
	if err := s.revert(likely); err != nil {
		return err
	}
	for _, k := range unlikely {
		if err := s.revert([]*knob{k}); err != nil {
			return err
		}
	}
	return s.narrow()
}

// dearest orders knobs by what their safe positions cost more.
func (s *search) dearest(a, b *knob) int {
	return cmp.Compare(b.extra(s.base.graph), a.extra(s.base.graph))
}

// adequate reports whether the user's type has the integer bits that were needed with all types wide.
func (s *search) adequate(k *knob) bool {
	if k.isSize() || k.fit != nil {
		return true
	}
	for _, p := range k.places {
		if need, ok := s.needs[p]; ok && need > k.format.I || s.unsafe[p] && !k.format.Signed {
			return false
		}
	}
	return true
}

// cut reports whether the user's type of a knob's weights overflows often.
func (s *search) cut(k *knob) bool {
	for i := range s.base.health.Tensors {
		t := &s.base.health.Tensors[i]
		if t.Static && t.Role != "table" && t.Share(t.Wrapped) >= frequent &&
			slices.Contains(k.places, place{t.Layer, t.Key}) {
			return true
		}
	}
	return false
}

// revert takes back the changes of some knobs, all at once or by halves.
func (s *search) revert(list []*knob) error {
	if len(list) == 0 || s.left <= 0 {
		return nil
	}
	old := positions(list)
	for _, k := range list {
		k.now = value{}
	}
	_, ok, err := s.try()
	if err != nil || ok {
		return err
	}
	for i, k := range list {
		k.now = old[i]
	}
	if len(list) == 1 {
		return nil
	}
	half := len(list) / 2
	if err := s.revert(list[:half]); err != nil {
		return err
	}
	return s.revert(list[half:])
}

func positions(list []*knob) []value {
	out := make([]value, len(list))
	for i, k := range list {
		out[i] = k.now
	}
	return out
}

// small is the share of all bits, as a divisor, below which types lose bits only together: each trial takes
// as long, and saves next to nothing.
const small = 500

// narrow takes bits off the types that stay changed: fractional bits of all at once, then of each, the
// dearest first, and halves off tables.
func (s *search) narrow() error {
	var changed []*knob
	for _, k := range s.knobs {
		if k.now.on && k.fit == nil {
			changed = append(changed, k)
		}
	}
	slices.SortStableFunc(changed, s.dearest)
	s.say("take bits off")
	t, _, err := s.try()
	if err != nil {
		return err
	}
	if t != nil { // a user's types may be coarse; those that are chosen here add as little as anywhere
		s.tight = math.Hypot(near, t.measure.Shape)
	}
	if err := s.coarsenAll(changed); err != nil {
		return err
	}
	for _, k := range changed {
		if err := s.saturate(k); err != nil {
			return err
		}
	}
	least := Bits(s.base.graph) / small
	for _, k := range changed {
		if k.isSize() || s.bitsOf(s.base.graph, k) < least {
			continue
		}
		if err := s.coarsen(k); err != nil {
			return err
		}
	}
	return nil
}

// coarsenAll finds by bisection how many fractional bits all can do without.
func (s *search) coarsenAll(list []*knob) error {
	old := positions(list)
	low, high := 0, fineBits
	for low < high && s.left > 0 {
		mid := (low + high + 1) / 2
		for i, k := range list {
			k.now = coarser(k, old[i], mid)
		}
		_, ok, err := s.try()
		if err != nil {
			return err
		}
		if ok {
			low = mid
		} else {
			high = mid - 1
		}
	}
	for i, k := range list {
		k.now = coarser(k, old[i], low)
	}
	return nil
}

// coarser is a position with fewer fractional bits; sizes stay.
func coarser(k *knob, v value, fewer int) value {
	if !k.isSize() {
		v.format.W = max(v.format.W-fewer, least(v.format))
	}
	return v
}

// least is the smallest width: a step of one at most, since coarser types surprise.
func least(f fixed.Format) int {
	if f.Signed {
		return max(f.I, 2)
	}
	return max(f.I, 1)
}

// coarsen takes more fractional bits off one knob.
func (s *search) coarsen(k *knob) error {
	for _, fewer := range []int{4, 2, 1} {
		for s.left > 0 {
			old := k.now
			k.now = coarser(k, old, fewer)
			if k.now == old {
				break
			}
			_, ok, err := s.try()
			if err != nil {
				return err
			}
			if !ok {
				k.now = old
				break
			}
			if fewer < 4 {
				break
			}
		}
	}
	return nil
}

// halve makes a table smaller.
func (s *search) halve(k *knob) error {
	for k.now.on && k.now.size > max(k.size, 2) && s.left > 0 {
		old := k.now
		k.now.size /= 2
		_, ok, err := s.try()
		if err != nil {
			return err
		}
		if !ok {
			k.now = old
			return nil
		}
	}
	return nil
}

// repair runs the settings on all samples, of which trials have seen some. Types in which values of the
// others overflow get wider; where that does not do, types get finer by a bit, and in the end safe.
func (s *search) repair() (*trial, error) {
	const finer = 3
	for round := 0; ; round++ {
		t, err := s.run(settings(s.knobs), s.all, false)
		if err != nil {
			return nil, err
		}
		if s.agrees(t) || round > 2*finer {
			return t, nil
		}
		if s.mend(t.health) {
			continue
		}
		for _, k := range s.knobs {
			switch {
			case !k.now.on || k.fit != nil:
			case round >= finer:
				k.now = k.safe
			case !k.isSize():
				k.now.format.W = min(k.now.format.W+1, max(k.safe.format.W, k.now.format.W))
			}
		}
	}
}

// mend widens the types of which overflow changes values, and reports whether it did.
func (s *search) mend(h *sim.Health) bool {
	mended := false
	for _, k := range s.knobs {
		if k.isSize() || !k.safe.on || k.safe.format.I <= k.position().I || !s.overflows(k, h) {
			continue
		}
		if k.now.on {
			k.now.format.W += k.safe.format.I - k.now.format.I
			k.now.format.I = k.safe.format.I
		} else {
			k.now = k.safe
		}
		mended = true
	}
	return mended
}

func (s *search) overflows(k *knob, h *sim.Health) bool {
	for i := range h.Tensors {
		t := &h.Tensors[i]
		if t.Role != "table" && t.Lost() && slices.Contains(k.places, place{t.Layer, t.Key}) {
			return true
		}
	}
	return false
}

// agrees reports whether a run of all samples may be called cured. Trials want a little more.
func (s *search) agrees(t *trial) bool {
	const loose = 1.25
	m, w := t.measure, s.wide.measure
	return (m.Agreement < 0 || m.Agreement >= min(agreeAll, w.Agreement)) &&
		m.Shape <= loose*max(shapeLimit(m), asGood(w.Shape)) &&
		m.Error <= loose*max(errorLimit(m), asGood(w.Error)) &&
		len(s.frequent(t)) == 0
}

// bitsOf is what the types that a knob turns cost in a graph.
func (s *search) bitsOf(g *ir.Graph, k *knob) int64 {
	var sum int64
	if !k.isSize() {
		for _, p := range k.places {
			if n := g.Node(p.node); n != nil && n.Type(p.key) != nil {
				sum += elements(n, p.key) * int64(n.Format(p.key).W)
			}
		}
		return sum
	}
	n := g.Node(k.places[0].node)
	if n == nil {
		return 0
	}
	for _, key := range keysOf(n) {
		if profiling.GroupOf(key) == "table" && n.Type(key) != nil {
			sum += elements(n, key) * int64(n.Format(key).W)
		}
	}
	return sum
}
