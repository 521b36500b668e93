package sim

import "github.com/hlsgo/hlsgo/fixed"

// Threshold is the raw t of format in for which x > t says x > v; ok is false where the comparison of the
// C++ headers is not that of the numbers, see fixed.Cmp.
func Threshold(v Num, in fixed.Format) (t int64, ok bool) {
	if !v.X.IsInt64() ||
		in.Signed && v.X.Sign() >= 0 && NewNum(-1, in).Cmp(v) > 0 ||
		!in.Signed && v.X.Sign() < 0 && NewNum(0, in).Cmp(v) < 0 {
		return 0, false
	}
	s := in.F() - v.T.F()
	x := v.X.Int64()
	if s <= 0 {
		return x >> min(-s, 63), true
	}
	return x << s, s < 63 && x<<s>>s == x
}
