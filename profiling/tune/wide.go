package tune

import (
	"math"
	mathbits "math/bits"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// Types that are wide enough. Widths are limited as well: a sum beyond 64 bits is computed by the plain
// evaluators, a thousand times slower.
const (
	fineBits     = 14 // below the typical magnitude of a layer's answers
	weightBits   = 16 // below the largest weight
	tableBits    = 16 // below the largest entry of a table
	mostBits     = 30 // of an answer
	accumExtra   = 4  // fractional bits of a sum beyond its layer's answer
	headroom     = 1.25
	smallSample  = 1000 // fewer samples tell less of what others will be
	exponentBits = 3    // integer bits of the argument of exp: exp(-8) is little, and with
	manyTerms    = 16   // more terms than these one more, since little adds up
	wideTable    = 4096
	rounds       = 8 // of widening what still overflows
)

// widener finds a position of every knob in which nothing overflows and nothing is lost.
type widener struct {
	b       *bench
	base    *ir.Graph
	matches map[string]string // layers of the final graph to those of the float model
	health  *sim.Health
	small   bool
}

func newWidener(b *bench, base *trial, small bool) *widener {
	w := &widener{b: b, base: base.graph, matches: map[string]string{}, health: base.health, small: small}
	for _, m := range profiling.MatchLayers(b.Built, base.graph) {
		w.matches[m.Layer] = m.Float
	}
	return w
}

// start is a first guess at the safe position of a knob.
func (w *widener) start(k *knob) value {
	p := k.places[0]
	n := w.base.Node(p.node)
	if k.fit != nil {
		return value{format: *k.fit, on: true}
	}
	if k.isSize() {
		return value{size: w.tableSize(n, k.size), on: true}
	}
	f := w.startAt(p, k.format.Family)
	if n.Kind == "Softmax" {
		return value{format: f, on: true}
	}
	if w.moves(p) {
		f = keepRange(f, k.format)
	}
	for _, other := range k.places[1:] {
		g := w.startAt(other, k.format.Family)
		fine := max(f.F(), g.F())
		f.I, f.Signed = max(f.I, g.I), f.Signed || g.Signed
		f.W = min(f.I+fine, max(mostBits, f.W))
	}
	return value{format: f, on: true}
}

// moves reports whether values of a type are those of samples, and not weights or tables, which are known.
func (w *widener) moves(p place) bool {
	switch profiling.GroupOf(p.key) {
	case "result", "accum":
		return true
	}
	return false
}

// keepRange gives a type no fewer integer bits than the user's: whoever chose that range may know of data
// that the samples do not show. Far more than the samples ask for are a mistake like any other.
func keepRange(f, user fixed.Format) fixed.Format {
	const far = 10
	have := user.I
	if f.Signed && !user.Signed {
		have++
	}
	if more := have - f.I; user.IsFixedOrInt() && more > 0 && more <= far {
		f.I, f.W = f.I+more, f.W+more
	}
	return f
}

// startAt is a first guess at a type that is wide enough at one place.
func (w *widener) startAt(p place, family fixed.Family) fixed.Format {
	n := w.base.Node(p.node)
	f := fixed.Format{Signed: true, Family: family}
	role := profiling.GroupOf(p.key)
	weight := n.Weight(strings.TrimSuffix(p.key, "_t"))
	switch {
	case n.Kind == "Softmax" && p.key != "result_t":
		f = w.softmaxType(n, p.key, f)
	case weight != nil:
		low, high := ends(weight.Data.Data)
		f.I = bits(low, high)
		f.Signed = low < 0
		if !f.Signed {
			f.I--
		}
		f.W = max(f.I+weightBits, 2)
	case role == "table":
		f.I = 4
		if t := w.entries(p); t != nil { // which are known, whatever the samples
			f.I, f.Signed = t.IntegerBits, t.Lowest < 0
			if t.Format.Signed && !f.Signed {
				f.I--
			}
		}
		f.W = max(f.I+tableBits, 2)
		f.Q, f.O = fixed.RND, fixed.SAT
	default:
		s := w.spread(n)
		f.I = bits(w.room(s.low), w.room(s.high))
		fine := fineBits - int(math.Floor(math.Log2(s.typical())))
		if role == "accum" {
			fine += accumExtra
			f.I++
		}
		f.W = min(max(f.I+fine, 4), mostBits)
	}
	return f
}

// entries is how the entries of a table fared; nil: nobody counted them.
func (w *widener) entries(p place) *sim.TensorHealth {
	for i := range w.health.Tensors {
		if t := &w.health.Tensors[i]; t.Static && t.Layer == p.node && t.Key == p.key {
			return t
		}
	}
	return nil
}

// room is an end of what was seen, with headroom for what was not.
func (w *widener) room(x float64) float64 {
	if w.small {
		return 2 * x
	}
	return headroom * x
}

// ends are the least and the largest of some values and zero.
func ends(x []float64) (low, high float64) {
	if len(x) == 0 {
		return 0, 0
	}
	return min(slices.Min(x), 0), max(slices.Max(x), 0)
}

// bits is how many integer bits, the sign's included, hold all from low to high.
func bits(low, high float64) int {
	need := math.MinInt32
	if high > 0 {
		need = int(math.Floor(math.Log2(high))) + 2
	}
	if low < 0 {
		need = max(need, int(math.Ceil(math.Log2(-low)))+1)
	}
	if need == math.MinInt32 {
		return 1
	}
	return need
}

// spread is how far the answers of a node reach in the float model, or those of the node before it where
// there is no such layer.
func (w *widener) spread(n *ir.Node) *spread {
	for n != nil {
		if s := w.b.float.layers[w.matches[n.Name]]; s != nil {
			return s
		}
		if s := w.b.float.layers[n.Name]; s != nil && slices.Contains(w.base.Inputs, n.Name) {
			return s
		}
		if len(n.Inputs) == 0 {
			break
		}
		n = w.base.Producer(n.Inputs[0])
	}
	return &spread{low: -64, high: 64}
}

// softmaxType is wide enough for a softmax. The types that address its tables have as many bits as the
// tables have places, since an address is the top bits of a value, and round to the nearest.
func (w *widener) softmaxType(n *ir.Node, key string, f fixed.Format) fixed.Format {
	terms := n.Out().Shape[len(n.Out().Shape)-1]
	grow := mathbits.Len(uint(terms))
	f.Q, f.O = fixed.RND, fixed.SAT
	places := mathbits.Len(uint(w.tableSize(n, 0))) - 1
	stable := isStable(n)
	switch key {
	case "inp_norm_t":
		f.Signed, f.W, f.I = false, places, exponentBits
		if terms > manyTerms {
			f.I++
		}
	case "inv_inp_t":
		f.Signed, f.W, f.I = false, places, grow
	case "accum_t":
		f.W, f.I = 18+grow, 2+grow
	default: // entries of stable tables are at most one where they are used
		f.W, f.I = 18, 2
	}
	if !stable && key != "inp_norm_t" {
		// Exponentials of values as they are: as large as e to the largest.
		high := min(w.room(w.spread(w.base.Producer(n.Inputs[0])).high), 16)
		top := int(math.Ceil(max(high, 0)*math.Log2E)) + 2
		switch key {
		case "inv_inp_t":
			f.W, f.I = max(places, top+grow), top+grow
		case "accum_t", "exp_table_t":
			f.W, f.I = 16+top+grow, top+grow
		case "inv_table_t":
			f.W, f.I = 20+top, 2
		}
	}
	return f
}

// tableSize is a size of a node's tables that is large enough.
func (w *widener) tableSize(n *ir.Node, size int) int {
	if how, _ := n.Get("implementation"); n.Kind == "Softmax" && how != nil && !isStable(n) {
		// The index is the top bits of the input: 2^6 places for each integer bit's range.
		s := w.spread(w.base.Producer(n.Inputs[0]))
		return max(size, 1<<min(bits(w.room(s.low), w.room(s.high))+7, 16))
	}
	return max(size, wideTable)
}

// widen makes what still overflows in a run wider, and reports whether anything does.
func (w *widener) widen(knobs []*knob, h *sim.Health) bool {
	changed := false
	for _, k := range knobs {
		if k.isSize() || k.fit != nil || w.fixed(k) {
			continue
		}
		missing, sign := 0, false
		for i := range h.Tensors {
			t := &h.Tensors[i]
			if slices.Contains(k.places, place{t.Layer, t.Key}) {
				missing, sign = max(missing, t.Missing), sign || t.NeedsSign
			}
		}
		if missing == 0 && !sign {
			continue
		}
		f := &k.safe.format
		if sign && !f.Signed {
			f.Signed = true
		}
		f.W, f.I = f.W+missing, f.I+missing
		changed = true
	}
	return changed
}

// fixed reports whether the entries of a table say nothing about its type: those that no value leads to
// overflow in sound models.
func (w *widener) fixed(k *knob) bool {
	n := w.base.Node(k.places[0].node)
	return n.Kind == "Softmax" && k.places[0].key != "result_t" && k.places[0].key != "accum_t"
}
