package hdf5

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A dumpEntry is what testdata/make_h5.py says about a dataset or an attribute.
type dumpEntry struct {
	Type   string
	Shape  *[]int // nil: a null dataspace
	SHA256 string
}

// A dumpObject is what it says about an object.
type dumpObject struct {
	dumpEntry
	Names []string // groups only
	Attrs map[string]dumpEntry
}

// readTestFile returns the bytes of testdata/name.h5, which may be compressed.
func readTestFile(t testing.TB, path string) []byte {
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(b))
		require.NoError(t, err)
		b, err = io.ReadAll(z)
		require.NoError(t, err)
	}
	return b
}

func testFiles(t testing.TB) []string {
	paths, err := filepath.Glob("testdata/*.h5*")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(paths), 30)
	return paths
}

func openBytes(b []byte) (*File, error) { return Open(bytes.NewReader(b), int64(len(b))) }

// canonical is the form that the dumps hash.
func canonical(t testing.TB, typ Type, read reads) []byte {
	var b []byte
	var err error
	switch {
	case typ.Class == Float && typ.Size == 8:
		var v []float64
		v, err = read.f64()
		b = appendLE(v)
	case typ.Class == Float:
		b, err = read.f32()
	case typ.Class == String || typ.Class == VarString:
		var v []string
		v, err = read.text()
		for _, s := range v {
			b = append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
		}
	case typ.Size == 8 && !typ.Signed:
		var v []uint64
		v, err = read.u64()
		b = appendLE(v)
	default:
		var v []int64
		v, err = read.i64()
		b = appendLE(v)
	}
	require.NoError(t, err)
	return b
}

func appendLE(v any) []byte {
	b, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		panic(err)
	}
	return b
}

// reads are the typed reads that datasets and attributes have in common.
type reads struct {
	f32  func() ([]byte, error)
	f64  func() ([]float64, error)
	i64  func() ([]int64, error)
	u64  func() ([]uint64, error)
	text func() ([]string, error)
}

func datasetReads(d *Dataset) reads {
	f32 := func() ([]byte, error) {
		v, err := d.ReadFloat32()
		return appendLE(v), err
	}
	return reads{f32, d.ReadFloat64, d.ReadInt64, d.ReadUint64, d.ReadStrings}
}

func attrReads(a *Attr) reads {
	f32 := func() ([]byte, error) {
		v, err := a.Floats()
		narrow := make([]float32, len(v))
		for i := range v {
			narrow[i] = float32(v[i])
		}
		return appendLE(narrow), err
	}
	return reads{f32, a.Floats, a.Ints, a.Uints, a.Strings}
}

func entryOf(t testing.TB, typ Type, shape []int, null bool, read reads) dumpEntry {
	sum := sha256.Sum256(canonical(t, typ, read))
	e := dumpEntry{Type: typ.String(), Shape: &shape, SHA256: hex.EncodeToString(sum[:])}
	if shape == nil {
		e.Shape = &[]int{}
	}
	if null {
		e.Shape = nil
	}
	return e
}

// dumpFile describes a whole file as make_h5.py does.
func dumpFile(t testing.TB, f *File) map[string]dumpObject {
	out := map[string]dumpObject{}
	err := f.Walk(func(obj Object) error {
		e := dumpObject{Attrs: map[string]dumpEntry{}}
		attrs, err := obj.Attrs()
		require.NoError(t, err)
		for _, a := range attrs {
			e.Attrs[a.Name()] = entryOf(t, a.Type(), a.Shape(), a.Null(), attrReads(a))
		}
		switch obj := obj.(type) {
		case *Group:
			e.Names = obj.Names()
		case *Dataset:
			e.dumpEntry = entryOf(t, obj.Type(), obj.Shape(), obj.Null(), datasetReads(obj))
		}
		out[obj.Path()] = e
		return nil
	})
	require.NoError(t, err)
	return out
}

func TestEveryTensorAndAttributeEqualsH5py(t *testing.T) {
	objects, attrs := 0, 0
	for _, path := range testFiles(t) {
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		t.Run(name, func(t *testing.T) {
			f, err := openBytes(readTestFile(t, path))
			require.NoError(t, err)
			text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
			require.NoError(t, err)
			var want map[string]dumpObject
			require.NoError(t, json.Unmarshal(text, &want))
			for _, o := range want {
				objects, attrs = objects+1, attrs+len(o.Attrs)
			}
			got := dumpFile(t, f)
			for at, w := range want {
				g, ok := got[at]
				require.True(t, ok, "no object %s", at)
				require.Equal(t, w, g, at)
			}
			require.Len(t, got, len(want))
		})
	}
	t.Logf("%d objects, %d attributes", objects, attrs)
}

func openTestFile(t testing.TB, name string) *File {
	paths, err := filepath.Glob("testdata/" + name + ".*")
	require.NoError(t, err)
	for _, path := range paths {
		if !strings.HasSuffix(path, ".json") {
			f, err := openBytes(readTestFile(t, path))
			require.NoError(t, err)
			return f
		}
	}
	t.Fatalf("no file %s", name)
	return nil
}

func TestLinks(t *testing.T) {
	for _, version := range []string{"earliest", "v110", "latest"} {
		root := openTestFile(t, "links_"+version).Root()
		for _, path := range []string{"/g/x", "g/x", "alias", "soft", "g/relative", "g/chain", "./g//x",
			"g/root/alias", "g/again/up/again/up/x"} {
			d, err := root.Dataset(path)
			require.NoError(t, err, path)
			v, err := d.ReadFloat32()
			require.NoError(t, err)
			require.Equal(t, []float32{0, 1, 2, 3, 4}, v)
		}
		for path, want := range map[string]string{
			"dangling": `HDF5 object "/": "dangling": "/" has no member "nowhere"`,
			"g/y":      `HDF5 object "/": "g/y": "/g" has no member "y"`,
			"round":    `HDF5 object "/": "round": got more than 16 soft links`,
			"alias/x":  `HDF5 object "/": "alias/x": "/alias" is a dataset, want a group`,
			"outside": `HDF5 object "/": "outside": the link "/outside" leads out of this file: external and ` +
				`user-defined links are not supported`,
		} {
			_, err := root.Open(path)
			require.EqualError(t, err, want)
			require.Equal(t, strings.Contains(want, "has no member"), errors.Is(err, fs.ErrNotExist), path)
		}
		_, err := root.Group("g/x")
		require.EqualError(t, err, `HDF5 object "/g/x": got a dataset, want a group`)
		_, err = root.Dataset("g")
		require.EqualError(t, err, `HDF5 object "/g": got a group, want a dataset`)
		require.True(t, root.Has("alias"))
		require.False(t, root.Has("nothing"))
	}
}

func TestUnsupportedIsNamed(t *testing.T) {
	for _, version := range []string{"earliest", "latest"} {
		root := openTestFile(t, "unsupported_"+version).Root()
		for name, want := range map[string]string{
			"compound":     "type: got compound of 8 bytes, which is not supported; want a float of at most 32 bits",
			"opaque":       "type: got opaque of 5 bytes, which is not supported",
			"array":        "type: got array of 12 bytes, which is not supported",
			"sequence":     "type: got variable-length sequence, which is not supported",
			"reference":    "type: got reference, which is not supported",
			"bitfield":     "type: got bitfield of 1 bytes, which is not supported",
			"committed":    "is a committed datatype: not supported, want a group or a dataset",
			"of_committed": "it is shared (a committed datatype, or a shared message table): not supported",
			"longdouble":   "float of 80 bits with 15 exponent bits: not supported",
			"twelve_bits":  "integer of 12 bits at bit 0 of 2 bytes: not supported",
			"virtual":      "the dataset is virtual, made of parts of other files: not supported",
			"vast": "the dataset has 4398046511104 bytes, of which the file stores only 20, filtered: want at most " +
				"1032 times as many",
			"vast_unwritten": "the dataset has 4398046511104 bytes, of which the file stores only 0",
			"external":       "its data are in external files: not supported",
		} {
			err := readAs32(root, name)
			require.ErrorContains(t, err, want)
			require.ErrorContains(t, err, `HDF5 object "/`+name+`"`)
		}
		d, err := root.Dataset("scaleoffset")
		require.NoError(t, err)
		_, err = d.ReadInt64()
		require.ErrorContains(t, err, `filter 6 ("scale-offset"): not supported, want deflate, shuffle, `+
			`fletcher32 or lzf`)
		require.NoError(t, readAs32(root, "good"))
		a, err := root.Dataset("good")
		require.NoError(t, err)
		fine, err := a.Attr("fine")
		require.NoError(t, err)
		v, err := fine.Ints()
		require.NoError(t, err)
		require.Equal(t, []int64{1}, v)
		c, err := a.Attr("compound")
		require.NoError(t, err)
		_, err = c.Floats()
		require.ErrorContains(t, err, `HDF5 object "/good": attribute "compound": type: got compound of 4 bytes`)
	}
}

func readAs32(g *Group, name string) error {
	d, err := g.Dataset(name)
	if err == nil {
		_, err = d.ReadFloat32()
	}
	return err
}

func TestTypedReadsAreExact(t *testing.T) {
	root := openTestFile(t, "basic_earliest").Root()
	read := func(name string) *Dataset {
		d, err := root.Dataset(name)
		require.NoError(t, err)
		return d
	}
	_, err := read("f8").ReadFloat32()
	require.EqualError(t, err, `HDF5 object "/f8": type: got float64, want a float of at most 32 bits`)
	_, err = read("f4").ReadInt64()
	require.EqualError(t, err, `HDF5 object "/f4": type: got float32, want an integer, an enumeration or bool`)
	_, err = read("ints/i4").ReadFloat64()
	require.EqualError(t, err, `HDF5 object "/ints/i4": type: got int32, want a float of at most 64 bits`)
	_, err = read("ints/i4").ReadStrings()
	require.EqualError(t, err, `HDF5 object "/ints/i4": type: got int32, want strings`)
	_, err = read("ints/u8").ReadInt64()
	require.ErrorContains(t, err, `element 3: got 18446744073709551615, want at most the largest int64`)
	_, err = read("ints/i1").ReadUint64()
	require.ErrorContains(t, err, `element 0: got -128, want at least 0`)
	wide, err := read("f4").ReadFloat64()
	require.NoError(t, err)
	narrow, err := read("f4").ReadFloat32()
	require.NoError(t, err)
	for i := range wide {
		require.Equal(t, float64(narrow[i]), wide[i])
	}
	v, err := read("bool").ReadInt64()
	require.NoError(t, err)
	require.Equal(t, []int64{1, 0, 0, 1}, v)
	require.ElementsMatch(t, []string{"RED", "GREEN", "BLUE"}, read("enum").Type().Members)
	a, err := read("f4").Attr("text")
	require.NoError(t, err)
	text, err := a.Text()
	require.NoError(t, err)
	require.Equal(t, "a string", text)
	a, err = read("f4").Attr("list")
	require.NoError(t, err)
	_, err = a.Text()
	require.EqualError(t, err, `HDF5 object "/f4": attribute "list": got 3 strings, want one`)
	_, err = read("f4").Attr("nope")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.EqualError(t, err, `HDF5 object "/f4": attribute "nope": got none of that name`)
}

func TestNotAnHDF5File(t *testing.T) {
	for _, b := range []string{"", "PK\x03\x04", strings.Repeat("x", 5000)} {
		_, err := openBytes([]byte(b))
		require.EqualError(t, err, `HDF5 object "/": not an HDF5 file: want the signature "\x89HDF\r\n\x1a\n" at `+
			`offset 0, 512, 1024 or on`)
	}
	path := filepath.Join(t.TempDir(), "m.h5")
	require.NoError(t, os.WriteFile(path, readTestFile(t, "testdata/empty_latest.h5")[:20], 0o600))
	_, err := OpenFile(path)
	require.ErrorContains(t, err, path+`: HDF5 object "/": superblock at offset 12: reaches beyond the end `+
		`of the file`)
	_, err = OpenFile(filepath.Dir(path))
	require.ErrorContains(t, err, "not a regular file")
	_, err = OpenFile(path + "x")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, os.WriteFile(path, readTestFile(t, "testdata/empty_latest.h5"), 0o600))
	f, err := OpenFile(path)
	require.NoError(t, err)
	require.Empty(t, f.Root().Names())
	require.NoError(t, f.Close())
}

func ExampleFile_Walk() {
	f, err := OpenFile("testdata/links_latest.h5")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	err = f.Walk(func(obj Object) error {
		fmt.Println(obj.Path())
		return nil
	})
	fmt.Println(err)
	// Output:
	// /
	// /alias
	// /g
	// /g/again
	// <nil>
}

func BenchmarkReadFloat32(b *testing.B) {
	root := openTestFile(b, "keras_full").Root()
	for b.Loop() {
		d, err := root.Dataset("model_weights/fc1/fc1/kernel:0")
		require.NoError(b, err)
		_, err = d.ReadFloat32()
		require.NoError(b, err)
	}
}
