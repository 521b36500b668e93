package hdf5

import (
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

// TestChangedMetadataIsNoticed changes every byte of a file whose metadata carry checksums. What is read must
// be an error, or the same as before: nothing may be lost or altered in silence.
func TestChangedMetadataIsNoticed(t *testing.T) {
	for _, name := range []string{"links_latest", "user_block_latest", "empty_latest"} {
		b := readTestFile(t, "testdata/"+name+".h5")
		want := fingerprint(b)
		require.NotContains(t, want, "error")
		for at := range b {
			damaged := append([]byte(nil), b...)
			damaged[at] ^= 0x55
			got := fingerprint(damaged)
			if got != want && !isRawData(b, at) && !strings.Contains(got, "error") {
				t.Fatalf("%s: byte %d changed: got\n%s\nwant\n%s", name, at, got, want)
			}
		}
	}
}

// isRawData reports whether a byte of the links files is in what no checksum covers: the five floats, and the
// text of the attribute in the global heap.
func isRawData(b []byte, at int) bool {
	for _, raw := range []string{string(appendLE([]float32{0, 1, 2, 3, 4})), "mm\x00\x00\x00\x00\x00\x00"} {
		if i := strings.Index(string(b), raw); i >= 0 && at >= i && at < i+len(raw) {
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
			text, e := a.Strings()
			if e != nil {
				return e
			}
			out.WriteString(a.Name() + strings.Join(text, ",") + "\n")
		}
		switch obj := obj.(type) {
		case *Group:
			for i := range obj.links {
				out.WriteString(obj.links[i].name + "->" + obj.links[i].target + "\n")
			}
		case *Dataset:
			v, e := obj.ReadFloat32()
			if e != nil {
				return e
			}
			out.Write(appendLE(v))
		}
		return err
	}))
	return out.String()
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
