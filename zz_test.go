package hlsgo_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/profiling"
)

func TestZZ(t *testing.T) {
	tk, _ := hlsgo.New()
	m, data, err := tk.LoadExample("digits", hlsgo.Overrides{})
	require.NoError(t, err)
	p, err := m.Profile(context.Background(), hlsgo.ProfileOptions{}, data.X)
	require.NoError(t, err)
	for i := range p.Tensors { if o := &p.Tensors[i]; o.Partner == "" { o.Partner = o.Label } }
	for _, k := range profiling.Kinds {
		for _, f := range p.Figures(profiling.PlotOptions{Kind: k, Facet: true}) {
			for _, e := range profiling.Formats {
				w, _ := os.Create("/tmp/prof/t/" + string(k) + "_" + f.Name + "." + e)
				require.NoError(t, f.Write(w, e))
				w.Close()
			}
		}
	}
}
