package hlsgo

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/csim"
	"github.com/hlsgo/hlsgo/sim"
)

// firmwareTensor holds two samples of two 12-bit values.
func firmwareTensor(raws ...int16) *csim.Tensor {
	t := &csim.Tensor{Name: "fc1", Count: 2, Width: 12, Bytes: 2, Signed: true}
	for _, v := range raws {
		t.Data = append(t.Data, byte(v), byte(v>>8))
	}
	return t
}

func TestComparisonFindsTheFirstDifference(t *testing.T) {
	c := comparison[float32]{base: 256}
	l := VerifyLayer{}
	c.layer(&l, sim.Raw{Narrow: []int64{1, -2, 3, -4}}, firmwareTensor(1, -2, 3, -4))
	require.Equal(t, VerifyLayer{Values: 4}, l)
	c.layer(&l, sim.Raw{Narrow: []int64{1, -2, 3, -4}}, firmwareTensor(1, -2, 7, -5))
	require.Equal(t, VerifyLayer{
		Values: 8, Differ: 2, First: &Diff{Sample: 257, Index: 0, Got: "3", Want: "7"},
	}, l)
}

func TestComparisonOfOutputs(t *testing.T) {
	c := comparison[float64]{}
	l := VerifyLayer{}
	c.output(&l, fixed.Fixed(12, 4), []float64{0.5, -0.25, 1, 2}, firmwareTensor(128, -64, 256, 513))
	require.Equal(t, &Diff{Sample: 1, Index: 1, Got: "2", Want: "2.00390625"}, l.First)
	require.Equal(t, 1, l.Differ)
}

func TestComparisonRefusesOtherTypes(t *testing.T) {
	p := sim.Port{Name: "fc1", Shape: []int{2}, Format: fixed.Fixed(12, 4)}
	require.NoError(t, checkType(p, firmwareTensor(1, 2)))
	require.ErrorContains(t, checkType(p, nil), "got no trace from the firmware")
	p.Format = fixed.UFixed(12, 4)
	require.ErrorContains(t, checkType(p, firmwareTensor(1, 2)), "type: got 2 values of ufixed<12,4>")
	p.Format = fixed.Fixed(13, 4)
	require.Error(t, checkType(p, firmwareTensor(1, 2)))
	p.Format, p.Shape = fixed.Fixed(12, 4), []int{3}
	require.Error(t, checkType(p, firmwareTensor(1, 2)))
}

func TestArtificialValuesReachBeyondTheRange(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	f := fixed.Fixed(10, 3)
	inside, beyond, ends, off := 0, 0, 0, 0
	for range 5000 {
		v := artificialValue(r, f)
		switch {
		case v < -4 || v >= 4:
			beyond++
		case v == -4 || v == 4-1.0/128:
			ends++
		default:
			inside++
		}
		if v*128 != math.Floor(v*128) {
			off++ // between two steps
		}
	}
	require.Greater(t, inside, 3500)
	require.Greater(t, beyond, 100)
	require.Greater(t, ends, 50)
	require.Greater(t, off, 2000)
}
