package main

import (
	"fmt"
	"strings"
)

// word is one instruction of 32 bits and its text in the architecture's syntax.
type word struct {
	bits uint32
	text string
}

// reg is a register, general or vector.
type reg uint32

// lane is the binary logarithm of the bytes of a lane.
type lane uint32

const (
	bytes8 lane = iota
	half16
	single32
	double64
)

// bits is the width of a lane.
func (l lane) bits() int { return 8 << l }

// full names the lanes of a whole register, low those of its lower half, letter a scalar.
func (l lane) full() string   { return [...]string{"16b", "8h", "4s", "2d"}[l] }
func (l lane) low() string    { return [...]string{"8b", "4h", "2s", "1d"}[l] }
func (l lane) letter() string { return [...]string{"b", "h", "s", "d"}[l] }

// operands names whole registers.
func operands(l lane, regs ...reg) string {
	var out []string
	for _, r := range regs {
		out = append(out, fmt.Sprintf("v%d.%s", r, l.full()))
	}
	return strings.Join(out, ", ")
}

// wholeRegister is the bit of operations on all 16 bytes.
const wholeRegister = 1 << 30

// sameOp is an operation on two vectors of the same shape.
type sameOp struct {
	name  string
	fixed uint32
}

func three(name string, u, op uint32) sameOp {
	return sameOp{name, 0x0e200400 | wholeRegister | u<<29 | op<<11}
}

// Operations on lanes of any width.
var (
	add  = three("add", 0, 0x10)
	sub  = three("sub", 1, 0x10)
	sshl = three("sshl", 0, 0x08)
	smax = three("smax", 0, 0x0c)
	smin = three("smin", 0, 0x0d)
	cmgt = three("cmgt", 0, 0x06)
	cmeq = three("cmeq", 1, 0x11)
)

// of is the operation on whole registers.
func (o sameOp) of(l lane, d, n, m reg) word {
	return word{o.fixed | uint32(l)<<22 | uint32(m<<16|n<<5|d),
		o.name + " " + operands(l, d, n, m)}
}

// Operations on bits.
var (
	and = three("and", 0, 0x03)
	bit = sameOp{"bit", three("", 1, 0x03).fixed | 2<<22}
)

func (o sameOp) bitwise(d, n, m reg) word { return o.of(bytes8, d, n, m) }

// Operations on float32 lanes; facgt compares magnitudes.
var (
	fmul  = three("fmul", 1, 0x1b)
	fsub  = sameOp{"fsub", three("", 0, 0x1a).fixed | 2<<22}
	fcmge = three("fcmge", 1, 0x1c)
	facgt = sameOp{"facgt", three("", 1, 0x1d).fixed | 2<<22}
)

func (o sameOp) float(d, n, m reg) word {
	w := o.of(single32, d, n, m)
	w.bits &^= 2 << 22
	w.bits |= o.fixed & (2 << 22)
	return w
}

// elementOp multiplies a vector by one element of another.
type elementOp struct {
	name  string
	fixed uint32
}

func element(name string, u, op uint32) elementOp {
	return elementOp{name, 0x0f000000 | u<<29 | op<<12}
}

var (
	mul     = element("mul", 0, 0x8)
	mla     = element("mla", 1, 0x0)
	sqdmulh = element("sqdmulh", 0, 0xc)
	smull   = element("smull", 0, 0xa)
	smlal   = element("smlal", 0, 0x2)
)

// at places register and index of the element. Elements of 16 bits lie in registers below 16.
func (o elementOp) at(l lane, d, n, m reg, index int) uint32 {
	i := uint32(index)
	if l == half16 {
		if m > 15 {
			panic(fmt.Sprintf("BUG: neon: %s: element in v%d", o.name, m))
		}
		return o.fixed | 1<<22 | i>>2<<11 | i>>1&1<<21 | i&1<<20 | uint32(m<<16|n<<5|d)
	}
	return o.fixed | 2<<22 | i>>1<<11 | i&1<<21 | uint32(m<<16|n<<5|d)
}

// of is the operation on whole registers.
func (o elementOp) of(l lane, d, n, m reg, index int) word {
	return word{o.at(l, d, n, m, index) | wholeRegister,
		fmt.Sprintf("%s %s, v%d.%s[%d]", o.name, operands(l, d, n), m, l.letter(), index)}
}

// long multiplies the lower or upper half of n to lanes twice as wide.
func (o elementOp) long(l lane, upper bool, d, n, m reg, index int) word {
	w, name, shape := o.at(l, d, n, m, index), o.name, l.low()
	if upper {
		w, name, shape = w|wholeRegister, name+"2", l.full()
	}
	return word{w, fmt.Sprintf("%s v%d.%s, v%d.%s, v%d.%s[%d]",
		name, d, (l + 1).full(), n, shape, m, l.letter(), index)}
}

// shiftRight is an arithmetic shift of lanes, or one whose result is added to d.
func shiftRight(name string, op uint32) func(l lane, d, n reg, by int) word {
	return func(l lane, d, n reg, by int) word {
		return word{0x0f000400 | wholeRegister | uint32(2*l.bits()-by)<<16 | op<<11 | uint32(n<<5|d),
			fmt.Sprintf("%s %s, #%d", name, operands(l, d, n), by)}
	}
}

var (
	sshr = shiftRight("sshr", 0x00)
	ssra = shiftRight("ssra", 0x02)
)

// sxtl extends the lower lanes to lanes twice as wide.
func sxtl(l lane, d, n reg) word {
	return word{0x0f00a400 | uint32(l.bits())<<16 | uint32(n<<5|d),
		fmt.Sprintf("sxtl v%d.%s, v%d.%s", d, (l + 1).full(), n, l.low())}
}

// xtn stores the low halves of lanes of n as lanes of width l in the lower half of d.
func xtn(l lane, d, n reg) word {
	return word{0x0e212800 | uint32(l)<<22 | uint32(n<<5|d),
		fmt.Sprintf("xtn v%d.%s, v%d.%s", d, l.low(), n, (l + 1).full())}
}

// float1 is an operation on one vector of float32.
func float1(name string, fixed uint32) func(d, n reg) word {
	return func(d, n reg) word {
		return word{fixed | wholeRegister | uint32(n<<5|d), name + " " + operands(single32, d, n)}
	}
}

var (
	frintn = float1("frintn", 0x0e218800)
	frintm = float1("frintm", 0x0e219800)
	fcvtzs = float1("fcvtzs", 0x0ea1b800)
)

// permute is a choice of lanes of two vectors.
func permute(name string, op uint32) func(l lane, d, n, m reg) word {
	return func(l lane, d, n, m reg) word {
		return word{0x0e000800 | wholeRegister | uint32(l)<<22 | op<<12 | uint32(m<<16|n<<5|d),
			name + " " + operands(l, d, n, m)}
	}
}

var (
	uzp1 = permute("uzp1", 1)
	uzp2 = permute("uzp2", 5)
	zip1 = permute("zip1", 3)
	zip2 = permute("zip2", 7)
)

// across reduces all lanes of n to one in d.
func across(name string, u uint32) func(l lane, d, n reg) word {
	return func(l lane, d, n reg) word {
		return word{0x0e31a800 | wholeRegister | u<<29 | uint32(l)<<22 | uint32(n<<5|d),
			fmt.Sprintf("%s %s%d, v%d.%s", name, l.letter(), d, n, l.full())}
	}
}

var (
	sminv = across("sminv", 0)
	uminv = across("uminv", 1)
)

// dup copies a general register to every lane.
func dup(l lane, d, n reg) word {
	file := "w"
	if l == double64 {
		file = "x"
	}
	return word{0x0e000c00 | wholeRegister | 1<<(16+l) | uint32(n<<5|d),
		fmt.Sprintf("dup v%d.%s, %s%d", d, l.full(), file, n)}
}

// smov16 moves the lowest 16-bit lane, sign-extended, to a general register; umov32 the lowest 32-bit one.
func smov16(d, n reg) word {
	return word{0x0e022c00 | uint32(n<<5|d), fmt.Sprintf("smov w%d, v%d.h[0]", d, n)}
}

func umov32(d, n reg) word {
	return word{0x0e043c00 | uint32(n<<5|d), fmt.Sprintf("umov w%d, v%d.s[0]", d, n)}
}

// pair loads or stores two registers of 16 bytes at base + offset.
func pair(name string, fixed uint32) func(t, u, base reg, offset int) word {
	return func(t, u, base reg, offset int) word {
		return word{fixed | uint32(offset/16)&0x7f<<15 | uint32(u<<10|base<<5|t),
			fmt.Sprintf("%s q%d, q%d, [x%d, #%d]", name, t, u, base, offset)}
	}
}

// pairNext is pair at base, which advances by step.
func pairNext(name string, fixed uint32) func(t, u, base reg, step int) word {
	return func(t, u, base reg, step int) word {
		return word{fixed | uint32(step/16)&0x7f<<15 | uint32(u<<10|base<<5|t),
			fmt.Sprintf("%s q%d, q%d, [x%d], #%d", name, t, u, base, step)}
	}
}

var (
	ldp     = pair("ldp", 0xad400000)
	stp     = pair("stp", 0xad000000)
	ldpNext = pairNext("ldp", 0xacc00000)
	stpNext = pairNext("stp", 0xac800000)
)

// next loads or stores size bytes, 2 to 16, at base, which advances by as many.
func next(name string, load uint32) func(size int, t, base reg) word {
	return func(size int, t, base reg) word {
		of := map[int]struct {
			fixed  uint32
			letter string
		}{2: {0x7c000400, "h"}, 4: {0xbc000400, "s"}, 8: {0xfc000400, "d"}, 16: {0x3c800400, "q"}}[size]
		return word{of.fixed | load | uint32(size)<<12 | uint32(base<<5|t),
			fmt.Sprintf("%s %s%d, [x%d], #%d", name, of.letter, t, base, size)}
	}
}

var (
	ldr = next("ldr", 0x00400000)
	str = next("str", 0)
)

// ldrIndexed loads 16 bytes at base + index.
func ldrIndexed(t, base, index reg) word {
	return word{0x3ce06800 | uint32(index<<16|base<<5|t), fmt.Sprintf("ldr q%d, [x%d, x%d]", t, base, index)}
}
