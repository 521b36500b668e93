package hlsgo_test

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// TestQuantizedNetworksEqualKeras wants the firmware's answer equal to the framework's own, in every bit,
// where nothing is lost on the way: all quantizers on grids of alpha 1, no function out of a table, types
// that hold every sum, and inputs that their type holds. The list of cases is derived from the networks.
func TestQuantizedNetworksEqualKeras(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	compared := 0
	rows := tabletest.New(t)
	for _, name := range oracletest.Names(t) {
		dir := filepath.Join("testdata/oracle/cases", name)
		m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
		require.NoError(t, err)
		if !lossless(m.Parsed()) || deviates(t, m) {
			continue
		}
		compared++
		rows.Run(name, func(t *tabletest.T) {
			x, want := oracletest.Arrays[hlsgo.Array](t, dir, "X"), oracletest.Arrays[hlsgo.Array](t, dir, "y_float")
			got, err := m.Predict(context.Background(), x...)
			require.NoError(t, err)
			g, err := m.Graph()
			require.NoError(t, err)
			samples, held := x[0].Samples(), 0
			for s := range samples {
				if !holds(g.Var(g.Inputs[0]).Type.Format, x[0], s) {
					continue
				}
				held++
				for k := range want {
					size := want[k].Len() / samples
					for i := s * size; i < (s+1)*size; i++ {
						require.Equal(t, valueOf(want[k], i), valueOf(got[k], i), "answer %d, value %d", k, i)
					}
				}
			}
			require.Greater(t, 4*held, 3*samples)
		})
	}
	require.GreaterOrEqual(t, compared, 4)
}

// deviates reports whether hlsgo warns that hls4ml computes something else than the network, or the
// configuration gives activations other types than their quantizers'.
func deviates(t *testing.T, m *hlsgo.Model) bool {
	t.Helper()
	g, err := m.Graph()
	require.NoError(t, err)
	for _, l := range m.Parsed().Layers {
		q, n := l.Data.Quantizers["activation_quantizer"], g.Node(l.Name)
		if q != nil && n != nil && n.Format("result_t") != q.Format() {
			return true
		}
	}
	return slices.ContainsFunc(g.Warnings, func(w string) bool {
		return strings.Contains(w, "is not the network's")
	})
}

// holds reports whether a format holds all values of a sample.
func holds(f fixed.Format, x *hlsgo.Array, sample int) bool {
	size := x.Len() / x.Samples()
	for i := sample * size; i < (sample+1)*size; i++ {
		raw := math.Ldexp(valueOf(x, i), f.F())
		if raw != math.Trunc(raw) || raw < float64(f.MinRaw()) || raw > float64(f.MaxRaw()) {
			return false
		}
	}
	return true
}

// valueOf is a value without the sign of zero, which fixed-point numbers do not have.
func valueOf(a *hlsgo.Array, i int) float64 {
	if a.Double() {
		return a.F64[i] + 0
	}
	return float64(a.F32[i]) + 0
}

// lossless reports whether a network has quantizers, and none that rounds otherwise than its type.
func lossless(p *ir.Parsed) bool {
	quantized := false
	for _, l := range p.Layers {
		for _, q := range l.Data.Quantizers {
			if quantized = true; !onGrid(q) {
				return false
			}
		}
		if !plainKind(l) {
			return false
		}
	}
	return quantized
}

// onGrid reports whether a quantizer is one of the two that firmware types repeat, with a scale of one.
func onGrid(q ir.Quantizer) bool {
	switch q := q.(type) {
	case *quant.Weights:
		return q.Func().Config().Class == "quantized_bits" && q.Func().Alpha().One()
	case *quant.Activation:
		class := q.Config().Class
		return q.Function() == "relu" || class == "quantized_bits"
	}
	return false
}

// plainKind reports whether a layer adds, multiplies, compares or moves, and quantizes what it multiplies by.
func plainKind(l *ir.Layer) bool {
	if a, ok := l.Attrs.(*act.ActivationAttrs); ok {
		return a.Activation == "linear" || a.Activation == "relu"
	}
	switch {
	case l.Kind == "Input", l.Kind == "Reshape", l.Kind == "Pooling1D", l.Kind == "Pooling2D":
		return !strings.Contains(l.ClassName, "Average")
	case l.Kind == "Dense", strings.Contains(l.Kind, "Conv"):
		return l.Data.Tensors["bias_data"] == nil || l.Data.Quantizers["bias_quantizer"] != nil
	}
	return false
}

// TestConfigOfQuantizedNetworks generates the configuration by name of every case with quantizers and wants
// the types of hls4ml's own, in its order. Cases whose configuration was edited are left out.
func TestConfigOfQuantizedNetworks(t *testing.T) {
	edited := []string{"softmax", "pool_dense", "bitexact", "lstm"}
	tk, err := hlsgo.New()
	require.NoError(t, err)
	compared := 0
	for _, name := range oracletest.Names(t) {
		isEdited := slices.ContainsFunc(edited, func(s string) bool { return strings.Contains(name, s) })
		if !strings.HasPrefix(name, "qkeras_") || isEdited {
			continue
		}
		m, err := tk.Load(filepath.Join("testdata/oracle/cases", name, "hls4ml_config.yml"), hlsgo.Overrides{})
		require.NoError(t, err)
		o := config.GenerateOptions{Granularity: "name", Tool: m.Config().Tool()}
		generated, err := config.Generate(m.Parsed(), tk.ConfigEnv().Schema, o)
		require.NoError(t, err)
		got, want := subtree(t, generated, "LayerName"), subtree(t, m.Config().Document, "HLSConfig", "LayerName")
		require.Equal(t, want.Keys, got.Keys, name)
		for _, layer := range want.Keys {
			w, g := subtree(t, want, layer, "Precision"), subtree(t, got, layer, "Precision")
			require.Equal(t, w, g, "%s: %s", name, layer)
		}
		compared++
	}
	require.Greater(t, compared, 15)
}

func subtree(t *testing.T, tree *ir.Tree, path ...string) *ir.Tree {
	t.Helper()
	for _, key := range path {
		v, ok := tree.Get(key)
		require.True(t, ok, key)
		tree, ok = v.(*ir.Tree)
		require.True(t, ok, key)
	}
	return tree
}
