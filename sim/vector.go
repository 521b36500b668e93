package sim

import (
	"encoding/binary"
	"fmt"
	"slices"
	"unsafe"

	"github.com/hlsgo/hlsgo/sim/vec"
)

// vectorize finds vector code for the operations of the program.
func (c *code) vectorize(lo *Lowering, set *vec.Set) {
	if set == nil {
		best := vec.Best()
		set = &best
	}
	c.layout.set = set
	c.layout.staging.strips = lo.extents != nil
	for _, t := range c.inputs {
		l := newInputLoop(set, t, lo.lanes)
		if c.inputLoops = append(c.inputLoops, l); l != nil {
			c.layout.staging.inputs = max(c.layout.staging.inputs, len(t.tensor.Planes))
		}
	}
	for _, o := range c.ops {
		switch o := o.(type) {
		case *sumOp:
			o.vectorize(set, lo.lanes)
			if o.tiles != nil {
				c.layout.staging.add(o.tiles)
			}
		case *sumWatch:
			if o.full != nil {
				o.full.vectorize(set, lo.lanes)
				if o.full.tiles != nil {
					c.layout.staging.add(o.full.tiles)
				}
			}
		case *castOp:
			if l, ok := vectorCast(set, o.plan, lo.ranges[o.src], lo.lanes[o.src], lo.lanes[o.dst]); ok {
				o.vector = &l
			}
		case interface{ vectorize(*vec.Set, []lane) }:
			o.vectorize(set, lo.lanes)
		}
	}
}

// loopNames lists the loops that multiply.
func (o *sumOp) loopNames(set *vec.Set) []string {
	var out []string
	for _, l := range o.ordered {
		out = append(out, fmt.Sprintf("%s ordered%d", set.Name, l.acc.bits()))
	}
	if o.tiles == nil {
		return out
	}
	for _, g := range o.tiles.groups {
		for _, p := range g.passes {
			out = append(out, set.Name+" "+p.loop.Name)
		}
	}
	return out
}

// bits is the width of a lane.
func (l lane) bits() int { return 8 * l.bytes() }

// address is where a narrow plane starts.
func (m *memory) address(p Plane) unsafe.Pointer { return unsafe.Add(m.base, m.offset[p]) }

// addressAt is where a lane of a narrow plane is.
func (m *memory) addressAt(p Plane, lane int) unsafe.Pointer {
	return unsafe.Add(m.address(p), lane*m.lanes[p].bytes())
}

// A sum reads each plane of data once per filter. In vector code some filters run together, on a tile: some
// filters by as many samples as a few registers hold, kept in registers over all terms, so that each value of
// data is loaded once for all of them and each weight once for all samples. What the loops differ in is how a
// product gets into its lane of the tile; package vec has one for each form that is worth it.

// tiles is the vector form of a sum: its filters in groups that one tile holds.
type tiles struct {
	groups []tileGroup
	stages []stage
}

// stage is the data of a sum in the form that loops read: lanes of one width, or pairs of 16-bit values.
type stage struct {
	lane  lane
	pairs bool
	// units are the planes, or pairs of planes, that the stage holds one after the other; direct: none, the
	// loops read the planes where they are.
	units  [][2]Plane
	direct bool
	widen  vec.Plane // brings planes to the lane; not Ready: they are
}

// tileGroup is some filters of one form.
type tileGroup struct {
	filters []int // one per row of the tile
	acc     lane
	samples int          // of a row of the tile
	init    []byte       // the tile with the start values
	passes  []tilePass   // none where no weight has an effect
	finish  [][]castLoop // per row: from the tile to the result; nil: by plans
}

// tilePass is one run of a loop over the tile.
type tilePass struct {
	loop    vec.Sum
	stage   int
	taps    []int32   // one per term, two per term where the stage holds pairs
	units   [][]int32 // per pixel and term: the unit of the stage; nil where the stage is direct
	weights []byte
	params  vec.Params
}

// tileForm is how a filter runs in vector code.
type tileForm struct {
	loop   mulLoop
	acc    lane
	data   lane
	pairs  bool
	params vec.Params
}

// vectorize finds vector code for the filters of a sum: those of one form go into groups in their order;
// others run in loops over samples, or in plain Go.
func (o *sumOp) vectorize(set *vec.Set, lanes []lane) {
	if set == nil {
		return
	}
	t := &tiles{}
	var rest []int
	forms := map[tileForm][]int{}
	var order []tileForm
	for i := range o.filters {
		form, ok := o.form(set, &o.filters[i])
		if !ok {
			if l, ok := o.orderedLoop(set, i, lanes); ok {
				o.ordered = append(o.ordered, l)
			} else {
				rest = append(rest, i)
			}
			continue
		}
		if forms[form] == nil {
			order = append(order, form)
		}
		forms[form] = append(forms[form], i)
	}
	for _, form := range order {
		loop := loopOf(set, form.loop)
		for group := range slices.Chunk(forms[form], loop.Outputs) {
			t.groups = append(t.groups, o.group(set, t, form, group, lanes))
		}
	}
	o.rest = rest
	if len(t.groups) > 0 {
		o.tiles = t
	}
}

// mulLoop is one of the loops that multiply and add over a tile. They differ in the lanes of data and
// accumulator and in what happens to a product on its way; package vec says what each of them computes.
type mulLoop uint8

const (
	mulLo16 mulLoop = iota // modulo 2^16
	mulHi16                // modulo 2^16, products shifted right by 16
	dot16                  // pairs of 16 bits into 32
	cut32
	saturate32
	dot64
	cut64
	saturate64
)

func loopOf(set *vec.Set, l mulLoop) vec.Sum {
	return [...]vec.Sum{
		mulLo16: set.MulLo16, mulHi16: set.MulHi16, dot16: set.Dot16, cut32: set.Cut32, saturate32: set.Saturate32,
		dot64: set.Dot64, cut64: set.Cut64, saturate64: set.Saturate64,
	}[l]
}

// form chooses the loop of a filter.
func (o *sumOp) form(set *vec.Set, f *filter) (tileForm, bool) {
	if f.xnor != 0 || len(f.taps) == 0 {
		return tileForm{}, false
	}
	t, ok := o.narrowForm(f)
	if !ok {
		t, ok = o.wideForm(f)
	}
	return t, ok && loopOf(set, t.loop).Ready()
}

// narrowForm is a form with sums of 16 bits, or exact ones of 32: those with most products per instruction.
// Sixteen bits are enough where only they are looked at. A cut product needs its upper bits, which mulHi16
// keeps: see lowPart for the weights that are too large for that.
func (o *sumOp) narrowForm(f *filter) (tileForm, bool) {
	if o.lane > lane16 {
		return tileForm{}, false
	}
	shift := f.product.Shift
	switch {
	case f.acc16 && f.form == formLinear:
		return tileForm{loop: mulLo16, acc: lane16, data: lane16}, true
	case f.acc16 && f.form == formCut && shift >= 1 && shift <= 16:
		return tileForm{loop: mulHi16, acc: lane16, data: lane16, params: vec.Params{Shift: int64(shift)}}, true
	case f.form == formLinear && !f.wide && f.weightsFit(16):
		return tileForm{loop: dot16, acc: lane32, data: lane16, pairs: true}, true
	}
	return tileForm{}, false
}

// wideForm is a form with one product per lane of 32 or 64 bits. Products of 64 bits are those of the lower
// halves of lanes, for which weights and data of 32 bits are needed.
func (o *sumOp) wideForm(f *filter) (tileForm, bool) {
	p := f.product
	t := tileForm{acc: lane32, data: lane32}
	cut, saturate := cut32, saturate32
	if f.wide {
		t.acc, t.data, cut, saturate = lane64, lane64, cut64, saturate64
	}
	if o.lane > lane32 || !f.weightsFit(32) {
		return t, false
	}
	plainRound := p.NegAddend == 0 && !p.Even && p.Shift >= 0
	switch {
	case f.form == formLinear && f.wide:
		t.loop = dot64
	case f.form == formLinear:
		t.loop = cut32 // with nothing cut
	case (f.form == formCut || f.form == formRound) && plainRound:
		t.loop, t.params = cut, vec.Params{Add: p.Addend, Shift: int64(p.Shift)}
	case f.form == formSaturate:
		t.loop = saturate
		t.params = vec.Params{Add: p.Addend, Shift: int64(p.Shift), Lo: f.add.Lo, Hi: f.add.Hi}
	default:
		return t, false
	}
	return t, true
}

func (f *filter) weightsFit(w int) bool {
	for _, v := range f.w {
		if !fitsBits(v, v, w) {
			return false
		}
	}
	return true
}

// group builds the tile of some filters of one form.
func (o *sumOp) group(set *vec.Set, t *tiles, form tileForm, filters []int, lanes []lane) tileGroup {
	loop := loopOf(set, form.loop)
	g := tileGroup{filters: filters, acc: form.acc, samples: loop.Samples}
	g.init = make([]byte, 0, loop.Outputs*loop.Samples*form.acc.bytes())
	for row := range loop.Outputs {
		start := int64(0)
		if row < len(filters) {
			start = o.filters[filters[row]].start
		}
		for range loop.Samples {
			g.init = appendInt(g.init, start, form.acc.bytes())
		}
	}
	at := t.stageFor(set, o, form)
	switch form.loop {
	case mulHi16:
		s := int(form.params.Shift)
		g.addPass(o, t, at, loop, func(w int64) int64 { return lowPart(w, s) << (16 - s) })
		g.addPass(o, t, at, set.MulLo16, func(w int64) int64 { return (w - lowPart(w, s)) >> s })
	default:
		g.addPass(o, t, at, loop, func(w int64) int64 { return w })
	}
	for i := range g.passes {
		g.passes[i].params = form.params
	}
	for _, f := range filters {
		g.finish = append(g.finish, o.filters[f].finishLoops(set, form.acc, lanes[o.out[f]]))
	}
	return g
}

// lowPart is w modulo 2^s, between -2^(s-1) and 2^(s-1). The rest of w is a multiple of 2^s, whose product no
// cut changes.
func lowPart(w int64, s int) int64 { return w << (64 - s) >> (64 - s) }

func appendInt(b []byte, v int64, bytes int) []byte {
	return append(b, binary.LittleEndian.AppendUint64(nil, uint64(v))[:bytes]...)
}

// addPass adds the run of a loop over the taps that have a weight in any of the group's filters. Filters of a
// group share their taps: one whose weight is zero there multiplies by it, which costs nothing more.
func (g *tileGroup) addPass(o *sumOp, t *tiles, at int, loop vec.Sum, part func(w int64) int64) {
	p := tilePass{loop: loop, stage: at}
	weights := map[int32][]int64{}
	for row, f := range g.filters {
		for i, k := range o.filters[f].taps {
			if w := part(o.filters[f].w[i]); w != 0 {
				if weights[k] == nil {
					weights[k] = make([]int64, loop.Outputs)
				}
				weights[k][row] = w
			}
		}
	}
	if len(weights) == 0 {
		return
	}
	if t.stages[at].pairs {
		p.packPairs(o, weights)
	} else {
		p.pack(o, weights)
	}
	if !t.stages[at].direct {
		p.units = t.stages[at].unitsOf(o, p.taps)
	}
	g.passes = append(g.passes, p)
}

// tapOrder lists the taps in the order in which the generated code adds them.
func (o *sumOp) tapOrder() []int32 {
	out := make([]int32, len(o.taps[0]))
	for i := range out {
		out[i] = int32(i)
		if o.order != nil {
			out[i] = int32(o.order[i])
		}
	}
	return out
}

// pack lays the weights out as the loop reads them, term by term.
func (p *tilePass) pack(o *sumOp, weights map[int32][]int64) {
	for _, k := range o.tapOrder() {
		if weights[k] == nil {
			continue
		}
		p.taps = append(p.taps, k)
		for _, w := range weights[k] {
			if p.loop.Twice() {
				w = w&0xffff | w<<16
			}
			p.weights = appendInt(p.weights, w, p.loop.Unit())
		}
	}
}

// packPairs is pack for loops that take two terms at once: taps 2k and 2k+1, of which the last one perhaps is
// not there.
func (p *tilePass) packPairs(o *sumOp, weights map[int32][]int64) {
	none := make([]int64, p.loop.Outputs)
	for k := int32(0); int(k) < len(o.taps[0]); k += 2 {
		first, second := weights[k], weights[k+1]
		if first == nil && second == nil {
			continue
		}
		if first == nil {
			first = none
		}
		if second == nil {
			second = none
		}
		p.taps = append(p.taps, k, k+1)
		for row := range none {
			p.weights = appendInt(p.weights, first[row]&0xffff|second[row]<<16, p.loop.Unit())
		}
	}
}

// stageFor finds or adds the stage that a form reads.
func (t *tiles) stageFor(set *vec.Set, o *sumOp, form tileForm) int {
	for i, s := range t.stages {
		if s.lane == form.data && s.pairs == form.pairs {
			return i
		}
	}
	s := stage{lane: form.data, pairs: form.pairs, direct: o.lane == form.data && !form.pairs}
	if from := o.lane; from != form.data {
		s.widen = set.Widen(from.bits(), form.data.bits())
	}
	t.stages = append(t.stages, s)
	return len(t.stages) - 1
}

// unitsOf says, per pixel and term, which unit of the stage the term reads, and adds units not there yet.
func (s *stage) unitsOf(o *sumOp, taps []int32) [][]int32 {
	index := map[[2]Plane]int32{}
	for i, u := range s.units {
		index[u] = int32(i)
	}
	step := 1
	if s.pairs {
		step = 2
	}
	out := make([][]int32, len(o.taps))
	for r, row := range o.taps {
		for i := 0; i < len(taps); i += step {
			u := [2]Plane{row[taps[i]], NoPlane}
			if s.pairs && int(taps[i+1]) < len(row) {
				u[1] = row[taps[i+1]]
			}
			at, ok := index[u]
			if !ok {
				at = int32(len(s.units))
				index[u] = at
				s.units = append(s.units, u)
			}
			out[r] = append(out[r], at)
		}
	}
	return out
}
