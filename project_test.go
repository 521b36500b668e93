package hlsgo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// TestProjectWantsDistinctArguments gives the top function one tensor twice, which no C++ can have.
func TestProjectWantsDistinctArguments(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load("benchmarks/jets.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	_, err = m.Project()
	require.NoError(t, err)

	p := m.Parsed().Clone()
	p.Outputs = append(p.Outputs, p.Outputs[0])
	expectTwice(t, tk, p, m.Config(), "layer9_out")

	p.Outputs = []string{p.Inputs[0]}
	expectTwice(t, tk, p, m.Config(), "jet")
}

func expectTwice(t *testing.T, tk *hlsgo.Toolkit, p *ir.Parsed, cfg *ir.Config, tensor string) {
	t.Helper()
	m, err := tk.NewModel(p, cfg)
	require.NoError(t, err)
	_, err = m.Project()
	require.EqualError(t, err, `model: tensor "`+tensor+`": got it twice among inputs and outputs, want each once: `+
		`the top function has one argument for each`)
}
