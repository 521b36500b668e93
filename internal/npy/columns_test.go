package npy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// fortran is a .npy file of the values 0, 1, 2, ... in C order, stored in Fortran order.
func fortran(order binary.ByteOrder, shape ...int) []byte {
	size := 1
	for _, d := range shape {
		size *= d
	}
	code := map[bool]string{true: ">f4", false: "<f4"}[order == binary.BigEndian]
	data := make([]byte, 4*size)
	for i := range size {
		at, rest, stride := 0, i, size
		for k, below := 0, 1; k < len(shape); k++ {
			stride /= shape[k]
			at += rest / stride * below
			rest, below = rest%stride, below*shape[k]
		}
		order.PutUint32(data[4*at:], math.Float32bits(float32(i)))
	}
	var dims string
	for _, d := range shape {
		dims += fmt.Sprintf("%d, ", d)
	}
	head := fmt.Sprintf("{'descr': '%s', 'fortran_order': True, 'shape': (%s), }\n", code, dims)
	b := append([]byte(Magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(head)))
	return append(append(b, head...), data...)
}

// TestFortran reads files and streams in blocks of every size, in both byte orders.
func TestFortran(t *testing.T) {
	defer func(n int) { columnBytes = n }(columnBytes)
	columnBytes = 1000 // less than a row of the last one
	for _, shape := range [][]int{{7, 3}, {5, 2, 3, 2}, {1, 9}, {9, 1}, {300, 11}, {30, 103}, {2, 20, 700}} {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			content := fortran(order, shape...)
			path := filepath.Join(t.TempDir(), "x.npy")
			require.NoError(t, os.WriteFile(path, content, 0o600))
			file, err := OpenData(path)
			require.NoError(t, err)
			stream, err := OpenReader(bytes.NewReader(content))
			require.NoError(t, err)
			for _, s := range []Source{file, stream} {
				block, at := make([]float32, s.RowLen()*(1+rand.IntN(shape[0]))), 0
				for at < len(content)/4-s.RowLen() {
					n, err := s.ReadRows32(block)
					if err != nil {
						break
					}
					for i, v := range block[:n*s.RowLen()] {
						if int(v) != at+i {
							t.Fatalf("shape %v: value %d: got %v", shape, at+i, v)
						}
					}
					at += n * s.RowLen()
				}
				require.Equal(t, (len(content)-bytes.IndexByte(content, '\n')-1)/4, at)
			}
			require.NoError(t, file.Close())
		}
	}
}

// TestFortranIsNotHeld reads a file of 600 MB, which has holes in the place of data, in little memory.
func TestFortranIsNotHeld(t *testing.T) {
	const rows, length = 150_000, 1000
	head := fmt.Sprintf("{'descr': '<f4', 'fortran_order': True, 'shape': (%d, %d), }\n", rows, length)
	b := binary.LittleEndian.AppendUint16(append([]byte(Magic), 1, 0), uint16(len(head)))
	b = append(b, head...)
	path := filepath.Join(t.TempDir(), "x.npy")
	require.NoError(t, os.WriteFile(path, b, 0o600))
	require.NoError(t, os.Truncate(path, int64(len(b))+4*rows*length))
	s, err := OpenData(path)
	require.NoError(t, err)
	defer s.Close()
	block := make([]float32, 256*length)
	n, err := s.ReadRows32(block)
	require.NoError(t, err)
	require.Equal(t, 256, n)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	require.Less(t, m.HeapInuse, uint64(60<<20+columnBytes))
}

// TestCutFortran finds the end of a file that became shorter behind the header, and of a stream.
func TestCutFortran(t *testing.T) {
	content := fortran(binary.LittleEndian, 7, 3)
	path := filepath.Join(t.TempDir(), "x.npy")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	s, err := OpenData(path)
	require.NoError(t, err)
	defer s.Close()
	require.NoError(t, os.Truncate(path, int64(len(content)-1)))
	_, err = s.ReadRows32(make([]float32, 21))
	require.ErrorContains(t, err, "data: got fewer bytes, want 84 for shape [7 3] of float32")
	r, err := OpenReader(bytes.NewReader(content[:len(content)-1]))
	require.NoError(t, err)
	_, err = r.ReadRows32(make([]float32, 21))
	require.ErrorContains(t, err, "data: got 83 bytes, want 84 for shape [7 3] of float32")
}
