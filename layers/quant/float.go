package quant

import (
	"math"

	"github.com/hlsgo/hlsgo/internal/libm"
)

// epsilon is the small number that Keras adds before it divides or takes a logarithm.
const epsilon float32 = 1e-7

// ln2 divides logarithms.
const ln2 float32 = math.Ln2

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// sign is -1, 0 or 1.
func sign(x float32) float32 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x // zeros keep their sign, and NaN is NaN
}

// signOrOne is sign with 1 for zero.
func signOrOne(x float32) float32 {
	s := sign(x)
	return s + (1 - abs(s))
}

// round rounds to whole numbers, ties to even.
func round(x float32) float32 { return float32(math.RoundToEven(float64(x))) }

func floor(x float32) float32 { return float32(math.Floor(float64(x))) }

// through is x + (q - x) in two roundings: how QKeras returns q with the gradient of x.
func through(x, q float32) float32 { return x + (-x + q) }

// clip limits x to [lo, hi].
func clip(x, lo, hi float32) float32 { return max(min(x, hi), lo) }

// pow2 is 2^x for a float32 exponent.
func pow2(x float32) float32 { return float32(math.Exp2(float64(x))) }

// wide reports whether element i of n lies in a full register of TensorFlow's kernels, which work on eight
// numbers at a time; what is left over goes through the C library.
func wide(i, n int) bool { return i < n/lanes*lanes }

// log2 is the quotient of two rounded logarithms.
func log2(x float32, wide bool) float32 {
	if wide {
		return eigenLog(x) / ln2
	}
	return float32(math.Log(float64(x))) / ln2
}

// Coefficients of Eigen's rational approximations.
var (
	logAbove  = []float32{0.18256296349849254, 1.0000000190281063, 1.0000000190281136}
	logBelow  = []float32{0.049616247954120038, 0.59923249590823520, 1.4999999999999927, 1}
	tanhAbove = []float32{
		-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-08,
		1.48572235717979e-05, 6.37261928875436e-04, 4.89352455891786e-03,
	}
	tanhBelow = []float32{
		1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03,
	}
)

// polynomial is Horner's scheme, highest power first, without fused operations.
func polynomial(x float32, c []float32) float32 {
	y := c[0]
	for _, k := range c[1:] {
		y = float32(y*x) + k
	}
	return y
}

// eigenLog is the logarithm of a number that is normal, if not infinite or NaN: log(1+u) for u from
// sqrt(1/2)-1 to sqrt(2)-1 as a fraction of polynomials, and the exponent times ln 2.
func eigenLog(x float32) float32 {
	if !(x <= math.MaxFloat32) {
		return x
	}
	frac, exp := math.Frexp(float64(x))
	u, e := float32(frac), float32(exp)
	if u < math.Sqrt2/2 {
		u, e = float32(u-1)+u, e-1
	} else {
		u--
	}
	y := float32(u*polynomial(u, logAbove)) / polynomial(u, logBelow)
	return float32(e*ln2) + y
}

// tanh is that of Eigen in a full register, else that of the C library.
func tanh(x float32, wide bool) float32 {
	const end, linear = 7.90531110763549805, 0.0004
	switch {
	case !wide:
		return libm.Tanh32(x)
	case abs(x) < linear:
		return x
	}
	u := clip(x, -end, end)
	u2 := u * u
	return float32(u*polynomial(u2, tanhAbove)) / polynomial(u2, tanhBelow)
}

func powerOfTwo(v float64) bool {
	frac, _ := math.Frexp(v)
	return frac == 0.5
}

// hardSigmoid is clip(x/2 + 1/2, 0, 1).
func hardSigmoid(x float32) float32 { return clip(float32(0.5*x)+0.5, 0, 1) }

func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

// noise is how QKeras mixes a number and its quantized value: factor is qnoise_factor, and ste says that the
// gradient of x goes through.
type noise struct {
	factor float64
	ste    bool
}

func (r *reader) noise() noise { return noise{r.float("qnoise_factor"), r.truth("use_ste")} }

func (n noise) mix(x, q float32) float32 {
	f := float32(n.factor)
	if n.ste {
		return x + float32(f*(-x+q))
	}
	return float32(float32(1-n.factor)*x) + float32(f*q)
}

// most is the largest number of bits of a quantizer: beyond it hls4ml has no use and float32 no room.
const most = 30
