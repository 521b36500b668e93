package hdf5

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Bounds on the bytes read by one operation (open a group, list attributes, read a dataset), and by one
// File in its life. A well-formed file needs each byte once or twice per operation.
// Cycles are caught where they are met, but structures can also be shared so that the work multiplies without
// a circle: a thousand links to one large heap. The count of bytes catches what nobody thought of.
const (
	operationWork   = 64 << 10
	operationFactor = 4
	lifetimeWork    = 256 << 20
	lifetimeFactor  = 256
	readOverhead    = 32 // charged per read, so that empty reads are not free
)

// A scan is one operation on a File: it knows the object it is about, how much may still be read, and which
// addresses it has seen.
type scan struct {
	f    *File
	path string
	left int64
	seen map[uint64]bool
}

func (f *File) scan(path string) *scan {
	return &scan{f: f, path: path, left: operationWork + operationFactor*f.size, seen: map[uint64]bool{}}
}

// wrap names the file and the object in an error.
func (s *scan) wrap(err error) error {
	if err == nil {
		return nil
	}
	if s.f.name != "" {
		return fmt.Errorf("%s: HDF5 object %s: %w", s.f.name, quote(s.path), err)
	}
	return fmt.Errorf("HDF5 object %s: %w", quote(s.path), err)
}

// quote makes a name from a file fit for a one-line message.
func quote(name string) string {
	// Names of megabytes are legal; control characters in them would steer the terminal, and %q writes them
	// out.
	const longest = 200
	if len(name) > longest {
		return fmt.Sprintf("%q...", name[:longest])
	}
	return fmt.Sprintf("%q", name)
}

// charge counts n bytes of work.
func (s *scan) charge(n int) error {
	cost := int64(n) + readOverhead
	s.left -= cost
	if s.left < 0 {
		return fmt.Errorf("the file makes its reader read more than %d times its size of %d bytes: "+
			"it is corrupt", operationFactor, s.f.size)
	}
	if s.f.work.Add(-cost) < 0 {
		return fmt.Errorf("more than %d times the file's size of %d bytes has been read through one open file",
			lifetimeFactor, s.f.size)
	}
	return nil
}

// enter notes that a structure at addr is being read, and fails when it was before.
func (s *scan) enter(what string, addr uint64) error {
	if s.seen[addr] {
		return fmt.Errorf("%s at offset %d: is part of itself, or referred to twice", what, s.f.absolute(addr))
	}
	s.seen[addr] = true
	return nil
}

// absolute gives the file offset of an address for messages.
func (f *File) absolute(addr uint64) uint64 { return f.base + addr }

// fits reports whether n bytes at addr lie inside the file.
// Written as differences, since sums of three numbers from a hostile file wrap.
func (f *File) fits(addr, n uint64) bool {
	size := uint64(f.size)
	return f.base <= size && addr <= size-f.base && n <= size-f.base-addr
}

// at reads n bytes at addr into a cursor; what names the structure in messages.
func (s *scan) at(what string, addr, n uint64) *cursor {
	c := &cursor{f: s.f, what: what, at: s.f.absolute(addr)}
	c.b, c.err = s.read(what, addr, n)
	return c
}

func (s *scan) read(what string, addr, n uint64) ([]byte, error) {
	if addr == undefined {
		return nil, fmt.Errorf("%s: its address is undefined", what)
	}
	if !s.f.fits(addr, n) {
		return nil, fmt.Errorf("%s at offset %d: reaches beyond the end of the file: got %d bytes in the file, "+
			"want %d bytes at that offset", what, s.f.absolute(addr), s.f.size, n)
	}
	if err := s.charge(int(n)); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	got, err := s.f.r.ReadAt(b, int64(s.f.absolute(addr)))
	if got == len(b) {
		return b, nil
	}
	if err == io.EOF || err == nil {
		err = io.ErrUnexpectedEOF
	}
	return nil, fmt.Errorf("%s at offset %d: got %d bytes, want %d: %w", what, s.f.absolute(addr), got, n, err)
}

// more appends the n bytes that follow c in the file to it.
// Structures say in their first bytes how long they are. Reading on, and not anew, keeps one cursor for the
// checksum to cover.
func (s *scan) more(c *cursor, n uint64) {
	if c.err != nil {
		return
	}
	rest, err := s.read(c.what, c.at-s.f.base+uint64(len(c.b)), n)
	c.b, c.err = append(c.b, rest...), err
}

// A cursor decodes a structure held in memory. After the first failure it returns zeros and keeps the error.
// So a parser reads its fields straight on and asks once; what it must not do is allocate or loop by a number
// read after a failure, and zeros make both harmless.
type cursor struct {
	f    *File
	what string // names the structure
	at   uint64 // file offset of b[0]
	b    []byte
	pos  int
	err  error
}

// fail sets the error of c, unless it has one, and returns it.
func (c *cursor) fail(format string, args ...any) error {
	if c.err == nil {
		c.err = fmt.Errorf("%s at offset %d: %s", c.what, c.at, fmt.Sprintf(format, args...))
	}
	return c.err
}

func (c *cursor) rest() int { return len(c.b) - c.pos }

// take returns the next n bytes, or nil after a failure.
func (c *cursor) take(n int) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 || n > c.rest() {
		c.fail("is cut short: got %d bytes after its first %d, want %d", c.rest(), c.pos, n)
		return nil
	}
	// The capacity ends with the bytes: who appends to them must not write over what follows.
	b := c.b[c.pos : c.pos+n : c.pos+n]
	c.pos += n
	return b
}

func (c *cursor) skip(n int) { c.take(n) }

// uint reads an n-byte little-endian number, n at most 8.
func (c *cursor) uint(n int) uint64 {
	var b [8]byte
	copy(b[:], c.take(n))
	return binary.LittleEndian.Uint64(b[:])
}

func (c *cursor) u8() int     { return int(c.uint(1)) }
func (c *cursor) u16() int    { return int(c.uint(2)) }
func (c *cursor) u32() uint32 { return uint32(c.uint(4)) }
func (c *cursor) u64() uint64 { return c.uint(8) }
func (c *cursor) len() uint64 { return c.uint(c.f.lengthSize) }

// addr reads an address; all ones is undefined whatever its width.
func (c *cursor) addr() uint64 {
	a := c.uint(c.f.offsetSize)
	if c.f.offsetSize < 8 && a == 1<<(8*c.f.offsetSize)-1 {
		return undefined
	}
	return a
}

// text reads n bytes as a string.
func (c *cursor) text(n int) string { return string(c.take(n)) }

// cstring reads up to and including a zero byte.
func (c *cursor) cstring() string {
	if c.err != nil {
		return ""
	}
	for i := c.pos; i < len(c.b); i++ {
		if c.b[i] == 0 {
			s := string(c.b[c.pos:i])
			c.pos = i + 1
			return s
		}
	}
	c.fail("a name has no end: want a zero byte")
	return ""
}

// align skips to the next multiple of n bytes counted from start.
func (c *cursor) align(start, n int) { c.skip((n - (c.pos-start)%n) % n) }

// signature reads and checks the four letters a structure starts with.
func (c *cursor) signature(want string) {
	if got := c.text(len(want)); c.err == nil && got != want {
		c.fail("signature: got %q, want %q", got, want)
	}
}

// version reads a version byte, which must be one of known.
func (c *cursor) version(known ...int) int {
	v := c.u8()
	for _, k := range known {
		if v == k {
			return v
		}
	}
	c.fail("version: got %d, want one of %v", v, known)
	return v
}

// checksum verifies the checksum of everything before it.
func (c *cursor) checksum() {
	covered := c.b[:c.pos]
	got := c.u32()
	if c.err == nil && lookup3(covered) != got {
		c.fail("checksum: got %#08x, want %#08x", lookup3(covered), got)
	}
}
