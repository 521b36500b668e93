package room

import (
	"math"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAllowed follows GOMEMLIMIT, and the machine below it.
func TestAllowed(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	debug.SetMemoryLimit(math.MaxInt64)
	require.LessOrEqual(t, Allowed(), int64(Usual))
	require.Positive(t, Allowed())
	debug.SetMemoryLimit(1 << 20)
	require.EqualValues(t, 1<<20, Allowed())
	debug.SetMemoryLimit(math.MaxInt64 - 1)
	require.Equal(t, min(left(), math.MaxInt64-1), Allowed())
}

// TestShort looks at the machine only where much is wanted.
func TestShort(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 20))
	for need, want := range map[int64]bool{0: false, 1 << 20: false, 1<<20 + 1: true, math.MaxInt64: true} {
		most, short := Short(need)
		require.Equal(t, want, short, "%d", need)
		require.True(t, !short || most == 1<<20, "%d", need)
	}
	debug.SetMemoryLimit(math.MaxInt64)
	most, short := Short(Freely)
	require.False(t, short)
	require.Zero(t, most, "nobody has looked")
	_, short = Short(math.MaxInt64)
	require.True(t, short)
}

func TestText(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 KB", 12_345_678: "12 MB", 8_000_000_000_000: "8.0 TB",
		math.MaxInt64 - 1: "9223 PB", math.MaxInt64: "more than 9000 PB",
	} {
		require.Equal(t, want, Text(bytes))
	}
}

func TestSaturation(t *testing.T) {
	require.EqualValues(t, 24, Times(2, 3, 4))
	require.EqualValues(t, 0, Times(1<<40, 1<<40, 0))
	require.EqualValues(t, math.MaxInt64, Times(1<<40, 1<<40))
	require.EqualValues(t, math.MaxInt64, Plus(math.MaxInt64, 1))
	require.EqualValues(t, 3, Plus(1, 2))
}
