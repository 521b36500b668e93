package npy

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/hlsgo/hlsgo/internal/openfile"
)

// A DatReader reads hls4ml's text format: one sample per line, numbers separated by blanks. Empty lines are
// skipped, as is what follows a "#". Each number is read as a double and then rounded to float32, as the
// generated test bench does with atof.
type DatReader struct {
	r      *bufio.Reader
	name   string
	closer io.Closer
	line   int       // number of the line read last, from 1
	width  int       // numbers in each line
	row    []float32 // the row read ahead
	err    error     // why there is no row; it stays
	token  []byte
}

// maxToken bounds the characters of a number.
// The shortest text that tells a double exactly has 24; numpy.savetxt writes 25. What is longer is not this
// format, and without a bound a binary file would be collected as one number.
const maxToken = 128

// OpenDatReader reads the first sample from r, which tells the length of all.
func OpenDatReader(r io.Reader) (*DatReader, error) { return openDat(r, "", nil) }

// OpenDat opens the .dat file of that name.
func OpenDat(path string) (*DatReader, error) {
	file, _, err := openfile.Data(path)
	if err != nil {
		return nil, err
	}
	d, err := openDat(file, path, file)
	if err != nil {
		file.Close()
		return nil, err
	}
	return d, nil
}

// The format has no header: the first line stands in for it.
func openDat(r io.Reader, name string, closer io.Closer) (*DatReader, error) {
	d := &DatReader{r: bufio.NewReaderSize(r, 1<<16), name: name, closer: closer}
	d.readRow()
	d.width = len(d.row)
	if d.err == io.EOF {
		d.err = d.errorf("got no samples, want at least one line of numbers")
	}
	if d.err != nil {
		return nil, d.err
	}
	return d, nil
}

// errorf makes an error that names the file and the current line.
func (d *DatReader) errorf(format string, args ...any) error {
	name := d.name
	if name == "" {
		name = ".dat"
	}
	return fmt.Errorf("%s: line %d: %w", name, d.line, fmt.Errorf(format, args...))
}

// DType returns Float32.
func (d *DatReader) DType() DType { return Float32 }

// Shape returns -1 and the numbers of a line: only the end of the text tells how many lines there are.
func (d *DatReader) Shape() []int { return []int{-1, d.width} }

// RowLen returns the numbers of a line.
func (d *DatReader) RowLen() int { return d.width }

// Close closes the file that OpenDat opened.
func (d *DatReader) Close() error {
	if d.closer == nil {
		return nil
	}
	return d.closer.Close()
}

// ReadRows32 implements Source.
func (d *DatReader) ReadRows32(dst []float32) (int, error) { return readLines(d, dst) }

// ReadRows64 implements Source.
func (d *DatReader) ReadRows64(dst []float64) (int, error) { return readLines(d, dst) }

func readLines[T Float](d *DatReader, dst []T) (rows int, err error) {
	if d.err == nil && len(dst) < d.width {
		panic(fmt.Sprintf("BUG: ReadRows into %d elements, want at least a row of %d", len(dst), d.width))
	}
	for d.err == nil && len(dst) >= d.width {
		for i, v := range d.row {
			dst[i] = T(v)
		}
		dst = dst[d.width:]
		rows++
		d.readRow()
	}
	if d.err == io.EOF && rows > 0 {
		return rows, nil
	}
	return rows, d.err
}

// readRow reads the next line that has numbers into d.row, or sets d.err.
// One row is read ahead, because the end of the data shows only at the next line, and a source must not
// return a row together with an error that belongs behind it.
func (d *DatReader) readRow() {
	d.row = d.row[:0]
	for d.err == nil && len(d.row) == 0 {
		d.line++
		d.err = d.readLine()
	}
	if d.err == io.EOF && len(d.row) > 0 {
		d.err = nil // the last line has no newline; the next read ends again
	}
	if d.err == nil && d.width > 0 && len(d.row) != d.width {
		d.err = d.errorf("got %d numbers, want %d as in the first sample", len(d.row), d.width)
	}
}

// readLine appends the numbers of one line to d.row.
// Byte by byte through a buffered reader and not by lines: a line of a large sample has megabytes.
func (d *DatReader) readLine() error {
	comment := false
	for {
		c, err := d.r.ReadByte()
		if err != nil && err != io.EOF {
			return d.errorf("%w", err)
		}
		if err == nil && c != '\n' && (comment || c == '#') {
			if err := d.endNumber(); err != nil {
				return err
			}
			comment = true
			continue
		}
		if err == nil && !isBlank(c) && c != '\n' {
			if d.token = append(d.token, c); len(d.token) > maxToken {
				return d.errorf("got %.20q..., want numbers of at most %d characters", d.token, maxToken)
			}
			continue
		}
		if err := d.endNumber(); err != nil {
			return err
		}
		if err != nil || c == '\n' {
			return err
		}
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' }

// endNumber parses the number collected in d.token, if any.
func (d *DatReader) endNumber() error {
	if len(d.token) == 0 {
		return nil
	}
	// To a double first, then to float32. Parsing as float32 at once would round once where atof and the
	// assignment to a float round twice, and differ in rare cases.
	v, err := strconv.ParseFloat(string(d.token), 64)
	single := float32(v)
	switch {
	case errors.Is(err, strconv.ErrRange) || math.IsInf(float64(single), 0) && !math.IsInf(v, 0):
		return d.errorf("got %q, which is beyond the range of a float32", d.token)
	case bytes.ContainsAny(d.token, ",;"):
		return d.errorf("got %q, want numbers separated by blanks only", d.token)
	case err != nil || bytes.ContainsAny(d.token, "xX_pP"): // Go's own ways to write numbers
		return d.errorf("got %q, want a number", d.token)
	}
	d.token = d.token[:0]
	d.row = append(d.row, single)
	return nil
}
