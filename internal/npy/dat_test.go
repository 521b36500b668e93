package npy

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestDat(t *testing.T) {
	text := "# made by hand\n\n1 -2.5\t+3e-2 \r\n  4 5 6 # the second\n\n\n-inf nan .5"
	for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
		d, err := OpenDatReader(r)
		require.NoError(t, err)
		require.Equal(t, []int{-1, 3}, d.Shape())
		dst := make([]float32, 8)
		n, err := d.ReadRows32(dst)
		require.NoError(t, err)
		require.Equal(t, 2, n)
		require.Equal(t, []float32{1, -2.5, 3e-2, 4, 5, 6, 0, 0}, dst)
		wide := make([]float64, 6)
		n, err = d.ReadRows64(wide)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, 0.5, wide[2])
		n, err = d.ReadRows32(dst)
		require.Zero(t, n)
		require.Equal(t, io.EOF, err)
		require.NoError(t, d.Close())
	}
}

// TestDatRoundsTwice has a number for which the way over a double matters: the test bench takes that way.
func TestDatRoundsTwice(t *testing.T) {
	d, err := OpenDatReader(strings.NewReader("1.00000005960464484"))
	require.NoError(t, err)
	got, err := ReadAll[float32](d)
	require.NoError(t, err)
	require.Equal(t, []float32{1}, got) // straight to float32 it is 1.0000001
}

func TestDatErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":           ".dat: line 1: got no samples, want at least one line of numbers",
		"\n# only\n": ".dat: line 3: got no samples, want at least one line of numbers",
		"1 2\n3 x\n": `.dat: line 2: got "x", want a number`,
		"1 2\n\n3\n": ".dat: line 3: got 1 numbers, want 2 as in the first sample",
		"1 2\n3 4 5": ".dat: line 2: got 3 numbers, want 2 as in the first sample",
		"1,2\n":      `.dat: line 1: got "1,2", want numbers separated by blanks only`,
		"1e39":       `.dat: line 1: got "1e39", which is beyond the range of a float32`,
		"-1e999":     `.dat: line 1: got "-1e999", which is beyond the range of a float32`,
		"0x10":       `.dat: line 1: got "0x10", want a number`,
		"1 " + strings.Repeat("1", 500): ".dat: line 1: got " +
			`"11111111111111111111"..., want numbers of at most 128 characters`,
		"\x00\xff": `.dat: line 1: got "\x00\xff", want a number`,
	} {
		d, err := OpenDatReader(strings.NewReader(text))
		if err == nil {
			_, err = ReadAll[float32](d)
		}
		require.EqualError(t, err, want, text)
	}
	_, err := OpenDatReader(iotest.ErrReader(iotest.ErrTimeout))
	require.ErrorIs(t, err, iotest.ErrTimeout)
	_, err = OpenDat("testdata/matrix_c_lef4.npy")
	require.ErrorContains(t, err, "testdata/matrix_c_lef4.npy: line 1: got ")
}

func FuzzDat(f *testing.F) {
	f.Add("1 2 3\n4 5 6\n")
	f.Add("# c\n1e5 nan -.5\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := OpenDatReader(strings.NewReader(text))
		if err != nil {
			return
		}
		all, err := ReadAll[float64](d)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
		}
		if len(all)%d.RowLen() != 0 || 2*len(all) > len(text)+1 {
			t.Fatalf("%d numbers in rows of %d from %d bytes, %v", len(all), d.RowLen(), len(text), err)
		}
	})
}
