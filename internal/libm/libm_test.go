package libm_test

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/libm"
)

const (
	blocks    = 1024
	blockSize = 1 << 22
)

// softplus is what the firmware's table builder makes of e = expf(x).
func softplus(e float32) float32 {
	if e < 0 {
		return 0
	}
	return float32(libm.Log(float64(e) + 1))
}

func TestEqualsGlibc(t *testing.T) {
	for _, c := range []struct {
		file string
		f    func(float32) float32
	}{
		{"exp32.txt", libm.Exp32}, {"tanh32.txt", libm.Tanh32}, {"softplus.txt", softplus},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			want := readHashes(t, c.file)
			for _, b := range chosenBlocks() {
				require.Equalf(t, want[b], hashBlock(c.f, b), "arguments %#08x and on", b*blockSize)
			}
		})
	}
}

// chosenBlocks are the blocks around +-1/8, +-1 and +-10, or all of them.
func chosenBlocks() []int {
	var out []int
	if os.Getenv("HLSGO_FULL") != "" {
		for b := range blocks {
			out = append(out, b)
		}
		return out
	}
	for _, x := range []float32{0.125, 1, 10} {
		b := int(math.Float32bits(x) / blockSize)
		out = append(out, b, b+blocks/2)
	}
	return out
}

func hashBlock(f func(float32) float32, block int) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range uint32(blockSize) {
		y := f(math.Float32frombits(uint32(block)*blockSize + i))
		bits := math.Float32bits(y)
		if y != y {
			bits = 0x7fc00000
		}
		h = (h ^ uint64(bits)) * 0x100000001b3
	}
	return h
}

func readHashes(t *testing.T, name string) []uint64 {
	f, err := os.Open(filepath.Join("testdata", name))
	require.NoError(t, err)
	defer f.Close()
	var out []uint64
	for s := bufio.NewScanner(f); s.Scan(); {
		h, err := strconv.ParseUint(s.Text(), 16, 64)
		require.NoError(t, err)
		out = append(out, h)
	}
	require.Len(t, out, blocks)
	return out
}

func TestSpecialValues(t *testing.T) {
	inf := float32(math.Inf(1))
	require.Equal(t, inf, libm.Exp32(inf))
	require.Equal(t, float32(0), libm.Exp32(-inf))
	require.Equal(t, float32(1), libm.Exp32(0))
	require.Equal(t, float32(-1), libm.Tanh32(-inf))
	require.True(t, math.Signbit(float64(libm.Tanh32(float32(math.Copysign(0, -1))))))
	require.Equal(t, math.Inf(1), libm.Log(math.Inf(1)))
	require.Equal(t, math.Inf(-1), libm.Log(0))
	require.True(t, math.IsNaN(libm.Log(-1)))
}
