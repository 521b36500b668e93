package build_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// archive writes a zip archive and returns its path.
func archive(t testing.TB, write func(w *zip.Writer)) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	write(w)
	require.NoError(t, w.Close())
	return archiveOf(t, b.Bytes())
}

func archiveOf(t testing.TB, data []byte) string {
	path := filepath.Join(t.TempDir(), "m.keras")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func member(t testing.TB, w *zip.Writer, name string, method uint16, data []byte) {
	m, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	require.NoError(t, err)
	_, err = m.Write(data)
	require.NoError(t, err)
}

// TestArchive reads members that are stored and members that are compressed.
func TestArchive(t *testing.T) {
	data := bytes.Repeat([]byte("weights "), 1000)
	path := archive(t, func(w *zip.Writer) {
		member(t, w, "stored", zip.Store, data)
		member(t, w, "packed", zip.Deflate, data)
	})
	require.True(t, build.IsArchive(path))
	a, err := build.OpenArchive(path)
	require.NoError(t, err)
	defer a.Close()
	require.True(t, a.Has("stored"))
	require.False(t, a.Has("other"))
	for _, name := range []string{"stored", "packed"} {
		text, err := a.Text(name)
		require.NoError(t, err)
		require.Equal(t, data, text)
		r, size, err := a.Member(name)
		require.NoError(t, err)
		got, err := io.ReadAll(io.NewSectionReader(r, 8, size-8))
		require.NoError(t, err)
		require.Equal(t, data[8:], got)
	}
	_, err = a.Text("other")
	require.EqualError(t, err, path+": got a zip archive without other, want the file that the framework wrote")
}

// TestHostileArchives wants one line, and little memory, for archives that lie.
func TestHostileArchives(t *testing.T) {
	good := func(method uint16, data []byte) []byte {
		text, err := os.ReadFile(archive(t, func(w *zip.Writer) { member(t, w, "m", method, data) }))
		require.NoError(t, err)
		return text
	}
	// Sizes and flags stand in the directory at the end: behind its signature at 8 the flags, at 10 the method,
	// at 20 the packed size and at 24 the size.
	lie := func(text []byte, at int, value uint32, bytes int) string {
		i := lastDirectory(text) + at
		var raw [4]byte
		binary.LittleEndian.PutUint32(raw[:], value)
		copy(text[i:i+bytes], raw[:])
		return archiveOf(t, text)
	}
	stored := bytes.Repeat([]byte("x"), 100)
	damaged := good(zip.Store, stored)
	damaged[40] ^= 1 // inside the data
	for name, row := range map[string]struct{ path, want string }{
		"two of a name": {archive(t, func(w *zip.Writer) {
			member(t, w, "m", zip.Store, stored)
			member(t, w, "m", zip.Store, []byte("other"))
		}), "m: got two of that name, want one"},
		"damaged":    {archiveOf(t, damaged), "m: checksum: got "},
		"size":       {lie(good(zip.Store, stored), 24, 1<<31, 4), "m: got 2147483648 bytes stored as 100"},
		"both sizes": {lie(good(zip.Store, stored), 20, 1<<31, 4), "m: got 100 bytes stored as 2147483648"},
		"expansion":  {lie(good(zip.Deflate, stored), 24, 1<<28, 4), "want at most 1032 times as many"},
		"beyond":     {lie(good(zip.Deflate, stored), 24, 1<<30, 4), "m: got 1073741824 bytes, want at most"},
		"encrypted":  {lie(good(zip.Store, stored), 8, 1, 2), "m: it is encrypted, want a file without a password"},
		"method": {
			lie(good(zip.Deflate, stored), 10, 14, 2), "m: compression: got method 14, want none or deflate",
		},
		"too short":  {lie(good(zip.Deflate, stored), 24, 50, 4), "m: it is damaged: "},
		"no archive": {archiveOf(t, []byte("PK\x03\x04")), "got a damaged zip archive: not a valid zip file"},
		"cut":        {archiveOf(t, good(zip.Store, stored)[:120]), "got a damaged zip archive"},
		"many":       {many(t), "members: got 10001, want at most 10000"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := build.OpenArchive(row.path)
			if err == nil {
				defer a.Close()
				_, _, err = a.Member("m")
			}
			require.ErrorContains(t, err, row.path+": ")
			require.ErrorContains(t, err, row.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func lastDirectory(text []byte) int { return bytes.LastIndex(text, []byte("PK\x01\x02")) }

func many(t testing.TB) string {
	return archive(t, func(w *zip.Writer) {
		for range 10_001 {
			member(t, w, "m", zip.Store, nil)
		}
	})
}

// FuzzArchive wants errors and no panic, and no more memory than the bounds, whatever the bytes.
func FuzzArchive(f *testing.F) {
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		data, err := os.ReadFile(archive(f, func(w *zip.Writer) { member(f, w, "m", method, []byte("weights")) }))
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := build.NewArchive("m.keras", bytes.NewReader(data), int64(len(data))) // no disk, for speed
		if err != nil {
			return
		}
		_, _ = a.Text("m")
		if r, size, err := a.Member("m"); err == nil {
			_, err := io.ReadAll(io.NewSectionReader(r, 0, size))
			require.NoError(t, err)
		}
	})
}
