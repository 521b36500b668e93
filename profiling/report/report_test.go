package report_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/layers/dense"
	layerio "github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/profiling/report"
	"github.com/hlsgo/hlsgo/sim"
)

// keep is where the tests leave their pages, to be looked at.
var keep = flag.String("keep", "", "write the pages of the tests into this `folder`")

// update renews the pictures in docs/images.
var update = flag.Bool("update", false, "renew docs/images")

// chain is a network of n Dense layers with relus; name gives their names.
func chain(n int, name func(int) string, weight func() float64) *ir.Parsed {
	p := &ir.Parsed{Inputs: []string{"x"}}
	add := func(kind, name string, attrs any, data map[string]*ir.Tensor, in ...string) {
		p.Layers = append(p.Layers, &ir.Layer{
			Name: name, Kind: kind, ClassName: kind, Attrs: attrs, Inputs: in, Source: name,
			Data: ir.Data{Tensors: data},
		})
	}
	add("Input", "x", &layerio.Attrs{InputShape: []int{6}}, nil)
	last := "x"
	for i := range n {
		w, b := ir.NewTensor(ir.Float32, 6, 6), ir.NewTensor(ir.Float32, 6)
		for k := range w.Data {
			w.Data[k] = weight()
		}
		data := map[string]*ir.Tensor{"weight_data": w, "bias_data": b}
		add("Dense", name(i), &dense.Attrs{NIn: 6, NOut: 6}, data, last)
		relu := &act.ActivationAttrs{Base: act.Base{Activation: "relu", TableSize: 1024}}
		last = name(i) + "_relu"
		add("Activation", last, relu, nil, name(i))
	}
	return p
}

func model(t testing.TB, p *ir.Parsed) *hlsgo.Model {
	t.Helper()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	text := "Backend: Vitis\nIOType: io_parallel\nProjectName: p\nOutputDir: o\nKerasH5: m.h5\nPart: xcvu13p\n" +
		"ClockPeriod: 5\nHLSConfig:\n  Model:\n    Precision: fixed<16,6>\n    ReuseFactor: 1\n"
	env := hlsgo.ConfigEnv{Schema: builtin.Registry()}
	cfg, _, err := hlsgo.ReadConfig("c.yml", []byte(text), hlsgo.Overrides{}, env)
	require.NoError(t, err)
	m, err := tk.NewModel(p, cfg)
	require.NoError(t, err)
	return m
}

// measured is the report of a model about the samples; none: weights only.
func measured(t testing.TB, m *hlsgo.Model, x []float32) report.Report {
	t.Helper()
	program, err := m.Compile(sim.Options{})
	require.NoError(t, err)
	after, err := m.Graph()
	require.NoError(t, err)
	before, err := ir.Build(m.Parsed().Clone(), m.Config(), builtin.Registry())
	require.NoError(t, err)
	ref, err := sim.NewReference(before, builtin.Registry())
	require.NoError(t, err)
	setup := profiling.Setup{Name: "m", Before: before, After: after, Reference: ref, Program: program}
	r := report.Report{Model: "config.yml", Version: "v1", Graph: after, Profile: profiling.New(setup)}
	if len(x) > 0 {
		src, err := sim.NewSlices(program, [][]float32{x})
		require.NoError(t, err)
		r.Profile, err = profiling.Run(context.Background(), setup, profiling.Job[float32]{Source: src})
		require.NoError(t, err)
	}
	settings, err := m.Explain()
	require.NoError(t, err)
	for _, s := range settings {
		r.Settings = append(r.Settings, report.Setting{
			Layer: s.Layer, Key: s.Key, Value: s.Value, Origin: s.Origin,
		})
	}
	return r
}

func samples(n int) []float32 {
	r := rand.New(rand.NewPCG(3, 4))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64() * 2)
	}
	return x
}

// unhealthy invents the health of a graph, with every kind of trouble.
func unhealthy(g *ir.Graph) *sim.Health {
	h := &sim.Health{Samples: 500}
	for i, n := range g.Nodes {
		for k, role := range []string{"result", "accum"} {
			if role == "accum" && len(n.Weights) == 0 {
				continue
			}
			t := sim.TensorHealth{
				Layer: n.Name, Kind: n.Kind, Role: role, Type: n.Out().Type.Format.String(), Values: 3000,
				Lowest: -float64(i), Highest: float64(3*i + k), Spare: i % 5, UnusedFraction: i % 3,
			}
			switch i % 7 {
			case 1:
				t.Wrapped, t.Missing = int64(10*i), 2
			case 3:
				t.Saturated, t.NeedsSign = int64(i), true
			case 5:
				t.Vanished, t.Outside = 3000, 17
			}
			h.Tensors = append(h.Tensors, t)
		}
	}
	return h
}

// departed invents the comparison of a graph with every kind of suspect, and scores of 12 classes.
func departed(g *ir.Graph) *profiling.Comparison {
	c := &profiling.Comparison{Samples: 500, Departs: g.Nodes[1].Name}
	for i, n := range g.Nodes {
		d := math.Pow(10, float64(-i%8))
		c.Layers = append(c.Layers, profiling.LayerDiff{
			Layer: n.Name, Kind: n.Kind, Float: n.Name, Type: n.Out().Type.Format.String(), Norm: 3 * d,
			Dist: profiling.Spread{Mean: d, Q1: d / 2, Median: d, Q3: d, Max: 1}, Inherited: d / 10, Departs: i%8 == 1,
		})
	}
	for i, role := range []string{"weights", "accum", "result"} {
		n := g.Nodes[1+2*i]
		s := profiling.Suspect{
			Layer: n.Name, Kind: n.Kind, Role: role, Key: role + "_t", Type: "fixed<16,6>", DistDiff: 0.4,
			Shares: map[string]float64{"inputs": 0.05, "weights": 0.2, "accum": 0.7, "rest": 0.05},
			Text:   n.Name + " " + role + "_t: fixed<16,6> is too coarse",
		}
		if i > 0 {
			s.Wrapped, s.Missing, s.Text = 0.1, 2, n.Name+" "+role+"_t: fixed<16,6> wraps in 10% of values"
			s.Cure = &profiling.Cure{Type: "fixed<18,8>", DistDiff: 0.003, Cures: i == 1}
		}
		c.Suspects = append(c.Suspects, s)
	}
	scores := func(right int) *profiling.Scores {
		s := &profiling.Scores{Accuracy: float64(right) / 100, Confusion: make([][]int, 12)}
		for k := range s.Confusion {
			s.Confusion[k] = make([]int, 12)
			s.Confusion[k][k], s.Confusion[k][(k*5+1)%12] = right, 100-right
			s.AUC = append(s.AUC, float64(right)/100)
		}
		s.AUC[3] = -1
		return s
	}
	c.Float, c.Fixed = scores(97), scores(42)
	return c
}

// cured invents a cure of what departed invents, which changes the result of every layer.
func cured(g *ir.Graph, c *profiling.Comparison) *report.Cure {
	out := &report.Cure{
		Measures: []report.Measure{
			{Name: "same choice as the float model", Before: "61.20 %", After: "99.80 %"},
			{Name: "bits of all types", Before: "12345", After: "13456"},
		},
		Before: c.Layers, Notes: []string{"fc1 departs whatever its types: its table is coarse"},
	}
	for _, l := range c.Layers {
		key := "LayerName." + l.Layer + ".Precision.result"
		out.Changes = append(out.Changes, report.Change{
			Setting: key, Before: l.Type, After: "fixed<18,8>", BitsBefore: 96, BitsNow: 108,
		})
		out.Flags += "--set '" + key + "=fixed<18,8>' "
		out.YAML += "    " + l.Layer + ":\n      Precision:\n        result: fixed<18,8>\n"
		l.Dist.Mean /= 100
		out.After = append(out.After, l)
	}
	return out
}

// reports are what the tests make pages of.
var reports = map[string]func(t testing.TB) report.Report{
	"small": func(t testing.TB) report.Report {
		return measured(t, model(t, chain(2, short, normal())), samples(6*500))
	},
	"weights": func(t testing.TB) report.Report { return measured(t, model(t, chain(2, short, normal())), nil) },
	"names": func(t testing.TB) report.Report {
		return ill(measured(t, model(t, chain(3, long, normal())), samples(6*500)))
	},
	"fifty": func(t testing.TB) report.Report {
		return ill(measured(t, model(t, chain(50, short, normal())), samples(6*500)))
	},
	"zeros": func(t testing.TB) report.Report {
		return measured(t, model(t, chain(1, short, func() float64 { return 0 })), make([]float32, 60))
	},
	"single": func(t testing.TB) report.Report {
		return measured(t, model(t, chain(1, short, func() float64 { return 0.75 })), samples(6))
	},
	"bare": func(t testing.TB) report.Report {
		g, err := model(t, chain(2, short, normal())).Graph()
		require.NoError(t, err)
		return report.Report{Model: "config.yml", Graph: g}
	},
	"healthy": func(t testing.TB) report.Report {
		r := measured(t, model(t, chain(2, short, normal())), samples(6*500))
		r.Health = &sim.Health{Samples: 500}
		return r
	},
	"pair": func(t testing.TB) report.Report {
		p := chain(12, short, normal())
		first, second := model(t, p), model(t, chain(13, short, normal()))
		r := measured(t, first, nil)
		r.Profile, r.Comparison = nil, departed(r.Graph)
		other := measured(t, second, nil)
		r.Other = &report.Other{Model: "other.yml", Graph: other.Graph, Settings: other.Settings}
		r.Other.Comparison = departed(other.Graph)
		for i := range r.Other.Settings {
			if s := &r.Other.Settings[i]; s.Layer == "fc3" && s.Key == "ReuseFactor" {
				s.Value, s.Origin = "6", "other.yml:9"
			}
		}
		return r
	},
	"digits": func(t testing.TB) report.Report {
		tk, err := hlsgo.New()
		require.NoError(t, err)
		m, data, err := tk.LoadExample("digits", hlsgo.Overrides{})
		require.NoError(t, err)
		r := measured(t, m, data.X.F32)
		r.Health, err = m.Health(t.Context(), data.X)
		require.NoError(t, err)
		r.Comparison, err = m.Compare(t.Context(), hlsgo.CompareOptions{Labels: data.Labels}, data.X)
		require.NoError(t, err)
		return r
	},
}

func normal() func() float64 {
	r := rand.New(rand.NewPCG(1, 2))
	return func() float64 { return r.NormFloat64() / 2 }
}

func short(i int) string { return fmt.Sprintf("fc%d", i) }

func long(i int) string {
	return fmt.Sprintf("functional_%d/encoder/%sattention<b>&\"'/%s", i, strings.Repeat("block/", 20),
		strings.Repeat("W", 80))
}

func ill(r report.Report) report.Report {
	r.Health, r.Comparison = unhealthy(r.Graph), departed(r.Graph)
	r.Cure = cured(r.Graph, r.Comparison)
	r.Warnings = []string{"Dense \"fc0\": reuse factor 3 is not valid: got 3, want one of 1, 2, 6"}
	return r
}

func html(t testing.TB, r report.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Write(&b, r))
	return b.String()
}

// TestPagesAreComplete writes every page and looks for its parts.
func TestPagesAreComplete(t *testing.T) {
	for name, of := range reports {
		r := of(t)
		text := html(t, r)
		require.Equal(t, text, html(t, r), "%s: the same report gives the same bytes", name)
		require.NotContains(t, text, "ZgotmplZ", "%s: a value that the template refused", name)
		require.NotContains(t, text, "<b>&", name)
		layers := len(r.Graph.Nodes)
		if r.Other != nil {
			layers += len(r.Other.Graph.Nodes)
		}
		require.Equal(t, layers, strings.Count(text, `<details class="layer`), name)
		require.Equal(t, r.Health != nil, strings.Contains(text, `id="health-title"`), name)
		require.Equal(t, r.Comparison != nil, strings.Contains(text, `id="comparison-title"`), name)
		require.Equal(t, r.Cure != nil, strings.Contains(text, `id="cure-title"`), name)
		require.Equal(t, r.Other != nil, strings.Contains(text, `id="pair-title"`), name)
		scored := r.Comparison != nil && r.Comparison.Float != nil
		require.Equal(t, scored, strings.Contains(text, `id="scores-title"`), name)
		require.Equal(t, len(r.Settings) > 0, strings.Contains(text, `id="settings-title"`), name)
		require.Equal(t, r.Profile != nil, strings.Contains(text, `id="distributions-title"`), name)
		if *keep != "" {
			require.NoError(t, os.WriteFile(filepath.Join(*keep, name+".html"), []byte(text), 0o600))
		}
	}
}

// TestPagesExplainTheirPictures wants a title at every axis, and a note where values are those after
// wrapping.
func TestPagesExplainTheirPictures(t *testing.T) {
	wide := samples(6 * 500)
	for i := range wide {
		wide[i] *= 100
	}
	text := html(t, measured(t, model(t, chain(1, short, normal())), wide))
	require.Contains(t, text, "; wrapped: after is what overflow left")
	require.Equal(t, strings.Count(text, `class="axis"`), strings.Count(text, ">|x|, log2 axis</text></svg>"))
	text = html(t, reports["small"](t))
	require.NotContains(t, text, "what overflow left")
}
