package hdf5

import (
	"fmt"
	"math/bits"
)

const indirectBlock = "fractal heap indirect block"

// A fractalHeap stores many small objects in blocks that double in size: the links or attributes of an
// object that has too many for its header.
// See section III.G. Offsets of objects are in the heap's own address space, in which the blocks of the
// "doubling table" lie one after the other: rows of equally many blocks, the first two rows of the smallest
// size, each further row of twice the size. Rows up to the largest direct block hold objects, those after it
// tables again.
type fractalHeap struct {
	f           *File
	at          uint64 // file offset of the heap's header
	idLength    int
	checksummed bool // direct blocks carry a checksum
	width       int  // blocks per row
	startSize   uint64
	maxDirect   uint64
	offsetBytes int
	lengthBytes int
	root        uint64
	rootRows    int // 0: the root is a direct block
	hugeTree    uint64
	hugeObjects map[uint64]block // huge objects by key, once loaded
	blocks      map[uint64][]byte
}

// fractalHeap reads the header of a heap.
func (s *scan) fractalHeap(addr uint64) (*fractalHeap, error) {
	o, l := s.f.offsetSize, s.f.lengthSize
	c := s.at("fractal heap header", addr, uint64(22+3*o+12*l+4))
	h := &fractalHeap{f: s.f, at: c.at, blocks: map[uint64][]byte{}}
	c.signature("FRHP")
	c.version(0)
	h.idLength = c.u16()
	filters := c.u16()
	h.checksummed = c.u8()&2 != 0
	maxManaged := uint64(c.u32())
	c.skip(l)
	h.hugeTree = c.addr()
	c.skip(l + o + 8*l) // free space, and counts of managed, huge and tiny objects
	h.width, h.startSize, h.maxDirect = c.u16(), c.len(), c.len()
	maxBits := c.u16()
	c.skip(2)
	h.root, h.rootRows = c.addr(), c.u16()
	// A writer has to ask for filters on a group's links, and no framework does.
	if c.err == nil && filters != 0 {
		return nil, c.fail("the heap is filtered: not supported")
	}
	c.checksum()
	if c.err == nil {
		h.validate(c, maxBits)
	}
	h.offsetBytes = (maxBits + 7) / 8
	// An object is managed only if it is no larger than either, and its length takes as few bytes as that
	// needs.
	h.lengthBytes = min(bytesFor(h.maxDirect), bytesFor(maxManaged))
	return h, c.err
}

// validate checks what the block arithmetic relies on.
func (h *fractalHeap) validate(c *cursor, maxBits int) {
	switch {
	case h.width == 0 || h.width > 1<<15 || bits.OnesCount(uint(h.width)) != 1:
		c.fail("table width: got %d, want a power of two up to 32768", h.width)
	case bits.OnesCount64(h.startSize) != 1 || bits.OnesCount64(h.maxDirect) != 1:
		c.fail("block sizes: got %d and %d, want powers of two", h.startSize, h.maxDirect)
	case h.startSize > h.maxDirect || h.maxDirect > 1<<32:
		c.fail("block sizes: got %d and %d, want a start of at most the largest, and that at most 2^32",
			h.startSize, h.maxDirect)
	case maxBits == 0 || maxBits > 64:
		c.fail("maximum heap size: got 2^%d, want 2^1 to 2^64", maxBits)
	// The offset behind the last row is startSize * width * 2^(rows-1): this keeps the shifts below in 64
	// bits.
	case bits.Len64(h.startSize)+bits.Len(uint(h.width))+h.rootRows > 64:
		c.fail("rows of the root block: got %d, more than 64 bits of heap offsets can reach", h.rootRows)
	}
}

// rowSize is the size of each block in a row of an indirect block.
// Rows 0 and 1 have blocks of one size, hence row-1.
func (h *fractalHeap) rowSize(row int) uint64 {
	if row == 0 {
		return h.startSize
	}
	return h.startSize << (row - 1)
}

// directRows is the number of rows that hold direct blocks.
func (h *fractalHeap) directRows() int {
	return bits.Len64(h.maxDirect) - bits.Len64(h.startSize) + 2
}

// object returns a cursor over the heap object that an identifier names.
func (h *fractalHeap) object(s *scan, id []byte) *cursor {
	c := &cursor{f: h.f, what: "fractal heap identifier", at: h.at, b: id}
	flags := c.u8()
	if c.err == nil && flags>>6 != 0 {
		c.fail("version: got %d, want 0", flags>>6)
	}
	switch flags >> 4 & 3 {
	case 0:
		return h.managed(s, c)
	case 1:
		return h.huge(s, c)
	case 2:
		return h.tiny(c, flags)
	}
	c.fail("type: got 3, want 0 (managed), 1 (huge) or 2 (tiny)")
	return c
}

// tiny returns an object that is stored in its own identifier.
// Long identifiers have room for more than 16 bytes of object, so their length takes a byte more.
func (h *fractalHeap) tiny(c *cursor, flags int) *cursor {
	n := flags&15 + 1
	if h.idLength-1 > 16 {
		n = (flags&15)<<8 + c.u8() + 1
	}
	b := c.take(n)
	return &cursor{f: h.f, what: "tiny heap object", at: c.at, b: b, err: c.err}
}

// huge returns an object that is stored by itself: its identifier holds its place, or a key of a B-tree.
func (h *fractalHeap) huge(s *scan, c *cursor) *cursor {
	const what = "huge heap object"
	// Whether an identifier holds the place itself is not said by any flag, but by whether it has room.
	if h.f.offsetSize+h.f.lengthSize <= h.idLength-1 {
		b := block{c.addr(), c.len()}
		if c.err != nil {
			return c
		}
		return s.at(what, b.addr, b.size)
	}
	key := c.uint(min(8, h.idLength-1))
	if c.err == nil && h.hugeObjects == nil {
		c.err = h.loadHuge(s)
	}
	if c.err != nil {
		return c
	}
	b, ok := h.hugeObjects[key]
	if !ok {
		c.fail("names the huge object %d, which the heap does not have", key)
		return c
	}
	return s.at(what, b.addr, b.size)
}

func (h *fractalHeap) loadHuge(s *scan) error {
	h.hugeObjects = map[uint64]block{}
	return s.btree2(h.hugeTree, btreeHugeObjects, func(rec *cursor) error {
		b := block{rec.addr(), rec.len()}
		h.hugeObjects[rec.len()] = b
		return rec.err
	})
}

// managed returns an object that lies in a direct block; its identifier holds its offset in the heap's own
// address space, and its length.
func (h *fractalHeap) managed(s *scan, c *cursor) *cursor {
	offset, length := c.uint(h.offsetBytes), c.uint(h.lengthBytes)
	if c.err != nil {
		return c
	}
	const what = "fractal heap object"
	data, addr, skip, err := h.direct(s, offset)
	switch {
	case err != nil:
		return &cursor{f: h.f, err: err}
	case skip > uint64(len(data)) || length > uint64(len(data))-skip:
		c.what, c.at = what, s.f.absolute(addr)
		c.fail("reaches beyond its block of %d bytes: got %d bytes at %d", len(data), length, skip)
		return c
	}
	return &cursor{f: h.f, what: what, at: s.f.absolute(addr) + skip, b: data[skip:][:length:length]}
}

// direct finds the direct block that covers a heap offset. It returns its bytes, its address, and how far
// into the block the offset is.
func (h *fractalHeap) direct(s *scan, offset uint64) (data []byte, addr, skip uint64, err error) {
	addr, rows, start := h.root, h.rootRows, uint64(0)
	size := h.startSize
	for rows > 0 {
		var index int
		if index, size, err = h.locate(addr, rows, offset-start); err != nil {
			return nil, 0, 0, err
		}
		table, err := h.indirect(s, addr, rows)
		if err != nil {
			return nil, 0, 0, err
		}
		start += h.startOf(index)
		c := &cursor{f: h.f, what: indirectBlock, at: h.f.absolute(addr), b: table}
		c.skip(index * h.f.offsetSize)
		if addr = c.addr(); c.err != nil {
			return nil, 0, 0, c.err
		}
		// The rows of a child follow from its size alone: the table below spans exactly the size of the block
		// that it stands for. This ends: sizes fall at each step.
		if index/h.width < h.directRows() {
			rows = 0
		} else {
			rows = bits.Len64(size) - bits.Len64(h.startSize*uint64(h.width)) + 1
		}
	}
	data, err = h.directBlock(s, addr, size)
	return data, addr, offset - start, err
}

// locate finds which block of an indirect block of so many rows covers an offset in it, and its size.
func (h *fractalHeap) locate(addr uint64, rows int, offset uint64) (index int, size uint64, err error) {
	for row := range rows {
		size = h.rowSize(row)
		start := h.startOf(row * h.width)
		if offset >= start && (offset-start)/size < uint64(h.width) {
			return row*h.width + int((offset-start)/size), size, nil
		}
	}
	return 0, 0, fmt.Errorf("fractal heap block at offset %d: heap offset of an object: got %d, beyond the "+
		"block's %d rows", h.f.absolute(addr), offset, rows)
}

// startOf is the offset of a block from the start of its indirect block.
func (h *fractalHeap) startOf(index int) uint64 {
	row, column := index/h.width, uint64(index%h.width)
	// All rows before row r > 0 together span as much as width blocks of row r: the sizes before it are s, s,
	// 2s, 4s ... and add up to the size in r.
	if row == 0 {
		return column * h.startSize
	}
	return h.rowSize(row) * (uint64(h.width) + column)
}

// indirect reads an indirect block and returns its table of addresses.
func (h *fractalHeap) indirect(s *scan, addr uint64, rows int) ([]byte, error) {
	if table, ok := h.blocks[addr]; ok {
		return table, nil
	}
	table := rows * h.width * h.f.offsetSize
	prefix := 5 + h.f.offsetSize + h.offsetBytes
	c := s.at(indirectBlock, addr, uint64(prefix+table+4))
	c.signature("FHIB")
	c.version(0)
	h.belongs(c)
	c.skip(h.offsetBytes)
	b := c.take(table)
	if c.checksum(); c.err == nil {
		h.blocks[addr] = b
	}
	return b, c.err
}

// belongs checks that a block names this heap.
func (h *fractalHeap) belongs(c *cursor) {
	if owner := c.addr(); c.err == nil && h.f.absolute(owner) != h.at {
		c.fail("belongs to the heap at offset %d, want %d", h.f.absolute(owner), h.at)
	}
}

// directBlock reads a direct block whole, its own header included: heap offsets count that too.
func (h *fractalHeap) directBlock(s *scan, addr, size uint64) ([]byte, error) {
	if b, ok := h.blocks[addr]; ok {
		return b, nil
	}
	c := s.at("fractal heap direct block", addr, size)
	c.signature("FHDB")
	c.version(0)
	h.belongs(c)
	c.skip(h.offsetBytes)
	if h.checksummed {
		h.verify(c)
	}
	if c.err == nil {
		h.blocks[addr] = c.b
	}
	return c.b, c.err
}

// verify checks a direct block's checksum, which covers the whole block with itself taken as zero.
func (h *fractalHeap) verify(c *cursor) {
	at := c.pos
	want := c.u32()
	if c.err != nil {
		return
	}
	// A copy: the block is kept and its objects are handed out as parts of it.
	whole := append([]byte(nil), c.b...)
	clear(whole[at : at+4])
	if got := lookup3(whole); got != want {
		c.fail("checksum: got %#08x, want %#08x", got, want)
	}
}
