package fixed

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// WeightText is the decimal text that hls4ml's weight writer prints for v in format f: F digits after the
// point (none for negative F), no digits for integers, Xnor and exponents, 16 for floats; correctly rounded,
// exact ties to even. mirrors WeightVariable.update_precision in model/types.py.
func WeightText(v float64, f Format) string {
	return string(appendWeight(nil, v, f))
}

func appendWeight(dst []byte, v float64, f Format) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, "nan"...)
	case math.IsInf(v, 1):
		return append(dst, "inf"...)
	case math.IsInf(v, -1):
		return append(dst, "-inf"...)
	}
	return strconv.AppendFloat(dst, v, 'f', weightDigits(f), 64)
}

func weightDigits(f Format) int {
	switch f.Kind {
	case KindFixed:
		return max(0, f.F())
	case KindFloat:
		return 16
	}
	return 0
}

// FromText is the raw of the narrow format f that C++ reads from a decimal text. A fixed-point format reads
// a double and converts it; an integer format reads an integer and keeps its low bits.
// For an Exponent format the text is the exponent. mirrors operator>> of ap_fixed_base and ap_int_base.
func FromText(s string, f Format) (int64, error) {
	f.mustHaveRaws()
	if f.Kind == KindFixed {
		v, err := parseDouble(s)
		return FromFloat64(v, f), err
	}
	x, err := parseInteger(s)
	if err != nil {
		return 0, err
	}
	return CastBig(x, x, Int(MaxResultW), f.Plain().asInt()).Int64(), nil
}

// FromTextBig is FromText for formats of any width: it sets dst to the raw and returns it.
func FromTextBig(dst *big.Int, s string, f Format) (*big.Int, error) {
	f.mustHaveRaws()
	if f.Kind == KindFixed {
		v, err := parseDouble(s)
		return FromFloat64Big(dst, v, f), err
	}
	x, err := parseInteger(s)
	if err != nil {
		return dst, err
	}
	return CastBig(dst, x, Int(MaxResultW), f.Plain().asInt()), nil
}

// mustHaveRaws stops where a format has no raw integers at all.
func (f *Format) mustHaveRaws() {
	if f.Kind > KindExponent {
		panic("BUG: fixed: no raws in " + f.String())
	}
}

// WeightFloat is the number that the weight v has in the firmware where f is float or double: printed by
// hls4ml with 16 digits after the point, read back by C++ to the nearest f. Other formats are an error.
func WeightFloat(v float64, f Format) (float64, error) {
	bits := map[FloatKind]int{FloatSingle: 32, FloatDouble: 64}[f.Float]
	if f.Kind != KindFloat || bits == 0 {
		return 0, fmt.Errorf("weight of type %s: not supported: want float or double", f)
	}
	x, err := strconv.ParseFloat(WeightText(v, f), bits)
	if err != nil && !math.IsInf(x, 0) {
		return 0, fmt.Errorf("weight text %q: not a number: want decimal digits", WeightText(v, f))
	}
	return x, nil
}

// parseDouble reads a decimal number as a C++ stream does: correctly rounded, with infinities and NaN
// refused. Beyond the doubles it is the largest one.
func parseDouble(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case math.IsInf(v, 0) && err != nil:
		return math.Copysign(math.MaxFloat64, v), nil
	case err != nil || math.IsInf(v, 0) || math.IsNaN(v):
		return 0, fmt.Errorf("weight text %q: not a number: want decimal digits", s)
	}
	return v, nil
}

// maxDigits bounds the digits of an integer text; the largest double has 309.
const maxDigits = 400

func parseInteger(s string) (*big.Int, error) {
	if len(s) > maxDigits {
		return nil, fmt.Errorf("weight text of %d bytes: too long: want at most %d", len(s), maxDigits)
	}
	x, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil, fmt.Errorf("weight text %q: not an integer: want decimal digits", s)
	}
	return x, nil
}

// QuantizeWeight is the raw that the weight v has in the firmware: printed by hls4ml in decimal for format
// f, read back by C++. Both steps round: a weight is first rounded to F decimal digits, then quantized by
// f.Q. NaN and infinities, which a C++ stream refuses, become 0. f must be narrow.
// The detour through text is not avoidable: 0.96 with one fractional bit is printed as 1.0, whose raw is 2,
// while the number itself truncates to 1.
func QuantizeWeight(v float64, f Format) int64 { return QuantizeText(v, f, f) }

// QuantizeText is QuantizeWeight for a weight that is printed with the digits of one format, text, and read
// back into another, f.
func QuantizeText(v float64, text, f Format) int64 {
	// On the stack for all but huge numbers: networks have millions of weights.
	var buf [64]byte
	x, err := FromText(string(appendWeight(buf[:0], v, text)), f)
	if err != nil {
		return 0
	}
	return x
}

// QuantizeWeightBig is QuantizeWeight for formats of any width: it sets dst to the raw and returns it.
func QuantizeWeightBig(dst *big.Int, v float64, f Format) *big.Int {
	return QuantizeTextBig(dst, v, f, f)
}

// QuantizeTextBig is QuantizeText for formats of any width: it sets dst to the raw and returns it.
func QuantizeTextBig(dst *big.Int, v float64, text, f Format) *big.Int {
	if _, err := FromTextBig(dst, WeightText(v, text), f); err != nil {
		return dst.SetInt64(0)
	}
	return dst
}

// Po2 is a power-of-two weight, as the C++ struct {ap_uint<1> sign; ap_int<W> weight;}: the value is
// 2^Weight, negated where Positive is false.
type Po2 struct {
	Positive bool
	Weight   int64 // raw of the exponent's integer format
}

// QuantizePo2 is the power-of-two weight that hls4ml writes for v: the sign of v (zero is positive) and
// log2|v| cut toward zero, wrapped to f's W bits. v is a power of two where the quantizer did its work.
// mirrors ExponentWeightVariable._format in model/types.py.
func QuantizePo2(v float64, f Format) Po2 {
	e := math.Trunc(math.Log2(math.Abs(v)))
	if math.IsInf(e, 0) || math.IsNaN(e) {
		e = math.MinInt64 // numpy's conversion of no number to an integer
	}
	return Po2{Positive: !(v < 0), Weight: f.wrap(int64(e))}
}

// Raw packs p into one integer: the exponent above the sign bit. It is how a raw of an Exponent format is
// kept where a weight is one integer.
func (p Po2) Raw() int64 {
	x := p.Weight << 1
	if p.Positive {
		x |= 1
	}
	return x
}

// Po2FromRaw unpacks what Raw packs.
func Po2FromRaw(x int64) Po2 { return Po2{Positive: x&1 != 0, Weight: x >> 1} }

// Value is 2^Weight with its sign.
func (p Po2) Value() float64 {
	v := math.Ldexp(1, int(p.Weight))
	if !p.Positive {
		return -v
	}
	return v
}
