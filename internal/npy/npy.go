// Package npy reads and writes the files that hold samples: numpy's .npy and .npz, and hls4ml's .dat text.
//
// Samples are streamed: a reader holds one block of rows, a writer none, whatever the size of the data. A row
// is all that lies under one index of the first dimension. Headers are parsed by sbinet/npyio; payloads are
// read here, because npyio takes a truncated file for a whole one. Files are taken as hostile: no length in
// them is believed before the bytes are there.
package npy

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/internal/filekind"
	"github.com/hlsgo/hlsgo/internal/openfile"
)

// A DType is the type of the elements of an array.
type DType int

// The types that samples can have, and those that only OpenNumbers reads.
const (
	Float32 DType = iota
	Float64
	Bool
	Int8
	Int16
	Int32
	Int64
	Uint8
	Uint16
	Uint32
	Uint64
)

// dtypes gives code and name of each type.
var dtypes = [...]struct{ code, name string }{
	{"f4", "float32"}, {"f8", "float64"}, {"b1", "bool"},
	{"i1", "int8"}, {"i2", "int16"}, {"i4", "int32"}, {"i8", "int64"},
	{"u1", "uint8"}, {"u2", "uint16"}, {"u4", "uint32"}, {"u8", "uint64"},
}

// Size returns the bytes of an element.
func (d DType) Size() int { return int(dtypes[d].code[1] - '0') }

// String returns numpy's name of the type.
func (d DType) String() string { return dtypes[d].name }

// Floating reports whether the elements are floating-point numbers, as those of samples must be.
func (d DType) Floating() bool { return d <= Float64 }

// Float is what elements are in Go.
type Float interface{ float32 | float64 }

// dtypeOf returns the type that holds T.
func dtypeOf[T Float]() DType {
	var zero T
	if _, ok := any(zero).(float64); ok {
		return Float64
	}
	return Float32
}

// A Source is a stream of rows of equal length.
// Both precisions are in the interface, and not a type parameter, because a file's type is known only when it
// is open, while the caller has chosen the type to compute in.
type Source interface {
	// DType returns the type of the stored elements.
	DType() DType
	// Shape returns the lengths of the dimensions. The first is -1 when only the end of the data tells.
	Shape() []int
	// RowLen returns the number of elements of a row.
	RowLen() int
	// ReadRows32 reads whole rows into dst, as many as fit and are left, and returns their number. At the
	// end it is 0 and io.EOF. A float64 is rounded to nearest even, as by numpy's astype.
	ReadRows32(dst []float32) (rows int, err error)
	// ReadRows64 is ReadRows32 for float64. A float32 does not change, nor does a whole number up to 2^53.
	ReadRows64(dst []float64) (rows int, err error)
	// Close closes the underlying file, if the Source opened it.
	Close() error
}

// ReadRows reads whole rows into dst as Source.ReadRows32 and ReadRows64 do.
func ReadRows[T Float](s Source, dst []T) (rows int, err error) {
	switch dst := any(dst).(type) {
	case []float32:
		return s.ReadRows32(dst)
	case []float64:
		return s.ReadRows64(dst)
	}
	panic("BUG: ReadRows of a type that is no Float")
}

// OpenData opens the file of that name by its ending: .npy, or .dat, which is float32. What is no regular
// file and has neither ending, such as "-" for standard input, is .npy if it begins so, else .dat.
func OpenData(path string) (Source, error) { return openData(path, false) }

// OpenNumbers is OpenData for what need not be floating point: whole numbers of every size, and truth values
// as 0 and 1.
func OpenNumbers(path string) (Source, error) { return openData(path, true) }

func openData(path string, whole bool) (Source, error) {
	ending := strings.ToLower(filepath.Ext(path))
	if !slices.Contains([]string{".npy", ".dat", ".txt"}, ending) && !nameless(path) {
		return nil, fmt.Errorf("data %q: the name's ending tells the format: got %q, want .npy or .dat", path,
			filepath.Ext(path))
	}
	s, err := openAs(path, ending, whole)
	if err != nil {
		return nil, filekind.Explain(path, wanted(ending), err)
	}
	return s, nil
}

// openAs opens data in the format that an ending stands for, or that its first bytes tell.
func openAs(path, ending string, whole bool) (s Source, err error) {
	file, info, err := openfile.Data(path)
	if err != nil {
		return nil, err
	}
	switch ending {
	case ".npy":
		s, err = openNPY(file, info, path, whole)
	case ".dat", ".txt":
		s, err = openDat(file, path, file)
	default:
		s, err = openStream(file, path, whole)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

// wanted is what an ending promises, in the words of filekind.
func wanted(ending string) string {
	if ending == ".npy" {
		return "a .npy file"
	}
	return "numbers as text"
}

// nameless reports whether the name is not one that somebody gave to data: that of a stream, or of whatever a
// shell has put behind /dev/stdin.
func nameless(path string) bool {
	info, err := os.Stat(path)
	return path == "-" || strings.HasPrefix(path, "/dev/") || err == nil && !info.Mode().IsRegular()
}

// openStream finds the format by the first bytes.
func openStream(file *os.File, path string, whole bool) (Source, error) {
	r := bufio.NewReaderSize(file, 1<<16)
	if begin, _ := r.Peek(len(Magic)); string(begin) == Magic {
		return open(r, -1, path, file, whole)
	}
	return openDat(r, path, file)
}

// ReadAll reads all rows that are left in s, which must not be more than a test or a weight would hold: it
// grows with what is really there.
func ReadAll[T Float](s Source) ([]T, error) {
	length := s.RowLen()
	// Rows without elements: nothing to store, but the end of the data is still to be looked at.
	if length == 0 {
		_, err := ReadRows[T](s, nil)
		return nil, notEOF(err)
	}
	block := make([]T, max(1, blockBytes/dtypeOf[T]().Size()/length)*length)
	var out []T
	for {
		n, err := ReadRows(s, block)
		out = append(out, block[:n*length]...)
		if err != nil {
			return out, notEOF(err)
		}
	}
}

func notEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
