package sim

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/drawtest"
)

// drawNarrow draws a format of at most 20 bits.
func drawNarrow(t *rapid.T, name string) fixed.Format {
	w := rapid.IntRange(2, 20).Draw(t, name+" W")
	f := fixed.Format{W: w, I: rapid.IntRange(-2, w+2).Draw(t, name+" I")}
	f.Signed = rapid.Bool().Draw(t, name+" signed")
	return f.With(
		fixed.Q(rapid.IntRange(0, int(fixed.RNDConv)).Draw(t, name+" Q")),
		rapid.SampledFrom([]fixed.O{fixed.WRAP, fixed.SAT, fixed.SATZero, fixed.SATSym}).Draw(t, name+" O"),
	)
}

// drawPlans draws two plans in a row and the range of what the first one reads.
func drawPlans(t *rapid.T) (first, second fixed.Plan, r Range) {
	if rapid.Bool().Draw(t, "wrap first") {
		return drawWraps(t)
	}
	f, g, h := drawNarrow(t, "f"), drawNarrow(t, "g"), drawNarrow(t, "h")
	lo := rapid.Int64Range(f.MinRaw(), f.MaxRaw()).Draw(t, "lo")
	hi := rapid.Int64Range(lo, min(f.MaxRaw(), lo+3000)).Draw(t, "hi")
	first = fixed.NewPlan(f, lo, hi, g)
	limit := func(p fixed.Plan, name string) fixed.Plan {
		low := rapid.Int64Range(p.OutLo-3, p.OutHi).Draw(t, name+" low")
		high := rapid.Int64Range(max(low, p.OutLo), p.OutHi+5).Draw(t, name+" high")
		return fixed.Plan{
			Over: fixed.OverClamp, Lo: low, Hi: high,
			OutLo: min(max(p.OutLo, low), high), OutHi: min(max(p.OutHi, low), high),
		}
	}
	if rapid.Bool().Draw(t, "limit first") {
		first = limit(fixed.Plan{OutLo: lo, OutHi: hi}, "first")
		g = f
	}
	second = limit(first, "second")
	if rapid.Bool().Draw(t, "convert second") {
		second = fixed.NewPlan(g, first.OutLo, first.OutHi, h)
	}
	return first, second, Range{Lo: lo, Hi: hi}
}

// drawWraps is drawPlans of which the first one wraps, and the second one drops further bits, at either end.
func drawWraps(t *rapid.T) (first, second fixed.Plan, r Range) {
	low := rapid.Int64Range(-1<<18, 1<<18).Draw(t, "lo")
	r = Range{Lo: low, Hi: low + rapid.Int64Range(500, 3000).Draw(t, "values")}
	format := func(name string, fraction int) fixed.Format {
		w := rapid.IntRange(2, 9).Draw(t, name+" W")
		q := rapid.SampledFrom([]fixed.Q{fixed.TRN, fixed.TRN, fixed.RND, fixed.RNDConv, fixed.TRNZero})
		f := fixed.Format{W: w, I: w - fraction, Signed: rapid.Bool().Draw(t, name+" signed")}
		return f.With(q.Draw(t, name+" Q"), fixed.WRAP)
	}
	cut := rapid.IntRange(0, 4).Draw(t, "cut")
	f, g := fixed.Fixed(24, 14), format("g", 10-cut)
	h := format("h", 10-cut-rapid.IntRange(-2, 6).Draw(t, "cut again"))
	first = fixed.NewPlan(f, r.Lo, r.Hi, g)
	return first, fixed.NewPlan(g, first.OutLo, first.OutHi, h), r
}

// requireJoined: p does what the two plans do one after the other, for every raw of the range.
func requireJoined(t *rapid.T, p, first, second fixed.Plan, r Range) {
	for x := r.Lo; x <= r.Hi; x++ {
		require.Equal(t, second.Apply(first.Apply(x)), p.Apply(x), "%d: %s; %s; joined %s", x, first, second, p)
	}
}

// TestJoinLaws: what each law makes of two plans does what they do, also where another law comes before it.
func TestJoinLaws(t *testing.T) {
	for _, law := range joinLaws() {
		t.Run(law.name, func(t *testing.T) {
			count := 0
			drawtest.Check(t, func(t *rapid.T) {
				for range 25 {
					first, second, r := drawPlans(t)
					if p, ok := law.join(first, second, r); ok && !first.General && !second.General {
						count++
						requireJoined(t, p, first, second, r)
					}
				}
			})
			t.Logf("drawn %d times", count)
			require.Positive(t, count, "the law was not drawn")
		})
	}
}

// TestJoinedPlans: a joined plan does what its two parts do, and its results are where it says.
func TestJoinedPlans(t *testing.T) {
	count := 0
	drawtest.Check(t, func(t *rapid.T) {
		first, second, r := drawPlans(t)
		p, ok := joined(first, second, r)
		if !ok {
			return
		}
		count++
		requireJoined(t, p, first, second, r)
		for x := r.Lo; x <= r.Hi; x++ {
			require.True(t, p.OutLo <= p.Apply(x) && p.Apply(x) <= p.OutHi, "%d: outside %d..%d", x, p.OutLo, p.OutHi)
		}
	})
	require.Positive(t, count)
}

// TestNarrow: planes of which few bits count are kept in narrow lanes, and what is computed from them stays
// right in these bits.
func TestNarrow(t *testing.T) {
	format := fixed.Fixed(24, 24)
	lo := newLowering(nil, nil)
	x, y := lo.newPlane(Range{Lo: -1 << 23, Hi: 1<<23 - 1}), lo.newPlane(Range{Lo: -1 << 20, Hi: 1 << 20})
	sum, full := lo.Add(x, format, y, format), fixed.Add(format, format)
	product := lo.Mul(lo.Scale(sum, 5, 3), y)
	low := lo.Cast(product, fixed.Fixed(60, 60), fixed.Fixed(12, 12))
	high := lo.Cast(lo.Sub(sum, full, y, format), fixed.Fixed(26, 26), fixed.UFixed(7, 9))
	shown := lo.Cast(lo.Sub(x, format, y, format), full, fixed.Fixed(30, 30))
	outputs := []Plane{low, high, shown}
	z := lo.optimized(make([]int, len(lo.ops)), outputs, nil)
	opt, planes := z.lo, z.outputs
	var lanes []string
	for _, o := range opt.ops {
		o.planes(func(p Plane, write bool) {
			if write {
				lanes = append(lanes, opt.lanes[p].String())
			}
		})
	}
	require.Equal(t, []string{"int16", "int16", "int16", "int16", "int16", "int8", "int32"}, lanes)
	inputs := []Plane{x, y}
	want := newMemory(lo.layout(inputs, append(outputs, inputs...)), 1024)
	got := newMemory(opt.layout(inputs, append(planes, inputs...)), 1024)
	for _, m := range []*memory{want, got} {
		for s := range 1024 {
			m.set(x, s, int64(s*s*s*7919)<<41>>40)
			m.set(y, s, int64(s*104729)<<44>>43)
		}
	}
	for _, o := range lo.ops {
		o.run(want)
	}
	for _, o := range opt.ops {
		o.run(got)
	}
	for i, p := range outputs {
		require.Equal(t, want.load(p, 0), got.load(planes[i], 0), "output %d", i)
	}
}
