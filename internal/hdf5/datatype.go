package hdf5

import (
	"encoding/binary"
	"fmt"
)

// A Class is the kind of a datatype.
type Class int

// The classes that can be read are Integer, Float, String, VarString and Enum; Bool is an Enum of FALSE = 0
// and TRUE = 1, as h5py writes it.
const (
	Integer Class = iota
	Float
	String    // fixed length
	VarString // variable length
	Enum
	Bool
	Time
	Bitfield
	Opaque
	Compound
	Reference
	VarSequence
	Array
	Complex
)

var classNames = [...]string{"integer", "float", "string", "variable-length string", "enum", "bool", "time",
	"bitfield", "opaque", "compound", "reference", "variable-length sequence", "array", "complex"}

// String returns the class's name in messages.
func (c Class) String() string { return classNames[c] }

// A Type describes the elements of a dataset or an attribute.
type Type struct {
	Class     Class
	Size      int  // bytes of a stored element
	Signed    bool // integers, and the integers below enumerations
	BigEndian bool
	BFloat    bool     // a 16-bit float of 8 exponent bits
	Members   []string // names of an enumeration's values, in file order

	padding int     // of strings: 0 zero-terminated, 1 zero-padded, 2 space-padded
	values  []int64 // of Members
}

// String names the type as numpy does where numpy has it: float32, uint8, bool.
func (t Type) String() string {
	switch t.Class {
	case Integer, Float, Enum:
		return t.number()
	case String:
		return fmt.Sprintf("string of %d bytes", t.Size)
	case Opaque, Compound, Bitfield, Time, Complex, Array:
		return fmt.Sprintf("%s of %d bytes", t.Class, t.Size)
	}
	return t.Class.String()
}

func (t Type) number() string {
	name := "int"
	switch {
	case t.Class == Float && t.BFloat:
		name = "bfloat"
	case t.Class == Float:
		name = "float"
	case !t.Signed:
		name = "uint"
	}
	name = fmt.Sprintf("%s%d", name, 8*t.Size)
	if t.BigEndian {
		name += " big-endian"
	}
	if t.Class == Enum {
		name = "enum of " + name
	}
	return name
}

func (t Type) order() binary.ByteOrder {
	if t.BigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// parseType reads a datatype message. Types that cannot be read get a class and a size, no more.
// The type of an array that nobody reads must not keep the file from being opened: h5py writes compound and
// reference types for dimension scales beside the weights that are wanted.
func parseType(c *cursor) (Type, error) {
	head := c.u8()
	version, class := head>>4, head&15
	if c.err == nil && (version < 1 || version > 5) {
		c.fail("version: got %d, want 1 to 5", version)
	}
	flags := int(c.uint(3))
	size := c.u32()
	t := Type{Size: int(size)}
	if c.err == nil && (size == 0 || size > 1<<31-1) {
		c.fail("size: got %d, want 1 to 2147483647", size)
	}
	switch class {
	case 0:
		t.parseInteger(c, flags)
	case 1:
		t.parseFloat(c, flags)
	case 3:
		t.Class, t.padding = String, flags&15
	case 8:
		t.parseEnum(c, version, flags&0xffff)
	case 9:
		t.Class, t.padding = VarSequence, flags>>4&15
		// The class covers strings and sequences; the low bits tell which (section IV.A.2.d, class 9).
		if flags&15 == 1 {
			t.Class = VarString
		}
	default:
		t.parseOther(c, class)
	}
	// What is stored is a reference: a length of four bytes, the address of a global heap collection, and an
	// index of four bytes.
	if c.err == nil && t.Class == VarString && t.Size != 8+c.f.offsetSize {
		c.fail("size of a variable-length string: got %d, want %d", t.Size, 8+c.f.offsetSize)
	}
	if c.err == nil && t.padding > 2 {
		c.fail("string padding: got %d, want 0, 1 or 2", t.padding)
	}
	return t, c.err
}

// parseOther names the classes that are not supported.
func (t *Type) parseOther(c *cursor, class int) {
	classes := map[int]Class{
		2: Time, 4: Bitfield, 5: Opaque, 6: Compound, 7: Reference, 10: Array, 11: Complex,
	}
	var known bool
	if t.Class, known = classes[class]; !known {
		c.fail("class: got %d, want 0 to 11", class)
	}
}

func (t *Type) parseInteger(c *cursor, flags int) {
	t.Class, t.BigEndian, t.Signed = Integer, flags&1 != 0, flags&8 != 0
	offset, precision := c.u16(), c.u16()
	if c.err != nil {
		return
	}
	// Integers may have padding bits at either end, of any value. No framework writes them, and a reader that
	// ignored the offset would return other numbers than the library does.
	if offset != 0 || precision != 8*t.Size || t.Size != 1 && t.Size != 2 && t.Size != 4 && t.Size != 8 {
		c.fail("integer of %d bits at bit %d of %d bytes: not supported, want 8, 16, 32 or 64 bits that fill "+
			"their bytes", precision, offset, t.Size)
	}
}

// A floatLayout is how a float's bits are divided.
type floatLayout struct {
	size, precision, sign, expAt, expBits, fracBits int
	bias                                            uint32
}

// The format can describe any division, and the order of bytes alone is read freely. What is none of these is
// refused by its numbers, since a wrong guess gives plausible weights.
var floatLayouts = [...]floatLayout{
	{2, 16, 15, 10, 5, 10, 15},
	{2, 16, 15, 7, 8, 7, 127}, // bfloat16
	{4, 32, 31, 23, 8, 23, 127},
	{8, 64, 63, 52, 11, 52, 1023},
}

func (t *Type) parseFloat(c *cursor, flags int) {
	t.Class, t.BigEndian, t.Signed = Float, flags&1 != 0, true
	offset := c.u16()
	got := floatLayout{size: t.Size, sign: flags >> 8 & 0xff}
	got.precision = c.u16()
	got.expAt, got.expBits = c.u8(), c.u8()
	fracAt := c.u8()
	got.fracBits, got.bias = c.u8(), c.u32()
	// Whether the leading one of the fraction is stored, always set and stored, or implied, as IEEE 754 has
	// it.
	impliedOne := flags>>4&3 == 2
	for _, known := range floatLayouts {
		if got == known && offset == 0 && fracAt == 0 && impliedOne && flags&0x40 == 0 {
			t.BFloat = known.size == 2 && known.expBits == 8
			return
		}
	}
	c.fail("float of %d bits with %d exponent bits: not supported, want IEEE 754 of 16, 32 or 64 bits, or "+
		"bfloat16", got.precision, got.expBits)
}

// parseEnum reads an enumeration of n members: its integer type, the members' names, then their values.
func (t *Type) parseEnum(c *cursor, version, n int) {
	base, err := parseType(c)
	if c.err = err; err != nil {
		return
	}
	if base.Class != Integer || base.Size != t.Size {
		c.fail("an enumeration of %d bytes over %s: want an integer of that size", t.Size, base)
		return
	}
	*t = base
	t.Class = Enum
	for range n {
		start := c.pos
		name := c.cstring()
		if version < 3 {
			// Until version 3 names were padded to multiples of eight bytes, their zero included.
			c.align(start, 8)
		}
		if c.err != nil {
			return
		}
		t.Members = append(t.Members, name)
	}
	t.values = make([]int64, len(t.Members))
	for i := range t.values {
		t.values[i] = t.integer(c.take(t.Size))
	}
	// numpy's bool has no class of its own in HDF5. h5py made this enumeration its sign, and reads it back
	// so.
	if n == 2 && t.Size == 1 && t.Members[0] == "FALSE" && t.Members[1] == "TRUE" &&
		t.values[0] == 0 && t.values[1] == 1 {
		t.Class = Bool
	}
}

// integer decodes one stored integer; unsigned 64-bit values come out as their bits.
// Byte by byte and not through encoding/binary, because enumerations may have any size up to eight bytes.
func (t Type) integer(b []byte) int64 {
	if len(b) < t.Size {
		return 0
	}
	var v uint64
	for i := range t.Size {
		at := i
		if !t.BigEndian {
			at = t.Size - 1 - i
		}
		v = v<<8 | uint64(b[at])
	}
	if shift := 64 - 8*t.Size; t.Signed {
		return int64(v<<shift) >> shift
	}
	return int64(v)
}

// A space is a dataspace: the extent of a dataset or an attribute.
type space struct {
	dims []int
	max  []uint64 // undefined where a dimension is unlimited
	null bool     // there are no elements, not even one
}

// parseSpace reads a dataspace message (section IV.A.2.b). Version 1 has no type byte: rank 0 is a scalar
// there, and nothing is null.
func parseSpace(c *cursor) (space, error) {
	var sp space
	version := c.version(1, 2)
	rank, flags := c.u8(), c.u8()
	if version == 1 {
		c.skip(5)
	} else {
		kind := c.u8()
		if c.err == nil && kind > 2 {
			c.fail("type: got %d, want 0 (scalar), 1 (simple) or 2 (null)", kind)
		}
		sp.null = kind == 2
	}
	if rank > maxRank {
		c.fail("rank: got %d, want at most %d", rank, maxRank)
	}
	for range rank {
		n := c.len()
		// Lengths are unsigned 64-bit numbers in the file and int in shapes. The bound also leaves room for a
		// sum.
		if n > 1<<62 {
			c.fail("dimension: got %d, want at most 2^62", n)
		}
		if c.err != nil {
			return sp, c.err
		}
		sp.dims = append(sp.dims, int(n))
	}
	for i := range rank {
		most := uint64(sp.dims[i])
		if flags&1 != 0 {
			// The maximum decides how the array indexes number chunks, so it has to make sense even for
			// readers.
			if most = c.unlimited(); most < uint64(sp.dims[i]) {
				c.fail("dimension %d: got %d, want at most its maximum of %d", i, sp.dims[i], most)
			}
		}
		sp.max = append(sp.max, most)
	}
	return sp, c.err
}

// unlimited reads a length whose largest value stands for no limit.
func (c *cursor) unlimited() uint64 {
	n := c.len()
	if c.f.lengthSize < 8 && n == 1<<(8*c.f.lengthSize)-1 {
		return undefined
	}
	return n
}

// count is the number of elements, and false when it does not fit 62 bits.
func (sp space) count() (uint64, bool) {
	if sp.null {
		return 0, true
	}
	dims := make([]uint64, len(sp.dims))
	for i, d := range sp.dims {
		dims[i] = uint64(d)
	}
	return product(dims...)
}

// product multiplies, and reports whether the result fits 62 bits. A zero factor makes it zero.
func product(factors ...uint64) (uint64, bool) {
	const limit = 1 << 62
	p, ok := uint64(1), true
	for _, f := range factors {
		// The zero may come after factors that do not fit: 2^40 x 2^40 x 0 is a valid, empty shape.
		if f == 0 {
			return 0, true
		}
		if f > limit/p {
			p, ok = 1, false
			continue
		}
		p *= f
	}
	return p, ok
}
