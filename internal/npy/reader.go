package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"

	"github.com/hlsgo/hlsgo/internal/openfile"
)

const (
	blockBytes = 1 << 18 // read at once
	maxRow     = 1 << 26 // bytes of a row believed when the size of the file is not known
	// maxFortran bounds the arrays in Fortran order that come from a stream: they are held in memory as a
	// whole, since the elements of their first row are spread over all of it.
	maxFortran = 1 << 30
)

// columnBytes is how much of an array in Fortran order is read at once from a file; tests read less.
var columnBytes = 32 << 20

// A Reader reads the rows of one .npy array.
type Reader struct {
	r      io.Reader
	name   string // starts messages; may be empty
	closer io.Closer
	header *header
	next   int    // row to be read
	buf    []byte // of a block of rows
	err    error  // the first failure, or io.EOF; it stays

	// Of an array in Fortran order.
	payload io.ReaderAt // nil: a stream that has not been read yet
	part    columns
}

// OpenReader reads the header of a .npy file from r. Where the data end is found out while reading: too few,
// or bytes behind them, are an error of the last ReadRows.
func OpenReader(r io.Reader) (*Reader, error) { return open(r, -1, "", nil, false) }

// OpenSized is OpenReader for an r of size bytes, which are compared with the header at once.
func OpenSized(r io.Reader, size int64) (*Reader, error) { return open(r, size, "", nil, false) }

// OpenNumbersReader is OpenReader for what need not be floating point; see OpenNumbers.
func OpenNumbersReader(r io.Reader) (*Reader, error) { return open(r, -1, "", nil, true) }

// OpenNumbersSized is OpenNumbers for an r of size bytes that has the content of a .npy file.
func OpenNumbersSized(r io.Reader, size int64) (*Reader, error) { return open(r, size, "", nil, true) }

// Open opens the .npy file of that name.
func Open(path string) (*Reader, error) { return openFile(path, false) }

func openFile(path string, whole bool) (*Reader, error) {
	file, info, err := openfile.Data(path)
	if err != nil {
		return nil, err
	}
	r, err := openNPY(file, info, path, whole)
	if err != nil {
		file.Close()
		return nil, err
	}
	return r, nil
}

// openNPY begins with a file that has just been opened.
func openNPY(file *os.File, info fs.FileInfo, path string, whole bool) (*Reader, error) {
	if !info.Mode().IsRegular() {
		return open(file, -1, path, file, whole)
	}
	return open(file, info.Size(), path, file, whole)
}

// open reads the header from r, of which size bytes are left, or an unknown number if it is negative; whole
// allows numbers that are not floating point.
func open(r io.Reader, size int64, name string, closer io.Closer, whole bool) (*Reader, error) {
	out := &Reader{name: name, closer: closer}
	counted := &counter{r: r}
	out.r = counted
	var err error
	if out.header, err = readHeader(counted); err != nil {
		return nil, out.wrap(err)
	}
	if d := out.header.dtype; !whole && !d.Floating() {
		return nil, out.wrap(typeError(d.String()))
	}
	// More is as wrong as less: bytes behind the data are those of another array, or of a header that was
	// edited.
	if left := size - counted.n; size >= 0 && left != out.header.bytes() {
		return nil, out.wrap(out.sizeError(fmt.Sprint(left)))
	}
	// A caller allocates a row before it asks for one; in a file of known size the check above has covered
	// it.
	if size < 0 && out.header.rowBytes() > maxRow {
		return nil, out.wrap(fmt.Errorf("shape: got rows of %d bytes in a stream of unknown length, want at "+
			"most %d", out.header.rowBytes(), maxRow))
	}
	if out.columns() {
		if err := out.openColumns(r, counted.n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// A counter counts the bytes read from r.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// wrap names the file in an error.
func (r *Reader) wrap(err error) error {
	if r.name != "" {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	return fmt.Errorf(".npy: %w", err)
}

func (r *Reader) sizeError(got string) error {
	return fmt.Errorf("data: got %s bytes, want %d for shape %v of %s", got, r.header.bytes(), r.header.shape,
		r.header.dtype)
}

// columns reports whether the order of the file differs from C order.
// In one dimension both orders are the same, and numpy marks such arrays as either.
func (r *Reader) columns() bool { return r.header.fortran && len(r.header.shape) > 1 }

// DType returns the type of the stored elements.
func (r *Reader) DType() DType { return r.header.dtype }

// Shape returns the lengths of the dimensions, none for a single number.
func (r *Reader) Shape() []int { return slices.Clone(r.header.shape) }

// RowLen returns the number of elements of a row.
func (r *Reader) RowLen() int { return r.header.rowLen }

// Close closes the file that Open opened.
func (r *Reader) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// ReadRows32 implements Source. Rows are in C order whatever the order of the file.
func (r *Reader) ReadRows32(dst []float32) (int, error) { return readRows(r, dst) }

// ReadRows64 implements Source. Rows are in C order whatever the order of the file.
func (r *Reader) ReadRows64(dst []float64) (int, error) { return readRows(r, dst) }

func readRows[T Float](r *Reader, dst []T) (rows int, err error) {
	if r.err == nil && r.next == r.header.rows || r.header.rowLen == 0 {
		r.finish()
	}
	if r.err != nil {
		return 0, r.err
	}
	want := min(len(dst)/r.header.rowLen, r.header.rows-r.next)
	if want == 0 {
		panic(fmt.Sprintf("BUG: ReadRows into %d elements, want at least a row of %d", len(dst), r.header.rowLen))
	}
	if r.columns() {
		rows, err = gatherRows(r, dst, want)
	} else {
		rows, err = copyRows(r, dst, want)
	}
	if r.next += rows; err != nil {
		r.err = r.wrap(err)
	} else if r.next == r.header.rows {
		r.finish()
	}
	if r.err == io.EOF { // reported by the next call
		return rows, nil
	}
	return rows, r.err
}

// finish sets the end of the rows, which must be that of the data too.
// Reading one byte more than is there also lets a zip member verify its checksum.
func (r *Reader) finish() {
	if r.err != nil {
		return
	}
	if _, file := r.payload.(*io.SectionReader); file { // of the right size, and read elsewhere
		r.err = io.EOF
		return
	}
	var b [1]byte
	n, err := io.ReadFull(r.r, b[:])
	switch {
	case n > 0:
		r.err = r.wrap(r.sizeError("more"))
	case err != io.EOF:
		r.err = r.wrap(err)
	default:
		r.err = io.EOF
	}
}

// copyRows reads want rows that lie one after another.
func copyRows[T Float](r *Reader, dst []T, want int) (rows int, err error) {
	size := r.header.dtype.Size()
	if r.buf == nil {
		r.buf = make([]byte, blockBytes)
	}
	left := dst[:want*r.header.rowLen]
	done := 0
	for len(left) > 0 {
		b := r.buf[:min(len(left)*size, len(r.buf))]
		n, err := io.ReadFull(r.r, b)
		decode(left, b[:n], r.header.dtype, r.header.order)
		if err != nil {
			return (done + n/size) / r.header.rowLen, r.short(done*size+n, err)
		}
		left, done = left[n/size:], done+n/size
	}
	return want, nil
}

// short is the error of data that end too early, n bytes after the row r.next.
func (r *Reader) short(n int, err error) error {
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	return r.sizeError(fmt.Sprint(int64(r.next)*int64(r.header.rowBytes()) + int64(n)))
}

// decode turns the bytes of b into elements of dst.
// The switch is outside the loops: inside it costs as much as the conversion.
func decode[T Float](dst []T, b []byte, dtype DType, order binary.ByteOrder) {
	switch dtype {
	case Float32:
		for i := range len(b) / 4 {
			dst[i] = T(math.Float32frombits(order.Uint32(b[4*i:])))
		}
	case Float64:
		for i := range len(b) / 8 {
			dst[i] = T(math.Float64frombits(order.Uint64(b[8*i:])))
		}
	default:
		size := dtype.Size()
		for i := range len(b) / size {
			dst[i] = T(whole(b[size*i:][:size], dtype, order))
		}
	}
}

// whole is the number in the bytes of one element.
func whole(b []byte, dtype DType, order binary.ByteOrder) float64 {
	switch dtype {
	case Bool:
		return float64(min(b[0], 1))
	case Int8:
		return float64(int8(b[0]))
	case Int16:
		return float64(int16(order.Uint16(b)))
	case Int32:
		return float64(int32(order.Uint32(b)))
	case Int64:
		return float64(int64(order.Uint64(b)))
	case Uint8:
		return float64(b[0])
	case Uint16:
		return float64(order.Uint16(b))
	case Uint32:
		return float64(order.Uint32(b))
	}
	return float64(order.Uint64(b))
}
