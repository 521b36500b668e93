package npy

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/internal/drawtest"
)

// ramp is what testdata/make_npy.py fills its arrays with.
func ramp[T Float](n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = T(float64(i)*0.375 - 2)
	}
	return out
}

var shapes = map[string][]int{"matrix": {7, 5}, "vector": {6}, "scalar": {}, "cube": {4, 3, 2},
	"images": {3, 2, 3, 2}, "no_rows": {0, 3}, "no_columns": {3, 0}, "one": {1, 1}}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// readIn reads all rows in blocks of so many rows.
func readIn[T Float](t *testing.T, s Source, block int) []T {
	var out []T
	dst := make([]T, block*s.RowLen())
	for {
		n, err := ReadRows(s, dst)
		out = append(out, dst[:n*s.RowLen()]...)
		if err == io.EOF {
			require.Zero(t, n)
			return out
		}
		require.NoError(t, err)
		require.Positive(t, n)
	}
}

func TestNumpyFiles(t *testing.T) {
	for name, shape := range shapes {
		for _, kind := range []string{"c_lef4", "c_bef4", "c_lef8", "c_bef8", "f_lef4", "f_bef4",
			"f_lef8", "f_bef8"} {
			path := filepath.Join("testdata", name+"_"+kind+".npy")
			for block := 1; block < 9; block++ {
				r, err := Open(path)
				require.NoError(t, err, path)
				if name != "scalar" || kind[0] == 'c' { // numpy.asfortranarray makes a scalar one-dimensional
					require.Equal(t, shape, append([]int{}, r.Shape()...))
				}
				require.Equal(t, strings.HasSuffix(kind, "8"), r.DType() == Float64)
				got := readIn[float64](t, r, block)
				require.Equal(t, ramp[float64](product(shape)), append([]float64{}, got...), path)
				require.NoError(t, r.Close())
			}
			r, err := Open(path)
			require.NoError(t, err)
			require.Equal(t, ramp[float32](product(shape)), append([]float32{}, readIn[float32](t, r, 2)...))
			require.NoError(t, r.Close())
		}
	}
	for _, name := range []string{"version_2", "version_3"} {
		r, err := Open("testdata/" + name + ".npy")
		require.NoError(t, err)
		all, err := ReadAll[float32](r)
		require.NoError(t, err)
		require.Equal(t, ramp[float32](35), all)
		require.NoError(t, r.Close())
	}
}

func TestOtherTypesSayHowToConvert(t *testing.T) {
	for name, want := range map[string]string{"i1": "int8", "i8": "int64", "u2": "uint16", "f2": "float16",
		"c8": "complex64", "bool": "bool", "U3": `"<U3"`, "S4": `"|S4"`, "longdouble": "float128",
		"object": "object", "M8D": `"<M8[D]"`} {
		path := "testdata/bad_" + name + ".npy"
		_, err := Open(path)
		require.EqualError(t, err, path+": dtype: got "+want+", want float32 or float64 (in Python: "+
			`numpy.save("X.npy", X.astype("float32")))`)
	}
	_, err := Open("testdata/bad_struct.npy")
	require.ErrorContains(t, err, "dtype: got ")
	require.ErrorContains(t, err, "want float32 or float64")
}

func readTest(t testing.TB, name string) []byte {
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return b
}

func TestTruncatedAndTrailingDataAreErrors(t *testing.T) {
	for _, name := range []string{"matrix_c_lef4.npy", "matrix_f_lef4.npy", "cube_c_bef8.npy", "version_3.npy"} {
		b := readTest(t, name)
		for n := range b {
			_, err := OpenSized(bytes.NewReader(b[:n]), int64(n))
			require.Error(t, err, "%s cut to %d", name, n)
			require.NotContains(t, err.Error(), "\n")
			if r, err := OpenReader(bytes.NewReader(b[:n])); err == nil {
				_, err = ReadAll[float32](r)
				require.ErrorContains(t, err, fmt.Sprintf("data: got %d bytes, want %d", n-128, len(b)-128))
			}
		}
		more := append(b[:len(b):len(b)], 0)
		_, err := OpenSized(bytes.NewReader(more), int64(len(more)))
		require.ErrorContains(t, err, fmt.Sprintf("got %d bytes, want %d for shape [", len(more)-128, len(b)-128))
		r, err := OpenReader(bytes.NewReader(more))
		require.NoError(t, err)
		_, err = ReadAll[float64](r)
		require.ErrorContains(t, err, ".npy: data: got more bytes, want")
		_, again := r.ReadRows64(make([]float64, 100))
		require.Equal(t, err, again, "an error stays")
	}
}

func TestTruncationKeepsTheRowsBefore(t *testing.T) {
	b := readTest(t, "matrix_c_lef4.npy")
	r, err := OpenReader(bytes.NewReader(b[:128+4*12]))
	require.NoError(t, err)
	dst := make([]float32, 35)
	n, err := r.ReadRows32(dst)
	require.Equal(t, 2, n)
	require.EqualError(t, err, ".npy: data: got 48 bytes, want 140 for shape [7 5] of float32")
	require.Equal(t, ramp[float32](10), dst[:10])
}

func TestShortReads(t *testing.T) {
	for _, name := range []string{"matrix_c_lef4.npy", "matrix_f_bef8.npy"} {
		for _, slow := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader,
			iotest.DataErrReader} {
			r, err := OpenReader(slow(bytes.NewReader(readTest(t, name))))
			require.NoError(t, err)
			all, err := ReadAll[float32](r)
			require.NoError(t, err)
			require.Equal(t, ramp[float32](35), all)
		}
	}
	broken := iotest.TimeoutReader(bytes.NewReader(readTest(t, "matrix_c_lef4.npy")))
	_, err := OpenReader(broken)
	require.ErrorIs(t, err, iotest.ErrTimeout)
}

// withHeader is a version 1 file of the given header text and payload.
func withHeader(text string, payload int) []byte {
	b := append([]byte(Magic), 1, 0, byte(len(text)), byte(len(text)>>8))
	return append(append(b, text...), make([]byte, payload)...)
}

func TestHostileHeaders(t *testing.T) {
	dict := func(descr, fortran, shape string) string {
		return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n"
	}
	for text, want := range map[string]string{
		dict("<f4", "False", "(1000000000, 1000000000)"):        "got 8 bytes, want 4000000000000000000 for shape",
		dict("<f4", "False", "(9000000000, 9000000000)"):        "more than 2^62 bytes",
		dict("<f4", "False", "(4294967296, 4294967296, 0)"):     "more than 2^62 bytes",
		dict("<f4", "False", "(-1, -2)"):                        "shape: got [-1 -2], want no negative length",
		dict("<f4", "False", "(99999999999999999999,)"):         "a length that is no number, or too large",
		dict("<f4", "Maybe", "(2,)"):                            "invalid 'fortran_order' value (Maybe)",
		dict("<f4", "False", "("+strings.Repeat("1, ", 40)+")"): "shape: got 40 dimensions, want at most 32",
		dict("<f4", "False", "(2)"[:1]):                         "want a dictionary with descr, fortran_order",
		"":                                                      "want a dictionary with descr, fortran_order",
		"}{":                                                    "want a dictionary with descr, fortran_order",
		"'shape': 'fortran_order': 'descr': }\n":                "want a dictionary with descr, fortran_order",
	} {
		b := withHeader(text, 8)
		_, err := OpenSized(bytes.NewReader(b), int64(len(b)))
		require.ErrorContains(t, err, want, text)
	}
	_, err := OpenReader(bytes.NewReader(withHeader(dict("<f4", "False", "(1, 900000000)"), 8)))
	require.ErrorContains(t, err, "rows of 3600000000 bytes in a stream of unknown length")
	_, err = OpenReader(bytes.NewReader(withHeader(dict("<f4", "True", "(900000000, 2)"), 8)))
	require.ErrorContains(t, err, "got 7200000000 bytes in Fortran order, want at most 1073741824")
	_, err = OpenReader(strings.NewReader(Magic + "\x09\x00"))
	require.ErrorContains(t, err, "version of the format: got 9, want 1, 2 or 3")
	_, err = OpenReader(strings.NewReader(Magic + "\x02\x00\xff\xff\xff\xff"))
	require.ErrorContains(t, err, "length of the header: got 4294967295, want at most 1048576")
	_, err = OpenReader(strings.NewReader("PK\x03\x04 and so on"))
	require.EqualError(t, err, `.npy: not a .npy file: got "PK\x03\x04 and" at its start, want "\x93NUMPY"`)
	r, err := OpenReader(bytes.NewReader(withHeader(dict("<f8", "True", "(100000, 1000)"), 8)))
	require.NoError(t, err)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = ReadAll[float64](r)
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "data: got 8 bytes, want 800000000")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
}

func TestWriterRoundTrip(t *testing.T) {
	dir := t.TempDir()
	drawtest.Check(t, func(t *rapid.T) {
		path := filepath.Join(dir, "x.npy")
		shape := rapid.SliceOfN(rapid.IntRange(1, 4), 0, 4).Draw(t, "shape")
		rows := rapid.IntRange(0, 12).Draw(t, "rows")
		data := rapid.SliceOfN(rapid.Float64(), rows*product(shape), rows*product(shape)).Draw(t, "data")
		w, err := Create[float64](path, shape...)
		require.NoError(t, err)
		for at := 0; at < len(data); {
			n := min(len(data)-at, rapid.IntRange(1, 3).Draw(t, "block")*product(shape))
			require.NoError(t, w.WriteRows(data[at:at+n]))
			at += n
		}
		require.NoError(t, w.Close())
		r, err := Open(path)
		require.NoError(t, err)
		defer r.Close()
		require.Equal(t, append([]int{rows}, shape...), r.Shape())
		got, err := ReadAll[float64](r)
		require.NoError(t, err)
		require.Len(t, got, len(data))
		for i := range data {
			require.Equal(t, math.Float64bits(data[i]), math.Float64bits(got[i]))
		}
	})
}

func TestWriterIsAtomic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "y.npy")
	w, err := Create[float32](path, 3)
	require.NoError(t, err)
	require.NoError(t, w.WriteRows(ramp[float32](6)))
	_, err = os.Stat(path)
	require.ErrorIs(t, err, fs.ErrNotExist)
	w.Abort()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.Panics(t, func() { _ = w.WriteRows(make([]float32, 4)) })
}

// TestHeaderEqualsNumpys compares the header with numpy's, byte for byte: numpy too keeps room for growth.
func TestHeaderEqualsNumpys(t *testing.T) {
	for name, rows := range map[string]int{"matrix_c_lef4": 7, "cube_c_lef8": 4, "vector_c_lef4": 6} {
		want := readTest(t, name+".npy")
		shape := shapes[strings.Split(name, "_")[0]]
		var got []byte
		if strings.HasSuffix(name, "8") {
			got = append(headerFor(Float64, rows, shape[1:]), encode(nil, ramp[float64](product(shape)))...)
		} else {
			got = append(headerFor(Float32, rows, shape[1:]), encode(nil, ramp[float32](product(shape)))...)
		}
		require.Equal(t, want, got, name)
	}
	for _, shape := range [][]int{{}, {1}, {3, 3, 3, 3}} {
		short, long := headerFor(Float32, 0, shape), headerFor(Float32, math.MaxInt64, shape)
		require.Len(t, long, len(short))
	}
}

func TestArchives(t *testing.T) {
	for _, name := range []string{"stored.npz", "deflated.npz"} {
		a, err := OpenArchive("testdata/" + name)
		require.NoError(t, err)
		require.Equal(t, []string{"fc1", "fc1_relu", "fortran"}, a.Names())
		for _, array := range a.Names() {
			r, err := a.Open(array)
			require.NoError(t, err)
			got, err := ReadAll[float32](r)
			require.NoError(t, err)
			require.Equal(t, ramp[float32](product(r.Shape())), got)
			require.NoError(t, r.Close())
		}
		_, err = a.Open("fc2")
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.EqualError(t, err, "testdata/"+name+`: array "fc2": file does not exist`)
		require.NoError(t, a.Close())
	}
	_, err := OpenArchive("testdata/matrix_c_lef4.npy")
	require.ErrorContains(t, err, "testdata/matrix_c_lef4.npy: not a .npz file")
}

func TestArchiveChecksumIsVerified(t *testing.T) {
	b := readTest(t, "stored.npz")
	at := bytes.Index(b, encode(nil, ramp[float32](35)))
	require.Positive(t, at)
	b[at+9] ^= 1
	a, err := NewArchive(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	r, err := a.Open("fc1")
	require.NoError(t, err)
	_, err = ReadAll[float32](r)
	require.ErrorContains(t, err, `.npz: array "fc1": zip: checksum error`)
}

func TestArchiveThatLiesAboutSizes(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	payload := headerFor(Float32, 1, []int{1 << 30})
	w, err := z.CreateRaw(&zip.FileHeader{Name: "x.npy", Method: zip.Store, CompressedSize64: 1 << 40,
		UncompressedSize64: uint64(len(payload)) + 4<<30})
	require.NoError(t, err)
	_, err = w.Write(payload)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	a, err := NewArchive(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	_, err = a.Open("x")
	require.ErrorContains(t, err, `.npz: array "x": size: got 4294967424 bytes stored as`)
}

func TestArchiveWriter(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "t.npz")
	w, err := CreateArchive(path)
	require.NoError(t, err)
	defer w.Abort()
	a, err := AddArray[float32](w, "a", 5)
	require.NoError(t, err)
	b, err := AddArray[float64](w, "b", 2, 3)
	require.NoError(t, err)
	_, err = AddArray[float32](w, "a")
	require.ErrorContains(t, err, `array "a": is there twice`)
	for i := range 4 { // both grow at the same time
		require.NoError(t, a.WriteRows(ramp[float32](20)[5*i:5*i+5]))
		require.NoError(t, b.WriteRows(ramp[float64](24)[6*i:6*i+6]))
	}
	_, err = os.Stat(path)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, w.Close())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	z, err := OpenArchive(path)
	require.NoError(t, err)
	defer z.Close()
	for _, f := range z.zip.File {
		require.Equal(t, zip.Store, f.Method, "as numpy.savez")
	}
	for name, shape := range map[string][]int{"a": {4, 5}, "b": {4, 2, 3}} {
		r, err := z.Open(name)
		require.NoError(t, err)
		require.Equal(t, shape, r.Shape())
		got, err := ReadAll[float64](r)
		require.NoError(t, err)
		require.Equal(t, ramp[float64](product(shape)), got)
	}
}

func TestOpenData(t *testing.T) {
	for _, path := range []string{"testdata/matrix_c_lef4.npy", "testdata/savetxt.dat", "testdata/hls4ml.dat"} {
		s, err := OpenData(path)
		require.NoError(t, err)
		got, err := ReadAll[float32](s)
		require.NoError(t, err)
		require.Equal(t, ramp[float32](35), got)
		require.Equal(t, 5, s.RowLen())
		require.Equal(t, Float32, s.DType())
		require.NoError(t, s.Close())
	}
	_, err := OpenData("x.csv")
	require.EqualError(t, err, `data "x.csv": the name's ending tells the format: got ".csv", want .npy or .dat`)
	_, err = OpenData("testdata/none.npy")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func BenchmarkReadRows(b *testing.B) {
	const rows, width = 4096, 256
	file := append(headerFor(Float32, rows, []int{width}), make([]byte, 4*rows*width)...)
	dst := make([]float32, 64*width)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		r, err := OpenSized(bytes.NewReader(file), int64(len(file)))
		require.NoError(b, err)
		for err == nil {
			_, err = r.ReadRows32(dst)
		}
	}
}

// TestHeadersOfOthers reads what other programs write in the place of numpy's own form.
func TestHeadersOfOthers(t *testing.T) {
	for _, text := range []string{
		"{'descr': '<f4', 'fortran_order': True, 'shape': (12, 34), }",
		"{'descr': '<f4', 'fortran_order': True, 'shape': (12, 34)}",
		"{'shape': (12, 34), 'fortran_order': True, 'descr': '<f4'}",
		"{\"descr\":\"<f4\",\"fortran_order\":True,\"shape\":(12,34,)}",
		"{ 'descr' : '<f4' , 'fortran_order' : True , 'shape' : ( 12L , 34L ) }   \n",
	} {
		file := append(withHeader(text, 0), make([]byte, 4*12*34)...)
		r, err := OpenSized(bytes.NewReader(file), int64(len(file)))
		require.NoError(t, err, text)
		require.Equal(t, []int{12, 34}, r.Shape(), text)
		require.True(t, r.header.fortran, text)
	}
}

func FuzzReader(f *testing.F) {
	for _, name := range []string{"matrix_c_lef4", "cube_f_bef8", "scalar_c_lef4", "bad_struct", "version_3"} {
		f.Add(readTest(f, name+".npy"))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := OpenReader(bytes.NewReader(b)); err == nil && r.RowLen() < 1<<20 {
			_, _ = ReadAll[float32](r)
		}
		r, err := OpenSized(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		all, err := ReadAll[float64](r)
		if err != nil || len(all)*r.DType().Size() > len(b) {
			t.Fatalf("%d elements, %v from a file whose size fits its header", len(all), err)
		}
	})
}

func FuzzArchive(f *testing.F) {
	f.Add(readTest(f, "stored.npz"))
	f.Add(readTest(f, "deflated.npz"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := NewArchive(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, name := range a.Names() {
			r, err := a.Open(name)
			if err != nil {
				require.NotContains(t, err.Error(), "\n")
				continue
			}
			_, _ = ReadAll[float32](r)
			r.Close()
		}
	})
}

// TestMemberName keeps names that are harmless and makes the others so, no two of them equal.
func TestMemberName(t *testing.T) {
	long := strings.Repeat("n", 70000)
	for name, want := range map[string]string{
		"fc1": "fc1", "block/conv 1": "block/conv 1", "größe": "größe",
		"../../evil": "%2E.%2F..%2Fevil", "/etc/passwd": "%2Fetc%2Fpasswd", `a\b`: "a%5Cb", "C:x": "C%3Ax",
		"": "", ".": "%2E", "a\x1b[31m": "a%1B%5B31m", "a\nb": "a%0Ab", "a\xff": "a%FF", "a//b": "a%2F%2Fb",
	} {
		require.Equal(t, want, MemberName(name), "%q", name)
	}
	require.Len(t, MemberName(long), longestMember)
	require.NotEqual(t, MemberName(long), MemberName(long+"n"))
}
