package conv

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
)

func line(width, filt, stride int) windows {
	return windows{
		height: 1, width: width, chans: 1, filtH: 1, filtW: filt, strideH: 1, strideW: stride,
		outH: 1, outW: (width-filt)/stride + 1, dilationH: 1, dilationW: 1,
	}
}

func square(size, filt, stride int) windows {
	g := line(size, filt, stride)
	g.height, g.filtH, g.strideH, g.outH = size, filt, stride, g.outW
	return g
}

func TestPixel(t *testing.T) {
	g := square(3, 2, 1)
	g.chans = 2
	require.Equal(t, []int{2, 3, 4, 5, 8, 9, 10, 11}, g.pixel(0, 1))
	g.padTop, g.padLeft = 1, 1
	require.Equal(t, []int{-1, -1, -1, -1, -1, -1, 0, 1}, g.pixel(0, 0))
	g = line(7, 3, 2)
	g.dilationW = 2
	require.Equal(t, []int{2, 4, 6}, g.pixel(0, 1))
}

// TestEncodedEqualsWindows wants the queues of the encoded implementation to give the windows themselves,
// or an error where hls4ml's instructions do not.
func TestEncodedEqualsWindows(t *testing.T) {
	good, bad := 0, 0
	check := func(n *ir.Node, g windows) {
		got, err := g.encoded(n)
		if err != nil {
			bad++
			require.ErrorContains(t, err, "instructions are wrong for this geometry")
			return
		}
		good++
		require.Equal(t, g.all(), got, "%+v", g)
	}
	for size := 2; size < 14; size++ {
		for filt := 1; filt <= min(size, 5); filt++ {
			for stride := 1; stride < 5; stride++ {
				check(&ir.Node{Kind: "Conv1D", Attrs: newConv1D()}, line(size, filt, stride))
				check(&ir.Node{Kind: "Conv2D", Attrs: newConv2D()}, square(size, filt, stride))
			}
		}
	}
	require.Greater(t, good, bad)
	require.Positive(t, bad)
}

func TestEncodeInstructions(t *testing.T) {
	a := newConv2D().(*Conv2DAttrs)
	a.InHeight, a.InWidth, a.NChan, a.FiltHeight, a.FiltWidth, a.OutHeight, a.OutWidth = 8, 9, 1, 2, 2, 7, 8
	var s State
	require.NoError(t, Encode(&ir.Node{Kind: "Conv2D", Attrs: a, State: &s}))
	require.Equal(t, 3, *s.MinHeight)
	require.Equal(t, 3, *s.MinWidth)
	require.Equal(t, "1,3,2,5,15,10,4,12,8", s.Instructions)

	a.FiltWidth = 3
	require.ErrorContains(t, Encode(&ir.Node{Kind: "Conv2D", Attrs: a}), "want squares")
	require.NoError(t, Encode(&ir.Node{Kind: "PointwiseConv2D", Attrs: a}))
	a.FiltHeight, a.FiltWidth, a.InHeight, a.InWidth = 8, 8, 9, 9
	require.ErrorContains(t, Encode(&ir.Node{Kind: "Conv2D", Attrs: a}), "want at most 63")
}

// TestLineBufferRows: a filter of one row answers every row.
func TestLineBufferRows(t *testing.T) {
	g := square(6, 3, 2)
	g.filtH, g.outH = 1, 3
	rows := func(w [][]int) (out []int) {
		for i := 0; i < len(w); i += g.outW {
			out = append(out, w[i][0]/g.width)
		}
		return out
	}
	require.Equal(t, []int{0, 2, 4}, rows(g.all()))
	require.Equal(t, []int{0, 1, 2}, rows(g.lineBuffer(true)))
	require.Equal(t, []int{0, 2, 4}, rows(g.lineBuffer(false)))
}

func TestDilatedPadding(t *testing.T) {
	for _, c := range []struct{ before, filt, dilation, grown, want int }{
		{1, 3, 1, 0, 1}, {0, 1, 2, 0, 0}, {1, 3, 2, 0, 2}, {2, 3, 2, 0, 4}, {1, 4, 2, 0, 3},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			got, ok := dilatedPadding(c.before, c.filt, c.dilation, c.grown)
			require.True(t, ok)
			require.Equal(t, c.want, got)
		})
	}
	_, ok := dilatedPadding(0, 3, 2, -2)
	require.False(t, ok)
}
