package npy

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
)

// headerRoom is the number of digits kept free for the number of rows, which is known last.
// As many as the largest int64 has.
const headerRoom = 19

// headerFor returns the bytes before the payload of an array of rows of the given shape. Their number does
// not depend on rows, so that the header can be written anew when the rows have been counted.
func headerFor(dtype DType, rows int, rowShape []int) []byte {
	dims := strconv.Itoa(rows) + ","
	for i, n := range rowShape {
		dims += " " + strconv.Itoa(n)
		if i < len(rowShape)-1 {
			dims += ","
		}
	}
	// The text is a Python literal with a comma and blank behind the last key, and ends in a newline after
	// blanks; readers other than numpy are known to be picky about that.
	descr := fmt.Sprintf("{'descr': '<f%d', 'fortran_order': False, 'shape': (%s), }", dtype.Size(), dims)
	size := len(Magic) + 4 + len(descr) + headerRoom - len(strconv.Itoa(rows)) + 1
	size = (size + 63) &^ 63 // as numpy aligns the payload
	b := append([]byte(Magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(size-len(Magic)-4))
	b = append(b, descr...)
	b = append(b, strings.Repeat(" ", size-len(b)-1)...)
	return append(b, '\n')
}

// WriteArray writes a .npy array whose values are all there to anything that takes bytes. shape has at least
// one dimension, and as many elements as there are values.
func WriteArray[T Float](w io.Writer, shape []int, values []T) error {
	if _, err := w.Write(headerFor(dtypeOf[T](), shape[0], shape[1:])); err != nil {
		return err
	}
	return writeValues(w, &[]byte{}, values)
}

// writeValues writes values in pieces, so that the buffer of bytes stays in the cache.
func writeValues[T Float](w io.Writer, buf *[]byte, values []T) error {
	for len(values) > 0 {
		n := min(len(values), 4096)
		*buf = encode((*buf)[:0], values[:n])
		if _, err := w.Write(*buf); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// A rowWriter writes an array to a file: a header, rows, and in the end the header again with their number.
// The header comes first in the file and its number of rows is known last; since its length never changes, it
// is written twice in the same place.
type rowWriter[T Float] struct {
	name  string // starts messages
	file  io.WriteSeeker
	w     *bufio.Writer
	shape []int // of a row
	size  int   // elements of a row
	rows  int
	buf   []byte
}

func newRowWriter[T Float](name string, file io.WriteSeeker, rowShape []int) (*rowWriter[T], error) {
	w := &rowWriter[T]{name: name, file: file, shape: slices.Clone(rowShape), size: 1}
	for _, n := range rowShape {
		if n < 0 {
			panic(fmt.Sprintf("BUG: shape %v of a row", rowShape))
		}
		w.size *= n
	}
	w.w = bufio.NewWriterSize(file, 1<<16)
	_, err := w.w.Write(headerFor(dtypeOf[T](), 0, rowShape))
	return w, err
}

// WriteRows appends whole rows.
func (w *rowWriter[T]) WriteRows(rows []T) error {
	if w.size == 0 || len(rows)%w.size != 0 {
		panic(fmt.Sprintf("BUG: WriteRows of %d elements, want rows of %d", len(rows), w.size))
	}
	w.rows += len(rows) / w.size
	if err := writeValues(w.w, &w.buf, rows); err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	return nil
}

func encode[T Float](b []byte, values []T) []byte {
	switch values := any(values).(type) {
	case []float32:
		for _, v := range values {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	case []float64:
		for _, v := range values {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b
}

// finish writes the header with the number of rows.
func (w *rowWriter[T]) finish() error {
	if err := w.w.Flush(); err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	if _, err := w.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("%s: the number of rows is written last: want a file, not a pipe: %w", w.name, err)
	}
	_, err := w.file.Write(headerFor(dtypeOf[T](), w.rows, w.shape))
	return err
}

// A Writer writes a .npy file row by row. The file appears when Close succeeds.
type Writer[T Float] struct {
	*rowWriter[T]
	file  *atomicfile.File
	spool *spool // nil when the rows go straight to the file
}

// Create starts a .npy file of rows of the given shape; the number of rows is counted. What is no regular
// file, such as a pipe, gets all of it at the end. End it with Close, or Finish and a Commit of File, or
// Abort.
func Create[T Float](path string, rowShape ...int) (*Writer[T], error) {
	file, err := atomicfile.Create(path)
	if err != nil {
		return nil, err
	}
	w := &Writer[T]{file: file}
	to := io.WriteSeeker(file)
	if file.Direct() {
		if w.spool, err = newSpool(); err != nil {
			file.Abort()
			return nil, err
		}
		to = w.spool
	}
	if w.rowWriter, err = newRowWriter[T](path, to, rowShape); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// File is the file on its way, for atomicfile.CommitAll after Finish.
func (w *Writer[T]) File() *atomicfile.File { return w.file }

// Finish completes the content of the file, which has not got its name yet.
func (w *Writer[T]) Finish() error {
	err := w.finish()
	if err == nil && w.spool != nil {
		err = w.spool.copyTo(w.file)
	}
	if err != nil {
		w.Abort()
	}
	return err
}

// Close completes the file and gives it its name.
func (w *Writer[T]) Close() error {
	if err := w.Finish(); err != nil {
		return err
	}
	defer w.Abort()
	return w.file.Commit()
}

// Abort gives up; after Close it does nothing, so that it may be deferred.
func (w *Writer[T]) Abort() {
	w.file.Abort()
	if w.spool != nil {
		w.spool.remove()
	}
}

// A spool keeps what goes to a stream until the header is known, which stands first.
type spool struct {
	*os.File
	remove func()
}

func newSpool() (*spool, error) {
	dir, remove, err := atomicfile.TempDir(filepath.Join(os.TempDir(), "hlsgo-rows"))
	if err != nil {
		return nil, err
	}
	f, err := os.Create(filepath.Join(dir, "rows"))
	if err != nil {
		remove()
		return nil, err
	}
	return &spool{f, func() { f.Close(); remove() }}, nil
}

func (s *spool) copyTo(w io.Writer) error {
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.File)
	return err
}
