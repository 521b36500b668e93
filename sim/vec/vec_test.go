package vec_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/sim/vec"
)

// guarded returns n random bytes at an odd alignment between two runs of guard bytes, and a check of them.
func guarded(r *rand.Rand, n, shift int) ([]byte, func(*testing.T)) {
	const guard = 128
	all := make([]byte, guard+shift+n+guard)
	for i := range all {
		all[i] = byte(r.Uint32())
	}
	want := append([]byte(nil), all...)
	in := all[guard+shift : guard+shift+n]
	return in, func(t *testing.T) {
		t.Helper()
		require.Equal(t, want[:guard+shift], all[:guard+shift], "bytes before")
		require.Equal(t, want[guard+shift+n:], all[guard+shift+n:], "bytes behind")
	}
}

type sumCase struct {
	name          string
	fast, twin    vec.Sum
	in, acc, unit int // bytes of an input of one sample, of an accumulator, of a weight
	params        func(r *rand.Rand) *vec.Params
}

func none(*rand.Rand) *vec.Params { return nil }

func rounding(bits int) func(r *rand.Rand) *vec.Params {
	return func(r *rand.Rand) *vec.Params {
		shift := r.Int64N(int64(bits / 2))
		hi := int64(1) << (2 + r.IntN(bits-6))
		return &vec.Params{Add: r.Int64N(1 << 12), Shift: shift, Lo: -hi, Hi: hi - 1}
	}
}

func sums(s vec.Set) []sumCase {
	t := vec.Twins(s)
	return []sumCase{
		{"MulHi16", s.MulHi16, t.MulHi16, 2, 2, 4, none},
		{"MulLo16", s.MulLo16, t.MulLo16, 2, 2, 4, none},
		{"Dot16", s.Dot16, t.Dot16, 4, 4, 4, none},
		{"Cut32", s.Cut32, t.Cut32, 4, 4, 4, rounding(32)},
		{"Saturate32", s.Saturate32, t.Saturate32, 4, 4, 4, rounding(32)},
		{"Dot64", s.Dot64, t.Dot64, 8, 8, 8, none},
		{"Cut64", s.Cut64, t.Cut64, 8, 8, 8, rounding(64)},
		{"Saturate64", s.Saturate64, t.Saturate64, 8, 8, 8, rounding(64)},
	}
}

func TestSumsEqualTwins(t *testing.T) {
	for _, s := range vec.Sets() {
		for _, c := range sums(s) {
			if !c.fast.Ready() {
				continue
			}
			t.Run(s.Name+"/"+c.name, func(t *testing.T) {
				for _, k := range []int{0, 1, 2, 3, 7, 64, 131} {
					for shift := range 3 {
						checkSum(t, c, k, shift)
					}
				}
			})
		}
	}
	for _, name := range vec.Missing() {
		t.Logf("this machine lacks %s: its loops were not run", name)
	}
}

func checkSum(t *testing.T, c sumCase, k, shift int) {
	r := rand.New(rand.NewPCG(uint64(k), uint64(shift)))
	plane := c.fast.Samples * c.in
	x, checkX := guarded(r, max(k, 1)*plane, shift)
	w, checkW := guarded(r, max(k, 1)*c.fast.Outputs*c.unit, shift)
	acc, checkAcc := guarded(r, c.fast.Outputs*c.fast.Samples*c.acc, shift)
	if c.unit == 4 && c.in == 2 { // the int16 stands twice
		for i := 0; i < len(w); i += 4 {
			copy(w[i+2:i+4], w[i:i+2])
		}
	}
	offs := make([]int64, k)
	for i := range offs {
		offs[i] = int64(r.IntN(k) * plane)
	}
	p := c.params(r)
	want := append([]byte{}, acc...)
	c.twin.Run(vec.Bytes(x), offs, vec.Bytes(w), vec.Bytes(want), p)
	c.fast.Run(vec.Bytes(x), offs, vec.Bytes(w), vec.Bytes(acc), p)
	require.Equal(t, want, acc, "%d terms, shift %d", k, shift)
	checkX(t)
	checkW(t)
	checkAcc(t)
}

type planeCase struct {
	name       string
	fast, twin vec.Plane
	in, out    int
	bits       int // lane of the cast, 0: no cast
	keep       int // bits that the destination holds
}

func planes(s vec.Set) []planeCase {
	t := vec.Twins(s)
	out := []planeCase{{name: "Pack16", fast: s.Pack16, twin: t.Pack16, in: 2, out: 4}}
	for in := 8; in <= 32; in *= 2 {
		for to := 2 * in; to <= 64; to *= 2 {
			out = append(out, planeCase{
				name: fmt.Sprintf("Widen%dto%d", in, to),
				fast: s.Widen(in, to), twin: t.Widen(in, to), in: in / 8, out: to / 8,
			})
		}
	}
	for width := 16; width <= 64; width *= 2 {
		for in := 8; in <= width; in *= 2 {
			for to := 8; to <= width; to *= 2 {
				out = append(out, planeCase{
					name: fmt.Sprintf("Cast%dto%din%d", in, to, width),
					fast: s.Cast(in, width, to), twin: t.Cast(in, width, to),
					in: in / 8, out: to / 8, bits: width, keep: to,
				})
			}
		}
	}
	return out
}

func TestPlanesEqualTwins(t *testing.T) {
	for _, s := range vec.Sets() {
		for _, c := range planes(s) {
			if !c.fast.Ready() {
				continue
			}
			t.Run(s.Name+"/"+c.name, func(t *testing.T) {
				for n := range 9 {
					for seed := range 20 {
						checkPlane(t, c, n, seed)
					}
				}
			})
		}
	}
}

func checkPlane(t *testing.T, c planeCase, n, seed int) {
	r := rand.New(rand.NewPCG(uint64(n), uint64(seed)))
	run := n * c.fast.Block
	src, checkSrc := guarded(r, 2*run*c.in, seed%3)
	dst, checkDst := guarded(r, run*c.out, seed%3)
	p := &vec.Params{Add: int64(run * c.in)}
	if c.bits > 0 {
		hi := int64(1) << r.IntN(c.keep-1)
		p = &vec.Params{
			Left: r.Int64N(3), Add: r.Int64N(100), Negative: r.Int64N(9) - 4, Even: r.Int64N(2),
			Shift: r.Int64N(int64(c.bits)), Wrap: r.Int64N(int64(c.bits)), Mask: -1, Lo: -hi * r.Int64N(2), Hi: hi - 1,
		}
		if seed%2 == 1 {
			p.Mask = int64(r.Uint64())
		}
	}
	want := append([]byte{}, dst...)
	c.twin.Run(vec.Bytes(want), vec.Bytes(src), n, p)
	c.fast.Run(vec.Bytes(dst), vec.Bytes(src), n, p)
	require.Equal(t, want, dst, "%d blocks, seed %d, %+v", n, seed, p)
	checkSrc(t)
	checkDst(t)
}

type elementCase struct {
	name       string
	op         vec.Op
	fast, twin vec.Plane
	in, out    int
}

func elements(s vec.Set) []elementCase {
	t := vec.Twins(s)
	var out []elementCase
	names := map[vec.Op]string{
		vec.Add: "Add", vec.Sub: "Sub", vec.Mul: "Mul", vec.Max: "Max", vec.Choose: "Choose", vec.Scale: "Scale",
	}
	for op, name := range names {
		for in := 8; in <= 64; in *= 2 {
			for to := in; to <= 64; to *= 2 {
				out = append(out, elementCase{
					name: fmt.Sprintf("%s%dto%d", name, in, to), op: op,
					fast: s.Element(op, in, to), twin: t.Element(op, in, to), in: in / 8, out: to / 8,
				})
			}
		}
	}
	return out
}

func TestElementsEqualTwins(t *testing.T) {
	for _, s := range vec.Sets() {
		for _, c := range elements(s) {
			if !c.fast.Ready() {
				continue
			}
			t.Run(s.Name+"/"+c.name, func(t *testing.T) {
				for n := range 9 {
					for seed := range 20 {
						checkElement(t, c, n, seed)
					}
				}
			})
		}
	}
}

// checkElement works on three planes of random bytes, or of the ends of the range and what is beside them.
func checkElement(t *testing.T, c elementCase, n, seed int) {
	r := rand.New(rand.NewPCG(uint64(n), uint64(seed)))
	run := n * c.fast.Block
	src, checkSrc := guarded(r, 3*run*c.in, seed%3)
	dst, checkDst := guarded(r, run*c.out, seed%3)
	if seed%4 == 3 {
		copy(src, extremes(r, 3*run, c.in, 8*c.in))
	}
	values := func() int64 { return int64(r.Uint64()) >> r.IntN(64) }
	p := &vec.Params{
		Left: r.Int64N(4), Shift: r.Int64N(4), Add: values(), Factor: int64(int32(values())),
		Lo:     values() >> (64 - 8*c.in),
		Second: int64(run * c.in), Third: int64(2 * run * c.in),
	}
	want := append([]byte{}, dst...)
	c.twin.Run(vec.Bytes(want), vec.Bytes(src), n, p)
	c.fast.Run(vec.Bytes(dst), vec.Bytes(src), n, p)
	require.Equal(t, want, dst, "%d blocks, seed %d, %+v", n, seed, p)
	checkSrc(t)
	checkDst(t)
}

func TestStepsEqualTwins(t *testing.T) {
	for _, s := range vec.Sets() {
		twins := vec.Twins(s)
		for name, pair := range map[string][2]vec.Steps{
			"Floor": {s.Floor, twins.Floor}, "Even": {s.Even, twins.Even}, "Up": {s.Up, twins.Up},
		} {
			t.Run(s.Name+"/"+name, func(t *testing.T) {
				for seed := range 200 {
					checkSteps(t, pair[0], pair[1], uint64(seed))
				}
			})
		}
	}
}

// checkSteps converts everyday values, ties, the neighbours of ties, tiny ones, and now and then one that is
// out of range or no number.
func checkSteps(t *testing.T, fast, twin vec.Steps, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	src := make([]float32, vec.StepsBlock*(1+r.IntN(20)))
	for i := range src {
		switch v := float32(r.IntN(4000)-2000) / 2048; r.IntN(5) {
		case 0:
			src[i] = v
		case 1:
			src[i] = math.Nextafter32(v, float32(r.NormFloat64()))
		case 2:
			src[i] = float32(r.NormFloat64()) * 1e-40
		default:
			src[i] = float32(r.NormFloat64() * 100)
		}
	}
	odd := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1 << 21, -1 << 21, 3e38}
	if seed%4 == 3 {
		src[r.IntN(len(src))] = odd[r.IntN(len(odd))]
	}
	got, want := make([]int32, len(src)), make([]int32, len(src))
	require.Equal(t, twin.Run(want, src, 1024), fast.Run(got, src, 1024), "seed %d", seed)
	if seed%4 != 3 {
		require.Equal(t, want, got, "seed %d", seed)
	}
}

// BenchmarkLayer is a layer of 500 inputs and 500 outputs over 1024 samples.
func BenchmarkLayer(b *testing.B) {
	for _, s := range vec.Sets()[1:] {
		for _, c := range sums(s) {
			if c.fast.Ready() {
				b.Run(s.Name+"/"+c.name, func(b *testing.B) { benchLayer(b, c) })
			}
		}
	}
}

func benchLayer(b *testing.B, c sumCase) {
	const inputs, outputs, samples = 500, 500, 1024
	pack := 1
	if c.name == "Dot16" {
		pack = 2
	}
	terms := inputs / pack
	plane := samples*c.in + 64 // one line more, so that planes do not share cache sets
	x := make([]byte, terms*plane)
	w := make([]byte, (outputs+c.fast.Outputs)*terms*c.unit)
	acc := make([]byte, c.fast.Outputs*c.fast.Samples*c.acc)
	offs := make([]int64, terms)
	for i := range offs {
		offs[i] = int64(i * plane)
	}
	p := &vec.Params{Lo: -1 << 30, Hi: 1 << 30, Shift: 5}
	for b.Loop() {
		for j := 0; j < outputs; j += c.fast.Outputs {
			for s := 0; s < samples; s += c.fast.Samples {
				c.fast.Run(vec.Bytes(x[s*c.in:]), offs, vec.Bytes(w[j*terms*c.unit:]), vec.Bytes(acc), p)
			}
		}
	}
	b.ReportMetric(inputs*outputs*samples*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
}
