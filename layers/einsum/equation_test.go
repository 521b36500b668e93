package einsum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/einsum"
)

// TestParse holds recipes against those of hls4ml's parse_einsum, where the orders of axes come from.
func TestParse(t *testing.T) {
	for _, c := range []struct {
		equation    string
		left, right []int
		want        einsum.Recipe
	}{
		{"...i,oi->...o", []int{4, 3}, []int{5, 3}, einsum.Recipe{
			Left: []int{0, 1}, Right: []int{0, 1}, Out: []int{0, 1}, Between: []int{4, 5},
			Blocks: 1, Rows: 4, Cols: 5, Terms: 3, Shape: []int{4, 5},
		}},
		{"...abcd,bcde->...aeb", []int{5, 4, 3, 2}, []int{4, 3, 2, 6}, einsum.Recipe{
			Left: []int{1, 0, 2, 3}, Right: []int{0, 3, 1, 2}, Out: []int{1, 2, 0}, Between: []int{4, 5, 6},
			Blocks: 4, Rows: 5, Cols: 6, Terms: 6, Shape: []int{5, 6, 4},
		}},
		{"bij, bjk -> bik", []int{1, 3, 4}, []int{1, 4, 2}, einsum.Recipe{
			Left: []int{0, 1, 2}, Right: []int{0, 2, 1}, Out: []int{0, 1, 2}, Between: []int{1, 3, 2},
			Blocks: 1, Rows: 3, Cols: 2, Terms: 4, Shape: []int{1, 3, 2},
		}},
		{"...ab,b...c->a...c", []int{2, 3, 4}, []int{4, 2, 5}, einsum.Recipe{
			Left: []int{0, 1, 2}, Right: []int{1, 2, 0}, Out: []int{1, 0, 2}, Between: []int{2, 3, 5},
			Blocks: 2, Rows: 3, Cols: 5, Terms: 4, Shape: []int{3, 2, 5},
		}},
		{"a,a->", []int{7}, []int{7}, einsum.Recipe{
			Left: []int{0}, Right: []int{0}, Out: []int{}, Between: []int{},
			Blocks: 1, Rows: 1, Cols: 1, Terms: 7, Shape: []int{},
		}},
	} {
		got, err := einsum.Parse(c.equation, c.left, c.right)
		require.NoError(t, err, c.equation)
		require.Equal(t, c.want, got, c.equation)
	}
}

func TestParseRefuses(t *testing.T) {
	square := []int{3, 3}
	for equation, want := range map[string]string{
		"ab,bc":           "want two operands and a result",
		"ab->ba":          "want two operands and a result",
		"ab,bc,cd->ad":    "want two operands and a result",
		"ab,b1->a":        `"1": want letters`,
		"ab,b..->a":       `"..": want letters`,
		"aab,bc->ac":      "a stands twice",
		"...a,...a->":     "an operand has ..., want it in the result too",
		"ab,bc->...ac":    "want it in an operand",
		"abc,bc->a":       "want as many letters as axes",
		"...abc,cd->d":    "an operand has ..., want it in the result too",
		"ab,bc->c":        "stands in one operand alone",
		"ab,bc->a":        "stands in one operand alone",
		"ab,bc->acx":      "want it in an operand",
		"...abc,ca->b":    "an operand has ..., want it in the result too",
		"...abcd,cd->...": `... would stand for -2 axes`,
	} {
		_, err := einsum.Parse(equation, square, square)
		require.ErrorContains(t, err, want, equation)
		require.ErrorContains(t, err, equation)
	}
	_, err := einsum.Parse("ab,bc->ac", []int{2, 3}, []int{4, 2})
	require.ErrorContains(t, err, "want the same size wherever an axis stands")
	_, err = einsum.Parse("...a,...a->...", []int{2, 3}, []int{2, 2, 3})
	require.ErrorContains(t, err, "... would stand for 2 axes, want the same number")
}

// FuzzParse wants an error or a recipe that keeps the number of values.
func FuzzParse(f *testing.F) {
	f.Add("...i,oi->...o", []byte{4, 3}, []byte{5, 3})
	f.Add("a,a->", []byte{1}, []byte{1})
	f.Fuzz(func(t *testing.T, equation string, left, right []byte) {
		shape := func(sizes []byte) []int {
			var out []int
			for _, s := range sizes[:min(len(sizes), 6)] {
				out = append(out, 1+int(s%8))
			}
			return out
		}
		l, r := shape(left), shape(right)
		got, err := einsum.Parse(equation, l, r)
		if err != nil {
			return
		}
		require.Equal(t, ir.Size(l), got.Blocks*got.Rows*got.Terms)
		require.Equal(t, ir.Size(r), got.Blocks*got.Cols*got.Terms)
		require.Equal(t, ir.Size(got.Shape), got.Blocks*got.Rows*got.Cols)
	})
}
