package hdf5

import (
	"bytes"
	"fmt"
	"slices"
)

// sparseLimit bounds the bytes of a dataset for which the file stores nothing but a fill value.
// It is a limit on what a file of a few hundred bytes can make its reader allocate. Weights that are all
// equal to the fill value, such as a bias that was never trained, are far smaller.
const sparseLimit = 4 << 20

// A Dataset is an array stored in the file.
type Dataset struct {
	node
	space space
	typ   Type
}

// dataset reads shape and type, and no data: opening all of a large file to look at its names should be
// quick.
func (s *scan) dataset(n node) (*Dataset, error) {
	c, err := n.header.open("dataspace message", msgDataspace)
	if err != nil {
		return nil, err
	}
	d := &Dataset{node: n}
	if d.space, err = parseSpace(c); err != nil {
		return nil, err
	}
	if c, err = n.header.open("datatype message", msgDatatype); err != nil {
		return nil, err
	}
	d.typ, err = parseType(c)
	return d, err
}

// Shape returns the lengths of the dataset's dimensions: none for a scalar.
func (d *Dataset) Shape() []int { return slices.Clone(d.space.dims) }

// Null reports whether the dataset has a type but no value at all (h5py's Empty).
func (d *Dataset) Null() bool { return d.space.null }

// Type returns the type of the dataset's elements.
func (d *Dataset) Type() Type { return d.typ }

// ReadFloat32 returns the values in C order. The type must be a float of at most 32 bits, so that no value
// changes.
// Frameworks compute with what they stored, and rounding a float64 here would change the weights without a
// word; who has float64 calls ReadFloat64.
func (d *Dataset) ReadFloat32() ([]float32, error) {
	if err := d.typ.wantFloat(4); err != nil {
		return nil, d.errorf("%w", err)
	}
	a, err := d.read(d.f.scan(d.path))
	if err != nil {
		return nil, err
	}
	return floats[float32](a), nil
}

// ReadFloat64 returns the values in C order. The type must be a float.
func (d *Dataset) ReadFloat64() ([]float64, error) {
	if err := d.typ.wantFloat(8); err != nil {
		return nil, d.errorf("%w", err)
	}
	a, err := d.read(d.f.scan(d.path))
	if err != nil {
		return nil, err
	}
	return floats[float64](a), nil
}

// ReadInt64 returns the values in C order. The type must be an integer, an enumeration or bool (0 and 1); a
// value above the largest int64 is an error.
func (d *Dataset) ReadInt64() ([]int64, error) {
	return readWhole(d, array.integers)
}

// ReadUint64 is ReadInt64 for values that may exceed the largest int64; a negative one is an error.
func (d *Dataset) ReadUint64() ([]uint64, error) {
	return readWhole(d, array.unsigned)
}

func readWhole[T int64 | uint64](d *Dataset, decode func(array) ([]T, error)) ([]T, error) {
	if err := d.typ.wantInteger(); err != nil {
		return nil, d.errorf("%w", err)
	}
	a, err := d.read(d.f.scan(d.path))
	if err != nil {
		return nil, err
	}
	out, err := decode(a)
	if err != nil {
		return nil, d.errorf("%w", err)
	}
	return out, nil
}

// ReadStrings returns the values in C order. The type must be a fixed or variable-length string.
func (d *Dataset) ReadStrings() ([]string, error) {
	if err := d.typ.wantString(); err != nil {
		return nil, d.errorf("%w", err)
	}
	s := d.f.scan(d.path)
	a, err := d.read(s)
	if err != nil {
		return nil, err
	}
	out, err := a.strings(s)
	return out, s.wrap(err)
}

// read reads the stored bytes of all elements.
func (d *Dataset) read(s *scan) (array, error) {
	a := array{typ: d.typ}
	count, ok := d.space.count()
	total, fits := product(count, uint64(d.typ.Size))
	if !ok || !fits {
		return a, d.errorf("shape %v of %s: has more than 2^62 bytes", d.space.dims, d.typ)
	}
	a.count = int(count)
	if total == 0 {
		return a, nil
	}
	var err error
	a.raw, err = d.stored(s, total)
	return a, s.wrap(err)
}

// stored reads total bytes according to the dataset's layout.
func (d *Dataset) stored(s *scan, total uint64) ([]byte, error) {
	// Weights in a second file beside this one: nobody who copies the .h5 alone would have them, and reading
	// files that a file names is no business of a reader of models.
	if d.header.find(msgExternal) != nil {
		return nil, fmt.Errorf("its data are in external files: not supported")
	}
	l, err := d.layout()
	if err != nil {
		return nil, err
	}
	switch l.class {
	case layoutCompact:
		// More than is wanted is no fault: writers may keep room, and the library does not mind.
		if uint64(len(l.compact)) < total {
			return nil, fmt.Errorf("compact data: got %d bytes, want %d", len(l.compact), total)
		}
		return l.compact[:total], nil
	case layoutContiguous:
		return d.contiguous(s, l, total)
	}
	return d.chunked(s, l, total)
}

func (d *Dataset) contiguous(s *scan, l *layout, total uint64) ([]byte, error) {
	// Space is allocated when data are first written ("late", the default for contiguous data).
	if l.addr == undefined {
		return d.filled(total, 0)
	}
	if l.size < total {
		return nil, fmt.Errorf("contiguous data: got %d bytes, want %d", l.size, total)
	}
	return s.read("contiguous data", l.addr, total)
}

// filled returns total bytes of fill values. stored is how many bytes the file holds for them to be
// overwritten with: what is neither stored nor small is not believed.
func (d *Dataset) filled(total, stored uint64) ([]byte, error) {
	if total > sparseLimit+maxExpansion*stored {
		return nil, fmt.Errorf("the dataset has %d bytes, of which the file stores only %d, filtered: want at "+
			"most %d times as many", total, stored, maxExpansion)
	}
	fill, err := d.fillValue()
	if err != nil {
		return nil, err
	}
	out := make([]byte, total)
	if bytes.Count(fill, []byte{0}) == len(fill) {
		return out, nil
	}
	// Each turn doubles what is there: a copy of the element at a time costs seconds for large datasets.
	for done := copy(out, fill); done < len(out); {
		done += copy(out[done:], out[:done])
	}
	return out, nil
}

// fillValue returns the bytes of one element that was never written, or nothing for zero.
func (d *Dataset) fillValue() ([]byte, error) {
	m := d.header.find(msgFill)
	if m == nil {
		return nil, nil
	}
	c := d.header.cursor("fill value message", m)
	defined := false
	// Version 3 packed the times and the flag into one byte (section IV.A.2.f).
	if version := c.version(1, 2, 3); version == 3 {
		defined = c.u8()&(1<<5) != 0
	} else {
		c.skip(2) // times of allocation and of filling
		defined = c.u8() != 0
	}
	if !defined {
		return nil, c.err
	}
	size := c.u32()
	if c.err == nil && size != 0 && int(size) != d.typ.Size {
		c.fail("size of the fill value: got %d, want %d", size, d.typ.Size)
	}
	return c.take(int(size)), c.err
}
