package main

import "fmt"

// The tile of every sum is rows x perRow registers, v16 to v31.
const (
	rows   = 4
	perRow = 4
	tile   = reg(16)
)

// General registers of a sum.
const (
	rW     = reg(2)
	rAcc   = reg(4)
	rPlane = reg(6)
	rScan  = reg(7)
)

// Vector registers of a sum: weights v0, v1; inputs from v2; temporaries from v6; constants from v10.
const (
	vWeights = reg(0)
	vIn      = reg(2)
	vTemp    = reg(6)
	vAdd     = reg(10)
	vShift   = reg(11)
	vLo      = reg(12)
	vHi      = reg(13)
	vMask    = reg(14)
)

// The fields of Params in order.
const (
	fieldLeft = iota
	fieldAdd
	fieldNegative
	fieldEven
	fieldShift
	fieldWrap
	fieldMask
	fieldLo
	fieldHi
)

// sum is a kernel: term emits what happens to one row of the tile, for every term.
type sum struct {
	name, doc string
	unit      int // bytes of a weight
	setup     func(a *asm)
	inputs    func() []word // makes of v2 to v5 what term reads
	term      func(row int) []word
}

func (s sum) emit(a *asm) {
	s.begin(a)
	s.loop(a, s.name+"Loop")
	s.end(a)
}

// begin loads arguments and tile.
func (s sum) begin(a *asm) {
	a.kernel(s.name+"NEON", s.doc, "(x *byte, offs *int64, w *byte, k int64, acc *byte, p *int64)", 48)
	a.plain("MOVD x+0(FP), R0", "MOVD offs+8(FP), R1", "MOVD w+16(FP), R2", "MOVD k+24(FP), R3",
		"MOVD acc+32(FP), R4")
	if s.setup != nil {
		a.plain("MOVD p+40(FP), R5")
		s.setup(a)
	}
	for i := reg(0); i < rows*perRow; i += 2 {
		a.words(ldp(tile+i, tile+i+1, rAcc, int(16*i)))
	}
}

// loop goes through all terms.
func (s sum) loop(a *asm, name string) {
	a.label(name)
	a.plain("MOVD.P 8(R1), R6", "ADD R0, R6, R6")
	a.words(ldp(vIn, vIn+1, rPlane, 0), ldp(vIn+2, vIn+3, rPlane, 32), s.loadWeights(rW))
	if s.inputs != nil {
		a.words(s.inputs()...)
	}
	for row := range rows {
		a.words(s.term(row)...)
	}
	a.plain("SUBS $1, R3, R3", "BNE "+name)
}

// loadWeights loads the weights of one term and advances.
func (s sum) loadWeights(from reg) word {
	if s.unit == 8 {
		return ldpNext(vWeights, vWeights+1, from, 32)
	}
	return ldr(16, vWeights, from)
}

// end stores the tile.
func (s sum) end(a *asm) {
	for i := reg(0); i < rows*perRow; i += 2 {
		a.words(stp(tile+i, tile+i+1, rAcc, int(16*i)))
	}
	a.plain("RET")
}

// each emits f for the registers of a row: input, temporary, accumulator.
func each(row int, f ...func(x, t, acc reg) word) []word {
	var out []word
	for _, op := range f {
		for v := range reg(perRow) {
			out = append(out, op(vIn+v, vTemp+v, tile+reg(row*perRow)+v))
		}
	}
	return out
}

func sums(a *asm) {
	mulHi16(a)
	sum{name: "mulLo16", doc: "adds the low half of each 16-bit product.", unit: 4,
		term: func(row int) []word {
			return each(row, func(x, _, acc reg) word { return mla.of(half16, acc, x, vWeights, 2*row) })
		}}.emit(a)
	dot16().emit(a)
	cut32(a)
	saturate32().emit(a)
	dot64().emit(a)
	cut64().emit(a)
	saturate64().emit(a)
}

// mulHi16 doubles the products, keeps their high halves and adds the half of those: two floors in a row are
// one. Only -32768 * -32768 does not double into 32 bits; its high half then comes out one less after the
// halving. A first pass over the weights looks for -32768; only where it occurs the loop counts that case.
func mulHi16(a *asm) {
	s := sum{name: "mulHi16", doc: "adds the high half of each 16-bit product.", unit: 4,
		term: func(row int) []word {
			return each(row,
				func(x, t, _ reg) word { return sqdmulh.of(half16, t, x, vWeights, 2*row) },
				func(_, t, acc reg) word { return ssra(half16, acc, t, 1) })
		}}
	s.begin(a)
	a.plain("MOVD R2, R7", "MOVD R3, R8", "MOVD $-32768, R9")
	a.words(dup(half16, vMask, 9), sub.of(half16, vTemp, vTemp, vTemp))
	a.label("mulHi16Scan")
	a.words(ldr(16, vWeights, rScan), smin.of(half16, vTemp, vTemp, vWeights))
	a.plain("SUBS $1, R8, R8", "BNE mulHi16Scan")
	a.words(sminv(half16, vTemp, vTemp), smov16(8, vTemp))
	a.plain("CMPW R9, R8", "BEQ mulHi16LoopLowest")
	s.loop(a, "mulHi16Loop")
	s.end(a)
	s.countLowest().loop(a, "mulHi16LoopLowest")
	s.end(a)
}

// countLowest adds one to each accumulator whose input and weight are both -32768: comparisons give -1.
func (s sum) countLowest() sum {
	const weights, in = vWeights + 1, vAdd
	plain := s.term
	s.inputs = func() []word {
		out := []word{cmeq.of(half16, weights, vWeights, vMask)}
		for v := range reg(perRow) {
			out = append(out, cmeq.of(half16, in+v, vIn+v, vMask))
		}
		return out
	}
	s.term = func(row int) []word {
		return append(plain(row), each(row, func(x, _, acc reg) word {
			return mla.of(half16, acc, in+x-vIn, weights, 2*row)
		})...)
	}
	return s
}

// dot16 separates the first and the second values of the pairs, eight samples to a register.
func dot16() sum {
	return sum{name: "dot16", doc: "adds the products of pairs of 16-bit values to 32-bit sums.", unit: 4,
		inputs: func() []word {
			return []word{
				uzp1(half16, vTemp, vIn, vIn+1), uzp1(half16, vTemp+1, vIn+2, vIn+3),
				uzp2(half16, vTemp+2, vIn, vIn+1), uzp2(half16, vTemp+3, vIn+2, vIn+3),
			}
		},
		term: func(row int) []word {
			var out []word
			for part := range 2 {
				for v := range reg(perRow) {
					out = append(out, smlal.long(half16, v&1 == 1, tile+reg(row*perRow)+v,
						vTemp+2*reg(part)+v/2, vWeights, 2*row+part))
				}
			}
			return out
		}}
}

// rounding loads add and shift, and with limits also lo and hi, from *Params.
func rounding(l lane, limits bool) func(a *asm) {
	return func(a *asm) {
		broadcast(a, l, vAdd, fieldAdd)
		shiftCount(a, l, vShift, fieldShift, true)
		if limits {
			broadcast(a, l, vLo, fieldLo)
			broadcast(a, l, vHi, fieldHi)
		}
	}
}

// broadcast loads a field of *Params into every lane; R7 is used.
func broadcast(a *asm, l lane, d reg, field int) {
	a.plain(fmt.Sprintf("MOVD %d(R5), R7", 8*field))
	a.words(dup(l, d, 7))
}

// shiftCount is broadcast for a shift: to the right is a negative count.
func shiftCount(a *asm, l lane, d reg, field int, right bool) {
	a.plain(fmt.Sprintf("MOVD %d(R5), R7", 8*field))
	if right {
		a.plain("NEG R7, R7")
	}
	a.words(dup(l, d, 7))
}

// A row operation on lanes of a width.
type rowOp func(x, t, acc reg) word

func product32(row int) rowOp {
	return func(x, t, _ reg) word { return mul.of(single32, t, x, vWeights, row) }
}

func addRounding(l lane) rowOp { return func(_, t, _ reg) word { return add.of(l, t, t, vAdd) } }
func cutShift(l lane) rowOp    { return func(_, t, _ reg) word { return sshl.of(l, t, t, vShift) } }
func accumulate(l lane) rowOp  { return func(_, t, acc reg) word { return add.of(l, acc, acc, t) } }
func linear32(row int) rowOp {
	return func(x, _, acc reg) word { return mla.of(single32, acc, x, vWeights, row) }
}

// cut32 has a loop of its own for products that nothing is cut from.
func cut32(a *asm) {
	s := sum{name: "cut32", doc: "adds 32-bit products, each rounded by add and shift.", unit: 4,
		setup: rounding(single32, false),
		term: func(row int) []word {
			return each(row, product32(row), addRounding(single32), cutShift(single32), accumulate(single32))
		}}
	linear := s
	linear.term = func(row int) []word { return each(row, linear32(row)) }
	s.begin(a)
	a.plain(fmt.Sprintf("MOVD %d(R5), R7", 8*fieldAdd), fmt.Sprintf("MOVD %d(R5), R8", 8*fieldShift),
		"ORR R7, R8, R7", "CBZ R7, cut32LoopLinear")
	s.loop(a, "cut32Loop")
	s.end(a)
	linear.loop(a, "cut32LoopLinear")
	s.end(a)
}

func saturate32() sum {
	limit := func(v func(t, acc reg) reg, op sameOp, by reg) rowOp {
		return func(_, t, acc reg) word { return op.of(single32, v(t, acc), v(t, acc), by) }
	}
	product := func(t, _ reg) reg { return t }
	total := func(_, acc reg) reg { return acc }
	return sum{name: "saturate32", unit: 4, setup: rounding(single32, true),
		doc: "adds 32-bit products, each rounded by add and shift; product\n// and sum are clamped at every term.",
		term: func(row int) []word {
			return each(row, product32(row), addRounding(single32), cutShift(single32),
				limit(product, smax, vLo), limit(product, smin, vHi), accumulate(single32),
				limit(total, smax, vLo), limit(total, smin, vHi))
		}}
}

// narrow64 gathers the low halves of 64-bit lanes: v2 and v3 hold four samples each.
func narrow64() []word {
	return []word{uzp1(single32, vIn, vIn, vIn+1), uzp1(single32, vIn+1, vIn+2, vIn+3)}
}

// long64 is op of inputs and the row's weight, to temporaries or to the tile.
func long64(op elementOp, row int, toTile bool) []word {
	return each(row, func(x, t, acc reg) word {
		v := x - vIn
		if toTile {
			t = acc
		}
		return op.long(single32, v&1 == 1, t, vIn+v/2, vWeights+reg(row/2), row%2*2)
	})
}

func dot64() sum {
	return sum{name: "dot64", doc: "adds products of 32-bit values to 64-bit sums.", unit: 8, inputs: narrow64,
		term: func(row int) []word { return long64(smlal, row, true) }}
}

func cut64() sum {
	return sum{name: "cut64", unit: 8, inputs: narrow64, setup: rounding(double64, false),
		doc: "adds 64-bit products of 32-bit values, each rounded by add and shift.",
		term: func(row int) []word {
			return append(long64(smull, row, false),
				each(row, addRounding(double64), cutShift(double64), accumulate(double64))...)
		}}
}

func saturate64() sum {
	return sum{name: "saturate64", unit: 8, inputs: narrow64, setup: rounding(double64, true),
		doc: "adds 64-bit products of 32-bit values, each rounded by add and shift;\n" +
			"// product and sum are clamped.",
		term: func(row int) []word {
			out := append(long64(smull, row, false), each(row, addRounding(double64), cutShift(double64))...)
			for v := range reg(perRow) {
				t, acc := vTemp+v, tile+reg(row*perRow)+v
				out = append(out, clamp64(t, vLo, vHi, vMask)...)
				out = append(out, add.of(double64, acc, acc, t))
				out = append(out, clamp64(acc, vLo, vHi, vMask)...)
			}
			return out
		}}
}

// clamp64 limits 64-bit lanes, which have no minimum and maximum of their own.
func clamp64(v, lo, hi, mask reg) []word {
	return []word{
		cmgt.of(double64, mask, lo, v), bit.bitwise(v, lo, mask),
		cmgt.of(double64, mask, v, hi), bit.bitwise(v, hi, mask),
	}
}
