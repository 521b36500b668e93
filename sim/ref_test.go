package sim_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/sim"
)

// TestReferenceEqualsKeras compares the float reference of the cases with what Keras answered in
// float32.
func TestReferenceEqualsKeras(t *testing.T) {
	reg := builtin.Registry()
	reader, err := keras.New()
	require.NoError(t, err)
	rows := tabletest.New(t)
	for _, name := range caseNames(t) {
		dir := filepath.Join(oracle, "cases", name)
		files := kerasFiles(dir).Files
		if _, err := os.Stat(files["KerasH5"] + files["KerasModel"]); err != nil {
			continue // another framework's, whose front end has a test of its own
		}
		rows.Run(name, func(t *tabletest.T) {
			parsed, err := reader.Read(kerasFiles(dir), reg)
			require.NoError(t, err)
			g, err := ir.Build(parsed, anyTypes(), reg)
			require.NoError(t, err)
			ref, err := sim.NewReference(g, reg)
			require.NoError(t, err)
			x, y := oracletest.Arrays[array](t, dir, "X"), oracletest.Arrays[array](t, dir, "y_float")
			compareReference(t, ref, float(x), float(y))
		})
	}
}

// TestReferenceOfKeras3 compares the float reference of what versions of Keras 3 saved with their answers.
func TestReferenceOfKeras3(t *testing.T) {
	reg := builtin.Registry()
	reader, err := keras.New()
	require.NoError(t, err)
	files, err := filepath.Glob("../frontend/keras/testdata/keras3/*/*.keras")
	require.NoError(t, err)
	require.Len(t, files, 10)
	for _, file := range files {
		parsed, err := reader.Read(frontend.Source{Files: map[string]string{"KerasModel": file}}, reg)
		require.NoError(t, err)
		g, err := ir.Build(parsed, anyTypes(), reg)
		require.NoError(t, err)
		ref, err := sim.NewReference(g, reg)
		require.NoError(t, err)
		stem := strings.TrimSuffix(filepath.Base(file), ".keras")
		x := oracletest.Arrays[array](t, filepath.Dir(file), stem+"_X")
		y := oracletest.Arrays[array](t, filepath.Dir(file), stem+"_y")
		compareReference(t, ref, float(x), float(y))
	}
}

func kerasFiles(dir string) frontend.Source {
	json := filepath.Join(dir, "model.json")
	if _, err := os.Stat(json); err == nil {
		weights := filepath.Join(dir, "weights.h5")
		return frontend.Source{Files: map[string]string{"KerasJson": json, "KerasH5": weights}}
	}
	model := filepath.Join(dir, "model.keras")
	if _, err := os.Stat(model); err == nil {
		return frontend.Source{Files: map[string]string{"KerasModel": model}}
	}
	return frontend.Source{Files: map[string]string{"KerasH5": filepath.Join(dir, "model.h5")}}
}

// anyTypes is a configuration that gives every type some format; the reference looks at none.
func anyTypes() *ir.Config {
	c := &ir.Config{IOType: ir.Parallel}
	c.SetTool(xilinx.Vitis().Tool)
	precision := []ir.Precision{{Var: "default", Text: fixed.Fixed(16, 6).String()}}
	c.HLS.Model = &ir.Section{Precision: precision}
	return c
}

func compareReference(t testing.TB, ref *sim.Reference, in, want [][]float64) {
	v := ref.NewValues()
	sizes := make([]int, len(want))
	for k, y := range ref.Outputs(v) {
		sizes[k] = len(y)
	}
	samples := len(want[0]) / sizes[0]
	for s := range samples {
		row := make([][]float64, len(in))
		for i, x := range in {
			size := len(x) / samples
			row[i] = x[s*size:][:size]
		}
		require.NoError(t, ref.Run(v, row))
		for k, y := range ref.Outputs(v) {
			for i, got := range y {
				w := want[k][s*sizes[k]+i]
				// Keras sums in float32: the error grows with the terms, which may cancel.
				require.InDelta(t, w, got, 1e-5*largest(v), "sample %d, output %d, value %d", s, k, i)
			}
		}
	}
}

// largest is the largest magnitude in any layer.
func largest(v sim.RefValues) float64 {
	top := 0.0
	for _, layer := range v {
		for _, x := range layer {
			top = math.Max(top, math.Abs(x))
		}
	}
	return top
}

func float(in []*array) (out [][]float64) {
	for _, a := range in {
		if a.F32 != nil {
			a.F64 = make([]float64, len(a.F32))
			for i, x := range a.F32 {
				a.F64[i] = float64(x)
			}
		}
		out = append(out, a.F64)
	}
	return out
}

func TestReferenceReportsAllProblems(t *testing.T) {
	in := fixed.Fixed(16, 6)
	odd := nodeSpec{kind: "Activation", shape: []int{4}, result: in}
	odd.attrs = map[string]any{"activation": "nonsense"}
	clone := nodeSpec{kind: "Clone", shape: []int{4}, result: in}
	g := chain(t, ir.Parallel, []int{4}, in, odd, clone)
	_, err := sim.NewReference(g, builtin.Registry())
	require.ErrorContains(t, err, `Activation "n1": activation: got "nonsense", which has no float reference`)
	require.ErrorContains(t, err, `Clone "n2": the kind has no float reference`)
}
