package hlsgo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/sim"
)

// labelData writes a .npy file of the values in a type of numpy's.
func labelData(t testing.TB, descr, shape string, values ...float64) string {
	t.Helper()
	head := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n", descr, shape)
	data := append([]byte("\x93NUMPY\x01\x00"), binary.LittleEndian.AppendUint16(nil, uint16(len(head)))...)
	data = append(data, head...)
	var order binary.AppendByteOrder = binary.LittleEndian
	if descr[0] == '>' {
		order = binary.BigEndian
	}
	for _, v := range values {
		whole := uint64(int64(v))
		switch descr[1:] {
		case "f4":
			data = order.AppendUint32(data, math.Float32bits(float32(v)))
		case "f8":
			data = order.AppendUint64(data, math.Float64bits(v))
		case "b1", "i1", "u1":
			data = append(data, byte(whole))
		case "i2", "u2":
			data = order.AppendUint16(data, uint16(whole))
		case "i4", "u4":
			data = order.AppendUint32(data, uint32(whole))
		default:
			data = order.AppendUint64(data, whole)
		}
	}
	path := filepath.Join(t.TempDir(), "y.npy")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

var numberTypes = []string{
	"<f4", "<f8", ">f8", "|i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8",
	"|u1", "<u2", ">u2", "<u4", ">u4", "<u8", ">u8",
}

// TestLabels reads classes and one-hot rows of numbers of every type.
func TestLabels(t *testing.T) {
	for _, descr := range numberTypes {
		for _, shape := range []string{"3,", "3, 1"} {
			got, err := readLabels(labelData(t, descr, shape, 2, 0, 1), 3, 3, 3)
			require.NoError(t, err, descr)
			require.Equal(t, []int{2, 0, 1}, got, descr)
		}
		for _, n := range []int{2, -1} {
			got, err := readLabels(labelData(t, descr, "2, 3", 0, 0, 1, 0, 1, 0), n, n, 3)
			require.NoError(t, err, descr)
			require.Equal(t, []int{2, 1}, got, descr)
		}
	}
	got, err := readLabels(labelData(t, "|b1", "2, 3", 0, 0, 1, 1, 0, 0), 2, 2, 3)
	require.NoError(t, err)
	require.Equal(t, []int{2, 0}, got)
	// A model of one output value tells two classes apart.
	got, err = readLabels(labelData(t, "|b1", "3,", 1, 0, 1), 3, 3, 1)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0, 1}, got)
	got, err = readLabels(labelData(t, "<i8", "2, 2", 0, 1, 1, 0), 2, 2, 1)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, got)
	// The first samples alone are judged; labels may stop there or not.
	got, err = readLabels(labelData(t, "<i8", "4,", 1, 2, 0, 1), 2, 4, 3)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, got)
	got, err = readLabels(labelData(t, "<i8", "2,", 1, 2), 2, 4, 3)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, got)
}

func TestLabelErrors(t *testing.T) {
	for _, c := range []struct {
		descr, shape string
		values       []float64
		want         string
	}{
		{"<i8", "2,", []float64{1, 3}, "label of sample 1: got 3, want a class from 0 to 2"},
		{"<i8", "2,", []float64{-1, 0}, "label of sample 0: got -1, want a class from 0 to 2"},
		{"<i8", "2,", []float64{1 << 62, 0}, "label of sample 0: got 4.611686018427388e+18, want a class"},
		{"<u8", "2,", []float64{-1, 0}, "label of sample 0: got 1.8446744073709552e+19, want a class"},
		{"<f8", "2,", []float64{0.5, 0}, "label of sample 0: got 0.5, want a class from 0 to 2"},
		{"<f8", "2,", []float64{math.NaN(), 0}, "label of sample 0: got NaN, want a class from 0 to 2"},
		{"<f8", "2,", []float64{0, math.Inf(1)}, "label of sample 1: got +Inf, want a class from 0 to 2"},
		{"<i4", "2, 3", []float64{0, 1, 0, 1, 1, 0}, "label of sample 1: got [1 1 0], want zeros and one 1"},
		{"<i4", "2, 3", []float64{0, 0, 0, 1, 1, 0}, "label of sample 0: got [0 0 0], want zeros and one 1"},
		{"<f4", "2, 3", []float64{0, 1, 0.5, 1, 0, 0}, "label of sample 0: got [0 1 0.5], want zeros and one 1"},
		{"<i4", "2, 2", []float64{0, 1, 1, 0}, "labels: got shape (2, 2), want (samples), (samples, 1) or " +
			"one-hot (samples, 3)"},
		{"<i4", "", []float64{1}, "labels: got shape (), want (samples)"},
		{"<i4", "2, 1, 3", []float64{0, 1, 0, 1, 0, 0}, "labels: got shape (2, 1, 3), want (samples)"},
		{"<i4", "2, 0", nil, "labels: got shape (2, 0), want (samples)"},
		{"<i4", "3,", []float64{0, 1, 0}, "labels: got 3, want 2, one per sample"},
		{"<i4", "1,", []float64{0}, "labels: got 1, want 2, one per sample"},
		{"<i4", "0,", nil, "labels: got 0, want 2, one per sample"},
		{"<c8", "1,", []float64{0}, "dtype: got complex64, want float32 or float64"},
	} {
		path := labelData(t, c.descr, c.shape, c.values...)
		_, err := readLabels(path, 2, 2, 3)
		require.ErrorContains(t, err, path+": "+c.want)
	}
	text := filepath.Join(t.TempDir(), "y.dat")
	require.NoError(t, os.WriteFile(text, []byte("1\n"), 0o600))
	_, err := readLabels(text, 2, -1, 3)
	require.EqualError(t, err, text+": labels: got 1, want 2, one per sample")
}

// FuzzLabels wants classes of the model or an error from any file.
func FuzzLabels(f *testing.F) {
	for _, descr := range []string{"<i8", "|b1", ">u2", "<f4"} {
		text, err := os.ReadFile(labelData(f, descr, "3,", 1, 0, 1))
		require.NoError(f, err)
		f.Add(text, 3)
		text, err = os.ReadFile(labelData(f, descr, "1, 2", 1, 0))
		require.NoError(f, err)
		f.Add(text, -1)
	}
	f.Add([]byte("\x93NUMPY\x010<\x000'descr': 0000000'fortran_order': Fals\n00"+
		"'shape': 00\x7f\b\x00\"00}\n"), -3)
	f.Fuzz(func(t *testing.T, text []byte, n int) {
		s, err := npy.OpenNumbersSized(bytes.NewReader(text), int64(len(text))) // no disk, for speed
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		got, err := labelsOf(s, "y.npy", n, n, 2)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		for _, c := range got {
			require.True(t, c == 0 || c == 1)
		}
		require.True(t, n < 0 || len(got) == n)
	})
}

// TestScalarInput refuses a number alone as the samples of an input of one value.
func TestScalarInput(t *testing.T) {
	dir := filepath.Join("testdata/oracle/cases", "garnet_mean_vitis_parallel")
	tk, err := New()
	require.NoError(t, err)
	m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), Overrides{})
	require.NoError(t, err)
	p, err := m.Compile(sim.Options{})
	require.NoError(t, err)
	path := labelData(t, "<f4", "", 1)
	_, err = m.openInputs(p, []string{filepath.Join(dir, "X_0.npy"), path})
	require.EqualError(t, err, path+`: shape: got (), want (samples, 1) for input "n"`)
}
