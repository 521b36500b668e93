package ir_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
)

// TestFlowWith puts a pass at each kind of place, in a flow that another requires.
func TestFlowWith(t *testing.T) {
	names := func(f *ir.Flow) []string {
		var out []string
		for _, p := range f.Requires[0].Passes {
			out = append(out, p.Name)
		}
		return out
	}
	inner := &ir.Flow{Name: "inner", Passes: []ir.Pass{{Name: "a"}, {Name: "b"}}}
	f := &ir.Flow{Name: "outer", Requires: []*ir.Flow{inner}}
	for _, c := range []struct {
		at   ir.Position
		want []string
	}{
		{ir.First(), []string{"p", "a", "b"}},
		{ir.Last(), []string{"a", "b", "p"}},
		{ir.Before("b"), []string{"a", "p", "b"}},
		{ir.After("a"), []string{"a", "p", "b"}},
	} {
		got, err := f.With("inner", c.at, ir.Pass{Name: "p"})
		require.NoError(t, err)
		require.Equal(t, c.want, names(got))
	}
	require.Equal(t, []string{"a", "b"}, names(f))
	got, err := f.With("nowhere", ir.First(), ir.Pass{Name: "p"})
	require.NoError(t, err)
	require.Nil(t, got)
	_, err = f.With("inner", ir.Before("q"), ir.Pass{Name: "p"})
	require.EqualError(t, err, `pass "p": got no pass "q" in flow "inner", want one of them`)
	_, err = f.With("inner", ir.First(), ir.Pass{Name: "a"})
	require.EqualError(t, err, `pass "a": got it twice for flow "inner", want it once`)
	require.Len(t, ir.AllFlows(f, inner), 2)
}
