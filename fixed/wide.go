package fixed

import "math/big"

// CastBig is Cast for formats of any width: it sets dst to the raw of format to and returns it. dst may
// be x.
func CastBig(dst, x *big.Int, from, to Format) *big.Int {
	p := NewWidePlan(from, to)
	return p.Apply(dst, x)
}

// WidePlan is a conversion between two formats of any width, with what does not depend on the number
// computed beforehand. It is not comparable and only read by Apply.
type WidePlan struct {
	to     Format
	q      Q
	shift  int // right if positive
	lo, hi *big.Int
	mask   *big.Int // 2^W - 1
}

// NewWidePlan prepares the conversion from one format to another.
func NewWidePlan(from, to Format) *WidePlan {
	q, o := rule(from, to)
	p := &WidePlan{to: o, q: q, shift: from.F() - to.F()}
	p.lo, p.hi = o.Range()
	p.mask = new(big.Int).Lsh(big.NewInt(1), uint(o.W))
	p.mask.Sub(p.mask, big.NewInt(1))
	return p
}

// Apply sets dst to the converted raw of x and returns dst, which may be x.
func (p *WidePlan) Apply(dst, x *big.Int) *big.Int {
	// Read first, since dst may be x.
	deleted := p.to.O == WRAPSM && wideSourceBit(x, p.shift+p.to.W)
	if p.shift > 0 {
		p.q.quantizeBig(dst, x, uint(p.shift))
	} else {
		dst.Lsh(x, uint(-p.shift))
	}
	return p.overflow(dst, deleted)
}

// quantizeBig sets dst to x * 2^-s quantized to an integer, for s > 0.
func (q Q) quantizeBig(dst, x *big.Int, s uint) {
	t, negative := wideTailOf(x, s), x.Sign() < 0
	dst.Rsh(x, s)
	if q.up(t, negative, dst.Bit(0) != 0) {
		dst.Add(dst, one)
	}
}

var one = big.NewInt(1)

// wideTailOf describes the low s bits of x in two's complement, for s > 0.
func wideTailOf(x *big.Int, s uint) tail {
	zeros := x.TrailingZeroBits()
	switch {
	case x.Sign() == 0 || zeros >= s:
		return tail{half: -1}
	case zeros == s-1:
		return tail{half: 0, any: true}
	case x.Bit(int(s-1)) != 0:
		return tail{half: 1, any: true}
	}
	return tail{half: -1, any: true}
}

// wideSourceBit is bit i of a two's complement source, 0 for negative i.
func wideSourceBit(x *big.Int, i int) bool {
	return i >= 0 && x.Bit(i) != 0
}

// overflow brings v into the range of the target, in place.
func (p *WidePlan) overflow(v *big.Int, deleted bool) *big.Int {
	negative := v.Sign() < 0
	below, above := v.Cmp(p.lo) < 0, v.Cmp(p.hi) > 0
	symmetric := p.to.O == SATSym && p.to.Signed
	if !below && !above {
		if symmetric && v.Cmp(p.lo) == 0 {
			return p.lowestSymmetric(v)
		}
		return v
	}
	switch p.to.O {
	case SAT, SATSym:
		switch {
		case above:
			return v.Set(p.hi)
		case symmetric:
			return p.lowestSymmetric(v)
		}
		return v.Set(p.lo)
	case SATZero:
		return v.SetInt64(0)
	case WRAPSM:
		p.signMagnitude(v, negative, deleted)
	default:
		p.saturateTop(v, negative)
	}
	return p.sign(v)
}

// lowestSymmetric sets v to the lowest raw that SAT_SYM leaves: min|1.
func (p *WidePlan) lowestSymmetric(v *big.Int) *big.Int {
	if p.to.W == 1 {
		return v.Set(p.lo)
	}
	return v.Add(p.lo, one)
}

// sign reads the low W bits in v as a raw of the target.
func (p *WidePlan) sign(v *big.Int) *big.Int {
	if p.to.Signed && v.Bit(p.to.W-1) != 0 {
		v.Sub(v, p.mask)
		v.Sub(v, one)
	}
	return v
}

// saturateTop is WRAP: the low W bits of v, with the top N saturated.
func (p *WidePlan) saturateTop(v *big.Int, negative bool) {
	v.And(v, p.mask)
	switch w, n := p.to.W, p.to.N; {
	case n == 0:
	case !p.to.Signed:
		setField(v, w-n, w, true)
	default:
		p.setTop(v, negative)
	}
}

// setTop makes the sign bit of v that of the number and the N-1 bits below it the opposite.
func (p *WidePlan) setTop(v *big.Int, negative bool) {
	setField(v, p.to.W-1, p.to.W, negative)
	setField(v, p.to.W-p.to.N, p.to.W-1, !negative)
}

// signMagnitude is WRAP_SM: the low W bits of v by the rule of Format.signMagnitude.
func (p *WidePlan) signMagnitude(v *big.Int, negative, deleted bool) {
	w, n := p.to.W, p.to.N
	v.And(v, p.mask)
	sign := v.Bit(w-1) != 0
	if n == 0 {
		if deleted != sign {
			v.Xor(v, p.mask)
			setField(v, w-1, w, deleted)
		}
		return
	}
	if n == 1 && sign != negative || n > 1 && (v.Bit(w-n) != 0) == negative {
		v.Xor(v, p.mask)
	}
	p.setTop(v, negative)
}

// setField sets the bits lo..hi-1 of a non-negative v.
func setField(v *big.Int, lo, hi int, to bool) {
	b := uint(0)
	if to {
		b = 1
	}
	for i := lo; i < hi; i++ {
		v.SetBit(v, i, b)
	}
}
