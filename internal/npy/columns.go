package npy

import (
	"fmt"
	"io"
	"os"
)

// In Fortran order the elements of a row are as far apart as there are rows. A file is read in parts of some
// rows, for each of which a piece of every column is read; a stream has to be held.

// columns is a part of an array in Fortran order: some rows, column by column.
type columns struct {
	first, rows int // the rows that it has
	data        []byte
}

// gatherRows collects want rows from data in Fortran order.
func gatherRows[T Float](r *Reader, dst []T, want int) (rows int, err error) {
	if r.payload == nil {
		if err := r.hold(); err != nil {
			return 0, err
		}
	}
	for p := &r.part; rows < want; {
		next := r.next + rows
		if next >= p.first+p.rows {
			if err := r.readPart(next); err != nil {
				return rows, err
			}
		}
		n := min(want-rows, p.first+p.rows-next)
		takeRows(r, dst[rows*r.header.rowLen:], next-p.first, n)
		rows += n
	}
	return rows, nil
}

// takeRows puts n rows of the part at hand into dst, from its row `from` on.
func takeRows[T Float](r *Reader, dst []T, from, n int) {
	size, length := r.header.dtype.Size(), r.header.rowLen
	values, at := make([]T, n), make([]int, len(r.header.shape))
	for i := range length {
		start := (r.column(at)*r.part.rows + from) * size
		decode(values, r.part.data[start:start+n*size], r.header.dtype, r.header.order)
		for row, v := range values {
			dst[row*length+i] = v
		}
	}
}

// column is the number of the column at an index within a row, which moves on to the next in C order; the
// first index stays 0. In the file the second index is the fastest.
func (r *Reader) column(at []int) int {
	shape, c := r.header.shape, 0
	for d := len(shape) - 1; d > 0; d-- {
		c = c*shape[d] + at[d]
	}
	for d := len(shape) - 1; d > 0; d-- {
		if at[d]++; at[d] < shape[d] {
			break
		}
		at[d] = 0
	}
	return c
}

// readPart reads the part that begins with a row.
func (r *Reader) readPart(first int) error {
	h, p := r.header, &r.part
	p.first, p.rows = first, min(max(columnBytes/h.rowBytes(), 1), h.rows-first)
	size := h.dtype.Size()
	if n := p.rows * h.rowBytes(); cap(p.data) < n {
		p.data = make([]byte, n) // no more than the file has
	} else {
		p.data = p.data[:n]
	}
	length, pieces := p.rows*size, h.rowLen
	if p.rows == h.rows { // columns lie one after another
		length, pieces = len(p.data), 1
	}
	for c := range pieces {
		piece := p.data[c*length:][:length]
		if n, err := r.payload.ReadAt(piece, int64(c*h.rows+p.first)*int64(size)); n < len(piece) {
			p.rows = 0
			if err == io.EOF {
				return r.sizeError("fewer")
			}
			return err
		}
	}
	return nil
}

// openColumns looks whether the payload behind a header of that many bytes can be read anywhere; what cannot
// is to be held.
func (r *Reader) openColumns(from io.Reader, header int64) error {
	all := r.header.bytes()
	if file, ok := from.(*os.File); ok && regular(file) {
		r.payload = io.NewSectionReader(file, header, all)
		return nil
	}
	if all > maxFortran {
		return r.wrap(fmt.Errorf("order: got %d bytes in Fortran order, want at most %d of a stream, a file, or C "+
			`order (in Python: numpy.save("X.npy", numpy.ascontiguousarray(X)))`, all, maxFortran))
	}
	return nil
}

func regular(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

// hold reads the stream to its end.
func (r *Reader) hold() error {
	all := r.header.bytes()
	var h held
	for left := all; left > 0; {
		// A piece is made when all before it were there: the header is not believed.
		piece := make([]byte, min(left, pieceBytes))
		if n, err := io.ReadFull(r.r, piece); err != nil {
			return r.short(int(all-left)+n, err)
		}
		h, left = append(h, piece), left-int64(len(piece))
	}
	r.payload = h
	return nil
}

// held is a stream in memory. In pieces: one slice that grows would have it twice.
type held [][]byte

const pieceBytes = 1 << 20

// ReadAt implements io.ReaderAt.
func (h held) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		i := int((off + int64(n)) / pieceBytes)
		if i >= len(h) {
			return n, io.EOF
		}
		n += copy(p[n:], h[i][(off+int64(n))%pieceBytes:])
	}
	return n, nil
}
