package hlsgo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// TestWork holds the networks of the benchmark to the work they take: kernels, vector loops and operations
// per layer, the same on every machine because the loops are the scalar twins. A change here is a change of
// speed; benchmarks/run says in which direction.
func TestWork(t *testing.T) {
	for config, want := range map[string]string{
		"jets.yml": `
fc1 cut mulHi16 1
fc1_relu joined  0
fc2 cut mulHi16 1
fc2_relu joined  0
fc3 cut mulHi16 1
fc3_relu joined  0
output cut mulHi16 1
output_softmax planes  35`,
		"jets_auto.yml": `
fc1 exact dot16 1
fc1_relu joined  0
fc2 exact dot16 1
fc2_relu joined  0
fc3 exact dot16 1
fc3_relu joined  0
output exact dot16 1
output_softmax planes  35`,
		"jets_8bit.yml": `
fc1 exact dot16,mulLo16 1
fc1_relu joined  0
fc2 exact dot16 1
fc2_relu joined  0
fc3 exact dot16 1
fc3_relu joined  0
output exact dot16 1
output_softmax planes  35`,
	} {
		t.Run(config, func(t *testing.T) {
			require.Equal(t, strings.TrimSpace(want), work(t, "benchmarks/"+config))
		})
	}
}

// work describes a program, a line per layer: kernels, loops, operations.
func work(t *testing.T, config string) string {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load(config, hlsgo.Overrides{})
	require.NoError(t, err)
	scalar := vec.Sets()[0]
	p, err := m.Compile(sim.Options{Loops: &scalar})
	require.NoError(t, err)
	var lines []string
	for _, k := range p.Kernels() {
		if k.Kind == "Input" {
			continue
		}
		var classes []string
		for _, n := range k.Notes {
			classes = append(classes, n.Class.String())
		}
		loops := strings.ReplaceAll(strings.Join(k.Loops, ","), scalar.Name+" ", "")
		lines = append(lines, fmt.Sprintf("%s %s %s %d", k.Node, strings.Join(classes, ","), loops, k.Operations))
	}
	return strings.Join(lines, "\n")
}
