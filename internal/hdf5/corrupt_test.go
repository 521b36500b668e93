package hdf5

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// readEverything opens b as a file and reads all it can reach, going on after errors. It returns the number
// of objects it met.
func readEverything(b []byte) (objects int) {
	f, err := openBytes(b)
	if err != nil {
		return 0
	}
	_ = f.Walk(func(obj Object) error {
		objects++
		attrs, _ := obj.Attrs()
		for _, a := range attrs {
			readAttr(a)
		}
		switch obj := obj.(type) {
		case *Group:
			for _, name := range obj.Names() {
				_, _ = obj.Open(name)
			}
		case *Dataset:
			readDataset(obj)
		}
		return nil
	})
	return objects
}

func readAttr(a *Attr) {
	_, _ = a.Floats()
	_, _ = a.Ints()
	_, _ = a.Uints()
	_, _ = a.Strings()
}

func readDataset(d *Dataset) {
	_, _ = d.ReadFloat32()
	_, _ = d.ReadFloat64()
	_, _ = d.ReadInt64()
	_, _ = d.ReadUint64()
	_, _ = d.ReadStrings()
}

// smallFiles are the test files of at most limit bytes.
func smallFiles(t testing.TB, limit int) map[string][]byte {
	files := map[string][]byte{}
	for _, path := range testFiles(t) {
		if b := readTestFile(t, path); len(b) <= limit {
			files[filepath.Base(path)] = b
		}
	}
	return files
}

// corrupt returns a damaged copy of b: cut short, or with some bytes changed, most of them near other
// non-zero bytes, which are structures and not holes.
func corrupt(b []byte, rng *rand.Rand) []byte {
	if rng.IntN(4) == 0 {
		return b[:rng.IntN(len(b))]
	}
	out := append([]byte(nil), b...)
	for range 1 + rng.IntN(4) {
		at := rng.IntN(len(out))
		for tries := 0; out[at] == 0 && tries < 20; tries++ {
			at = rng.IntN(len(out))
		}
		at = max(0, min(len(out)-1, at+rng.IntN(5)-2))
		switch rng.IntN(4) {
		case 0:
			out[at] ^= 1 << rng.IntN(8)
		case 1:
			out[at] = 0xff
		case 2:
			out[at] = byte(rng.Uint32())
		case 3:
			copy(out[at:], out[rng.IntN(len(out)):][:min(8, len(out)-at)/2])
		}
	}
	return out
}

func TestCorruptFilesFailCleanly(t *testing.T) {
	const variants, mostMemory, longest = 2400, 64 << 20, 5 * time.Second
	files := smallFiles(t, 70_000)
	require.Greater(t, len(files), 20)
	rng := rand.New(rand.NewPCG(7, 2))
	each := variants/len(files) + 1
	opened := 0
	for name, b := range files {
		for range each {
			damaged := corrupt(b, rng)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			if readEverything(damaged) > 0 {
				opened++
			}
			runtime.ReadMemStats(&after)
			require.Less(t, time.Since(start), longest, name)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(mostMemory), name)
		}
	}
	require.Greater(t, opened, variants/10, "too few variants reach past the root group to mean anything")
}

// TestEveryTruncationIsAnError cuts small files at every length: all of them must say so.
func TestEveryTruncationIsAnError(t *testing.T) {
	for name, b := range smallFiles(t, 12_500) {
		for n := range len(b) {
			if n > 3000 && n%37 != 0 {
				continue
			}
			_, err := openBytes(b[:n])
			require.Error(t, err, "%s cut to %d bytes", name, n)
			require.NotContains(t, err.Error(), "\n")
		}
	}
}

// TestChangedMetadataIsNoticed changes bytes of files whose metadata carry checksums. What is read must be an
// error, or the same as before: nothing may be lost or altered in silence.
func TestChangedMetadataIsNoticed(t *testing.T) {
	for name, every := range map[string]int{"links_latest": 1, "user_block_latest": 1, "empty_latest": 1,
		"track_order_latest": 31} {
		f := openTestFile(t, name)
		b := make([]byte, f.size)
		_, err := f.r.ReadAt(b, 0)
		require.NoError(t, err)
		want := fingerprint(b)
		require.NotContains(t, want, "error")
		for at := 0; at < len(b); at += every {
			damaged := append([]byte(nil), b...)
			damaged[at] ^= 0x55
			got := fingerprint(damaged)
			if got != want && !isRawData(b, at) && !strings.Contains(got, "error") {
				t.Fatalf("%s: byte %d changed: got\n%.2000q\nwant\n%.2000q", name, at, got, want)
			}
		}
	}
}

// isRawData reports whether a byte is in what no checksum covers: the five floats of the links files, the
// text of their attribute in the global heap, and the attributes that are so long that they stand alone, each
// with its attribute message before it.
func isRawData(b []byte, at int) bool {
	for raw, before := range map[string]int{
		string(appendLE([]float32{0, 1, 2, 3, 4})): 0,
		"mm\x00\x00\x00\x00\x00\x00":               0,
		strings.Repeat("m", 3000):                  40,
		strings.Repeat("long ", 4000):              40,
	} {
		if i := strings.Index(string(b), raw); i >= 0 && at >= i-before && at < i+len(raw) {
			return true
		}
	}
	return false
}

// fingerprint is all that a file says, or its first error.
func fingerprint(b []byte) string {
	var out strings.Builder
	note := func(err error) bool {
		if err != nil {
			out.WriteString("error: " + err.Error())
		}
		return err == nil
	}
	f, err := openBytes(b)
	if !note(err) {
		return out.String()
	}
	note(f.Walk(func(obj Object) error {
		out.WriteString(obj.Path() + "\n")
		attrs, err := obj.Attrs()
		for _, a := range attrs {
			value := []string{string(a.data.raw)}
			if a.Type().Class == VarString {
				if value, err = a.Strings(); err != nil {
					return err
				}
			}
			out.WriteString(a.Name() + strings.Join(value, ",") + "\n")
		}
		switch obj := obj.(type) {
		case *Group:
			for i := range obj.links {
				out.WriteString(obj.links[i].name + "->" + obj.links[i].target + "\n")
			}
		case *Dataset:
			if v, e := obj.ReadFloat32(); len(v) > 1 {
				out.Write(appendLE(v))
				return e
			}
		}
		return err
	}))
	return out.String()
}

// TestDamageIsNamed damages one thing at a time and wants it named.
func TestDamageIsNamed(t *testing.T) {
	for _, c := range []struct {
		file, object string
		damage       func(b []byte)
		want         string
	}{
		{"dense_300_earliest", "old", shareNode, "is part of itself, or referred to twice"},
		{"storage_earliest", "plain", repeatChunk, "place in the grid of chunks: [0 1] is taken already"},
		{"basic_earliest", "/", func(b []byte) { b[96+2]++ }, "object header at offset 96: number of messages"},
		{"basic_earliest", "/", func(b []byte) { b[8] = 9 }, "version: got 9, want one of [0 1 2 3]"},
		{"storage_earliest", "fletcher", firstChunk("fletcher", 2), "fletcher32: got the checksum"},
		{"storage_earliest", "all", firstChunk("all", 2), "fletcher32: got the checksum"},
		{"storage_earliest", "gzip", firstChunk("gzip", 2), "chunk [0 0] at offset"},
		{"storage_earliest", "lzf", firstChunk("lzf", 0), "lzf: a copy of"},
	} {
		f := openTestFile(t, c.file)
		b := make([]byte, f.size)
		_, err := f.r.ReadAt(b, 0)
		require.NoError(t, err)
		c.damage(b)
		f, err = openBytes(b)
		if err == nil {
			err = readAs32(f.Root(), c.object)
		}
		require.ErrorContains(t, err, c.want, c.object)
		require.ErrorContains(t, err, "HDF5 object ")
	}
}

// shareNode lets two entries of a group's B-tree point to the same symbol table node.
func shareNode(b []byte) {
	for at := 0; ; at++ {
		at += bytes.Index(b[at:], []byte("TREE\x00\x00"))
		if b[at+6] >= 2 { // entries: after the siblings come key, child, key, child ...
			copy(b[at+48:at+56], b[at+32:at+40])
			return
		}
	}
}

// repeatChunk gives the first chunk of a two-dimensional dataset the place of the second.
func repeatChunk(b []byte) {
	f, _ := openBytes(b)
	d, _ := f.Root().Dataset("plain")
	l, _ := d.layout()
	node := b[l.addr:]
	if node[5] > 0 { // not a leaf: go to its first child
		node = b[binary.LittleEndian.Uint64(node[24+32:]):]
	}
	copy(node[24:24+32], node[24+40:])
}

// firstChunk spoils one stored byte of a dataset's first chunk.
func firstChunk(dataset string, at uint64) func([]byte) {
	return func(b []byte) {
		f, _ := openBytes(b)
		d, _ := f.Root().Dataset(dataset)
		l, _ := d.layout()
		m, _ := newChunkMap(f.scan("/"), l, d.space)
		if err := m.load(true); err != nil {
			panic(err)
		}
		b[m.chunks[0].addr+at] = 0xff
	}
}

func FuzzOpen(f *testing.F) {
	for _, b := range smallFiles(f, 8_000) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<17 {
			return
		}
		start := time.Now()
		readEverything(b)
		if d := time.Since(start); d > 10*time.Second {
			t.Fatalf("reading %d bytes took %v", len(b), d)
		}
	})
}

// FuzzLZF: arbitrary data never become more than the limit, which a file states apart from them.
func FuzzLZF(f *testing.F) {
	f.Add([]byte("\x02abc\x20\x02"), 64)
	f.Add([]byte("\x00a\xe0\xff\x00"), 300)
	f.Fuzz(func(t *testing.T, in []byte, limit int) {
		limit &= 1<<12 - 1
		out, err := decodeLZF(in, limit)
		if len(out) > limit {
			t.Fatalf("%d bytes, %v: want at most %d", len(out), err, limit)
		}
	})
}
