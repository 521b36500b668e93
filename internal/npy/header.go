package npy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"regexp"
	"strconv"
	"strings"

	"github.com/sbinet/npyio/npy"
)

// Magic is how a .npy file begins.
const Magic = "\x93NUMPY"

const (
	maxHeader  = 1 << 20 // bytes of the text that describes an array
	maxRank    = 32      // numpy's own bound
	maxElement = 1 << 62
)

// A header is what a .npy file says about its array.
type header struct {
	dtype   DType
	order   binary.ByteOrder
	fortran bool // the first index is the fastest in the file
	shape   []int
	rows    int
	rowLen  int
}

// readHeader reads from r up to the first byte of the payload.
func readHeader(r io.Reader) (*header, error) {
	text, err := headerBytes(r)
	if err != nil {
		return nil, err
	}
	parsed, err := parseHeader(text)
	if err != nil {
		return nil, err
	}
	h := &header{fortran: parsed.Descr.Fortran, shape: parsed.Descr.Shape}
	if err := h.setType(parsed.Descr.Type); err != nil {
		return nil, err
	}
	return h, h.setShape()
}

// headerBytes reads magic, version, length and the text of that length. Version 3, which only widens the
// character set, is handed on as version 2, which npyio knows.
func headerBytes(r io.Reader) ([]byte, error) {
	b := make([]byte, len(Magic)+2, 128)
	if n, err := io.ReadFull(r, b); err != nil || string(b[:len(Magic)]) != Magic {
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return nil, err
		}
		return nil, fmt.Errorf("not a .npy file: got %q at its start, want %q", b[:n], Magic)
	}
	// Version 1 has a length of two bytes; wide structured types made it too short, hence version 2. Version
	// 3 is 2 with UTF-8 in the text (the numpy.lib.format page of numpy's reference).
	width := 4
	switch major := b[len(Magic)]; major {
	case 1:
		width = 2
	case 2:
	case 3:
		b[len(Magic)] = 2
	default:
		return nil, fmt.Errorf("version of the format: got %d, want 1, 2 or 3", major)
	}
	var length [4]byte
	if _, err := io.ReadFull(r, length[:width]); err != nil {
		return nil, fmt.Errorf("length of the header: %w", cut(err))
	}
	n := binary.LittleEndian.Uint32(length[:])
	if n > maxHeader {
		return nil, fmt.Errorf("length of the header: got %d, want at most %d", n, maxHeader)
	}
	// ReadAll grows with what comes; a make of n bytes would trust the length.
	text, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && len(text) < int(n) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("header: got %d bytes, want %d: %w", len(text), n, err)
	}
	return append(append(b, length[:width]...), text...), nil
}

// cut turns an end of file where more was due into an error that says so.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// parseHeader lets npyio parse a header, which panics on some malformed ones.
func parseHeader(text []byte) (h npy.Header, err error) {
	bad := func(reason string) error {
		return fmt.Errorf("header: got %.200q (%s), want a dictionary with descr, fortran_order and shape, "+
			"as numpy.save writes it", text, reason)
	}
	defer func() {
		if p := recover(); p != nil {
			err = bad("malformed")
		}
	}()
	plain, ok := canonical(text)
	if !ok {
		return h, bad("malformed")
	}
	r, err := npy.NewReader(bytes.NewReader(plain))
	if err != nil {
		if strings.Contains(err.Error(), "strconv.") { // npyio hands on what it used to read the shape
			return h, bad("a length that is no number, or too large")
		}
		return h, bad(shown(strings.TrimPrefix(err.Error(), "npy: ")))
	}
	return r.Header, nil
}

// The values of a header's dictionary, in the forms that Python reads.
var (
	descrValue   = regexp.MustCompile(`['"]descr['"]\s*:\s*('[^']*'|"[^"]*"|\[.*\])`)
	fortranValue = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(\w+)`)
	shapeValue   = regexp.MustCompile(`['"]shape['"]\s*:\s*(\([^()]*\))`)
)

// canonical writes a header as numpy does. npyio finds values by the places that they have there, and takes
// another dimension where a comma is missing; what writes other orders of keys, or no comma behind the last,
// or Python 2's long numbers, is right all the same.
func canonical(text []byte) ([]byte, bool) {
	begin := len(Magic) + 2 // of the length
	var values []any
	for _, form := range []*regexp.Regexp{descrValue, fortranValue, shapeValue} {
		m := form.FindSubmatch(text[begin:])
		if m == nil {
			return nil, false
		}
		values = append(values, m[1])
	}
	values[0] = bytes.ReplaceAll(values[0].([]byte), []byte(`"`), []byte("'"))
	values[2] = bytes.ReplaceAll(values[2].([]byte), []byte("L"), nil)
	body := fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n", values...)
	out := bytes.Clone(text[:begin])
	if text[len(Magic)] == 1 {
		out = binary.LittleEndian.AppendUint16(out, uint16(len(body)))
	} else {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
	}
	return append(out, body...), true
}

// longestShown is how many bytes of a text of the file messages hold.
const longestShown = 200

// shown makes a text with parts of the file fit for one line of a message, without quotes of its own.
func shown(s string) string {
	q := strconv.Quote(s[:min(len(s), longestShown)])
	return q[1 : len(q)-1]
}

// setType accepts the types of DType, of either byte order.
func (h *header) setType(descr string) error {
	h.order = binary.LittleEndian
	if strings.HasPrefix(descr, ">") {
		h.order = binary.BigEndian
	}
	// "<" little-endian, ">" big-endian, "|" for one byte, "=" as the machine that wrote it, which is taken
	// for little-endian: numpy.save itself never writes "=".
	for d, t := range dtypes {
		if strings.TrimLeft(descr, "<>=|") == t.code {
			h.dtype = DType(d)
			return nil
		}
	}
	return typeError(dtypeName(descr))
}

func typeError(name string) error {
	return fmt.Errorf("dtype: got %s, want float32 or float64 (in Python: "+
		`numpy.save("X.npy", X.astype("float32")))`, name)
}

// dtypeName gives numpy's name for the code of a type that cannot be read, such as <c8.
func dtypeName(descr string) string {
	kinds := map[byte]string{'f': "float", 'c': "complex"}
	code := strings.TrimLeft(descr, "<>=|")
	switch {
	case code == "O":
		return "object"
	case len(code) < 2 || strings.ContainsAny(code, "()', "):
		return fmt.Sprintf("%.40q", descr)
	}
	var size int
	if kind, ok := kinds[code[0]]; ok {
		if n, err := fmt.Sscanf(code[1:], "%d", &size); n == 1 && err == nil && size <= 64 {
			return fmt.Sprintf("%s%d", kind, 8*size)
		}
	}
	return fmt.Sprintf("%.40q", descr)
}

// setShape derives rows and row length. A single number is one row of one element.
func (h *header) setShape() error {
	if len(h.shape) > maxRank {
		return fmt.Errorf("shape: got %d dimensions, want at most %d", len(h.shape), maxRank)
	}
	h.rows, h.rowLen = 1, 1
	total := uint64(h.dtype.Size())
	for i, n := range h.shape {
		if n < 0 {
			return fmt.Errorf("shape: got %v, want no negative length", h.shape)
		}
		// A zero counts as one here, so that (0, 2^40, 2^40) is refused as well: rowLen is a product too, and
		// must not wrap although there are no rows.
		hi, lo := bits.Mul64(total, uint64(max(1, n)))
		if hi != 0 || lo > maxElement {
			return fmt.Errorf("shape: got %v, more than 2^62 bytes", h.shape)
		}
		total = lo
		if i == 0 {
			h.rows = n
		} else {
			h.rowLen *= n
		}
	}
	return nil
}

// rowBytes is the stored size of a row, and bytes that of the array.
func (h *header) rowBytes() int { return h.rowLen * h.dtype.Size() }
func (h *header) bytes() int64  { return int64(h.rows) * int64(h.rowBytes()) }
