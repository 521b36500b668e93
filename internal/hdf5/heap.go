package hdf5

import "strings"

// A localHeap holds the names of an old-style group.
// See section III.D. A string and not bytes: names are cut out of it without a copy, thousands of them for a
// large group.
type localHeap struct {
	at   uint64 // file offset of the data
	data string
}

func (s *scan) localHeap(addr uint64) (*localHeap, error) {
	c := s.at("local heap", addr, uint64(8+2*s.f.lengthSize+s.f.offsetSize))
	c.signature("HEAP")
	c.version(0)
	c.skip(3)
	size := c.len()
	c.len() // free list
	data := c.addr()
	if c.err != nil {
		return nil, c.err
	}
	b, err := s.read("local heap data", data, size)
	return &localHeap{at: s.f.absolute(data), data: string(b)}, err
}

// text returns the zero-terminated string at an offset of the heap. It shares the heap's memory.
func (h *localHeap) text(s *scan, offset uint64) (string, error) {
	c := &cursor{what: "local heap data", at: h.at}
	if offset >= uint64(len(h.data)) {
		return "", c.fail("offset of a name: got %d, want less than %d", offset, len(h.data))
	}
	tail := h.data[offset:]
	n := strings.IndexByte(tail, 0)
	if n < 0 {
		return "", c.fail("the name at heap offset %d has no end: want a zero byte", offset)
	}
	// Every name costs, although nothing is read: thousands of entries may all name one long string, and
	// comparing and printing them is work too.
	return tail[:n], s.charge(n)
}

// A globalHeap gives access to variable-length data, kept in collections that may each hold many objects.
// See section III.E. A collection is read once per operation, not once per string: the names of a model's
// layers are hundreds of strings in one collection of 4 KB.
type globalHeap struct {
	s           *scan
	collections map[uint64]map[uint16]string
}

func (s *scan) globalHeap() *globalHeap {
	return &globalHeap{s: s, collections: map[uint64]map[uint16]string{}}
}

// text returns the first length bytes of an object. It shares the collection's memory.
func (g *globalHeap) text(addr uint64, index uint32, length uint64) (string, error) {
	objects, ok := g.collections[addr]
	if !ok {
		var err error
		if objects, err = g.s.collection(addr); err != nil {
			return "", err
		}
		g.collections[addr] = objects
	}
	c := &cursor{what: "global heap collection", at: g.s.f.absolute(addr)}
	if index > 0xffff {
		return "", c.fail("object index: got %d, want at most 65535", index)
	}
	obj, ok := objects[uint16(index)]
	if !ok {
		return "", c.fail("has no object %d", index)
	}
	if length > uint64(len(obj)) {
		return "", c.fail("length of object %d: got %d bytes, want %d", index, len(obj), length)
	}
	return obj[:length], nil
}

// collection reads a global heap collection into its objects, by index.
func (s *scan) collection(addr uint64) (map[uint16]string, error) {
	c := s.at("global heap collection", addr, uint64(8+s.f.lengthSize))
	c.signature("GCOL")
	c.version(1)
	c.skip(3)
	size := c.len()
	s.more(c, uint64(-c.pos&7)) // the header, and each object's, is padded to a multiple of 8 bytes
	c.align(0, 8)
	if c.err == nil && size < uint64(c.pos) {
		c.fail("size: got %d, want at least %d", size, c.pos)
	}
	s.more(c, size-uint64(c.pos))
	if c.err != nil {
		return nil, c.err
	}
	whole := string(c.b)
	objects := map[uint16]string{}
	// What is left below the size of an object's header is free space without a header of its own.
	for c.err == nil && c.rest() >= 16 {
		index := uint16(c.u16())
		c.skip(6)
		n := c.len()
		c.align(0, 8)
		if index == 0 { // free space: the rest of the collection
			break
		}
		if n > uint64(c.rest()) {
			return nil, c.fail("size of object %d: got %d, want at most %d", index, n, c.rest())
		}
		objects[index] = whole[c.pos : c.pos+int(n)]
		// The last object may end at the collection's end with its padding left out.
		c.skip(min((int(n)+7)&^7, c.rest()))
	}
	return objects, c.err
}
