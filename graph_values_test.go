package hlsgo_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// graphValues is what the test reads of the graph's JSON.
type graphValues struct {
	Layers []struct {
		Weights map[string]struct {
			Var  string
			Type struct{ Width, Integer int }
			Data []float64
			Raw  []json.Number
		}
	}
}

// TestGraphValues wants the raw integers of weights to be what the numbers in the project's headers are on
// the grid of the type, wide types included.
func TestGraphValues(t *testing.T) {
	m := digits("fc3.weight_t=fixed<90,8>")
	text, err := m.GraphText("", hlsgo.GraphJSONValues)
	require.NoError(t, err)
	var g graphValues
	require.NoError(t, json.Unmarshal(text, &g))
	p, err := m.Project()
	require.NoError(t, err)
	headers := map[string]string{}
	for _, f := range p.Files() {
		headers[filepath.Base(f.Path)] = string(f.Data)
	}
	number := regexp.MustCompile(`-?[0-9]+\.[0-9]+(?:e[+-]?[0-9]+)?`)
	compared := 0
	for _, l := range g.Layers {
		for _, w := range l.Weights {
			printed := number.FindAllString(headers[w.Var+".h"], -1)
			require.Len(t, printed, len(w.Data), w.Var)
			require.Len(t, w.Raw, len(w.Data), w.Var)
			steps := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(w.Type.Width-w.Type.Integer)))
			for i, text := range printed {
				v, ok := new(big.Rat).SetString(text)
				require.True(t, ok, text)
				v.Mul(v, steps)
				floor := new(big.Int).Div(v.Num(), v.Denom()) // rounds down, as the type does
				require.Equal(t, floor.String(), w.Raw[i].String(), "%s[%d]: %s", w.Var, i, text)
				compared++
			}
		}
	}
	require.Equal(t, 64*32+32+32*32+32+32*10+10, compared)

	text, err = m.GraphText("channels_last_converter", hlsgo.GraphJSONValues)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &g), fmt.Sprintf("%.100s", text))
}
