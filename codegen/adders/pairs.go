package adders

import (
	"cmp"
	"container/heap"
	"slices"
)

// Pairs shares pairs of terms: as long as two terms stand in several sums at the same distance, the pair that
// stands most often becomes one value. What is left of each sum is added up as a tree, shallow values first.
type Pairs struct{}

// mostPairs bounds how many pairs are counted. Long sums are cut into pieces, and pairs found inside of these
// alone.
const mostPairs = 1 << 22

// pattern is a pair of terms without its place: B stands Shift above A, with the opposite sign where Sub.
type pattern = Op

// Solve implements Solver. Time grows with the number of digits and of pairs, which are bounded.
func (Pairs) Solve(m Matrix) Graph {
	p := &pairing{graph: Graph{Inputs: m.Ins}, counts: map[pattern]int{}, where: make([][]int, m.Ins)}
	sums := p.pieces(m)
	p.share()
	for _, pieces := range sums {
		var terms []Term
		for _, k := range pieces {
			terms = append(terms, p.sums[k]...)
		}
		p.graph.Outputs = append(p.graph.Outputs, p.tree(terms))
	}
	return p.graph
}

type pairing struct {
	graph  Graph
	sums   [][]Term // pieces of sums, in one of which no term stands twice
	counts map[pattern]int
	where  [][]int // of each value, the pieces that it stands in, or stood in
	queue  queue
	depth  []int // of operations
}

// pieces cuts the sums of the matrix, and says which pieces each output has.
func (p *pairing) pieces(m Matrix) [][]int {
	total, _ := m.Digits()
	most := max(2, 2*mostPairs/max(total, 1)) // pairs of a piece grow with its square
	out := make([][]int, m.Outs)
	for j := range out {
		var piece []Term
		cut := func() {
			out[j] = append(out[j], len(p.sums))
			for _, t := range piece {
				p.note(t.Value, len(p.sums))
			}
			p.sums, piece = append(p.sums, piece), nil
		}
		for i := range m.Ins {
			shifts, neg := digits(m.W[i*m.Outs+j])
			if len(piece)+len(shifts) > most && len(piece) > 0 {
				cut()
			}
			for k, s := range shifts {
				piece = append(piece, Term{i, s, neg[k]})
			}
		}
		cut()
	}
	return out
}

// note says that a value stands in a piece.
func (p *pairing) note(value, piece int) {
	if list := p.where[value]; len(list) == 0 || list[len(list)-1] != piece {
		p.where[value] = append(list, piece)
	}
}

// share makes a value of the most frequent pair until none stands twice.
func (p *pairing) share() {
	for _, sum := range p.sums {
		for i, t := range sum {
			for _, u := range sum[:i] {
				p.counts[patternOf(t, u)]++
			}
		}
	}
	for k, n := range p.counts {
		if n > 1 {
			p.queue = append(p.queue, entry{k, n})
		}
	}
	heap.Init(&p.queue)
	for len(p.queue) > 0 {
		e := heap.Pop(&p.queue).(entry)
		switch n := p.counts[e.pattern]; {
		case n < 2 || n > e.count: // gone, or there is a later entry
		case n < e.count:
			heap.Push(&p.queue, entry{e.pattern, n})
		default:
			p.replace(e.pattern)
		}
	}
}

// patternOf orders two terms so that a pair has one pattern, wherever it stands.
func patternOf(t, u Term) pattern {
	if t.Value > u.Value || t.Value == u.Value && t.Shift > u.Shift {
		t, u = u, t
	}
	return pattern{A: t.Value, B: u.Value, Shift: u.Shift - t.Shift, Sub: t.Neg != u.Neg}
}

// replace puts a value in the place of a pair wherever it stands. A pair that overlaps itself may stand less
// often than it was counted; once is not enough.
func (p *pairing) replace(k pattern) {
	type place struct {
		sum  int
		a, b Term
	}
	var places []place
	for _, i := range p.where[k.A] {
		own := len(places) // pairs of this piece begin here
		free := func(t Term) bool {
			return !slices.ContainsFunc(places[own:], func(at place) bool { return at.a == t || at.b == t })
		}
		for _, a := range p.sums[i] {
			b := Term{k.B, a.Shift + k.Shift, a.Neg != k.Sub}
			if a.Value == k.A && free(a) && free(b) && slices.Contains(p.sums[i], b) {
				places = append(places, place{i, a, b})
			}
		}
	}
	p.counts[k] = 0
	if len(places) < 2 {
		return
	}
	v := p.add(k)
	for _, at := range places {
		p.remove(at.sum, at.a)
		p.remove(at.sum, at.b)
		p.insert(at.sum, Term{v, at.a.Shift, at.a.Neg})
	}
}

func (p *pairing) remove(i int, t Term) {
	at := slices.Index(p.sums[i], t)
	p.sums[i] = slices.Delete(p.sums[i], at, at+1)
	for _, u := range p.sums[i] {
		p.counts[patternOf(t, u)]--
	}
}

func (p *pairing) insert(i int, t Term) {
	for _, u := range p.sums[i] {
		k := patternOf(t, u)
		p.counts[k]++
		if n := p.counts[k]; n > 1 {
			heap.Push(&p.queue, entry{k, n})
		}
	}
	p.sums[i] = append(p.sums[i], t)
	p.note(t.Value, i)
}

// add appends an operation and returns its value.
func (p *pairing) add(o Op) int {
	p.graph.Ops = append(p.graph.Ops, o)
	p.depth = append(p.depth, 1+max(p.depthOf(o.A), p.depthOf(o.B)))
	p.where = append(p.where, nil)
	return p.graph.Inputs + len(p.graph.Ops) - 1
}

func (p *pairing) depthOf(value int) int {
	if value < p.graph.Inputs {
		return 0
	}
	return p.depth[value-p.graph.Inputs]
}

// tree adds terms up, always the two shallowest, so that the sum is no deeper than it must be.
func (p *pairing) tree(terms []Term) Term {
	if len(terms) == 0 {
		return Term{Value: None}
	}
	order := func(t, u Term) int {
		return cmp.Or(cmp.Compare(p.depthOf(t.Value), p.depthOf(u.Value)), cmp.Compare(t.Shift, u.Shift),
			cmp.Compare(t.Value, u.Value))
	}
	slices.SortFunc(terms, order)
	for len(terms) > 1 {
		a, b := terms[0], terms[1]
		if a.Neg && !b.Neg { // the difference the other way round needs no sign
			a, b = b, a
		}
		v := p.add(Op{A: a.Value, B: b.Value, Shift: b.Shift - a.Shift, Sub: a.Neg != b.Neg})
		sum := Term{v, a.Shift, a.Neg}
		terms = terms[2:]
		at, _ := slices.BinarySearchFunc(terms, sum, order)
		terms = slices.Insert(terms, at, sum)
	}
	return terms[0]
}

// queue holds patterns, the most frequent first; ties in an order that does not change from run to run.
type queue []entry

type entry struct {
	pattern
	count int
}

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(entry)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	*q = (*q)[:last]
	return e
}

func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	sub := 0
	if a.Sub != b.Sub {
		sub = 1
		if b.Sub {
			sub = -1
		}
	}
	return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B),
		cmp.Compare(a.Shift, b.Shift), sub) < 0
}
