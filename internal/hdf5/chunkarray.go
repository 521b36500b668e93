package hdf5

import "math/bits"

// Chunks numbered in the order of the grid that the dataset has when grown to its limit are kept in arrays:
// a fixed array when no dimension is unlimited, an extensible one when one is. Both hold elements without or
// with stored size and filter mask, and split large blocks into pages with a checksum each.

// An elementReader gives array elements their places.
// Fixed and extensible arrays differ in how blocks are found, not in what they hold. This is what they share.
type elementReader struct {
	m        *chunkMap
	filtered bool
	size     int      // bytes of an element
	order    []int    // dimensions from slowest to fastest in the numbering
	at       []uint64 // scratch
}

// header reads what both arrays' headers start with.
func (r *elementReader) header(c *cursor, signature string) {
	c.signature(signature)
	c.version(0)
	// Whether elements carry a size and a mask is told by the dataset's filters; the array repeats it.
	client, want := c.u8(), 0
	if r.filtered {
		want = 1
	}
	if client != want {
		c.fail("kind of element: got %d, want %d", client, want)
	}
	r.size = c.u8()
	least := r.m.s.f.offsetSize
	if r.filtered {
		least += 5
	}
	if r.size < least {
		c.fail("bytes of an element: got %d, want at least %d", r.size, least)
	}
	r.at = make([]uint64, len(r.m.grid))
}

// elements adds the n elements that c holds next, the first of which has the given number.
// An element of an undefined address is a chunk that was never written. It counts, as the numbering has no
// gaps.
func (r *elementReader) elements(c *cursor, first, n uint64) error {
	for i := range n {
		start := c.pos
		ch := r.m.element(c, r.filtered, r.size)
		c.skip(r.size - (c.pos - start))
		if c.err != nil {
			return c.err
		}
		if ch.addr == undefined {
			continue
		}
		r.locate(first + i)
		if err := r.m.add(r.at, ch); err != nil {
			return err
		}
	}
	return nil
}

// locate sets r.at to the place of an element.
// The slowest dimension comes last and takes what is left: it is the one that may have no limit, so there is
// nothing to divide by.
func (r *elementReader) locate(number uint64) {
	for i := len(r.order) - 1; i > 0; i-- {
		dim := r.order[i]
		r.at[dim] = number % r.m.maxGrid[dim]
		number /= r.m.maxGrid[dim]
	}
	r.at[r.order[0]] = number
}

// pages adds the elements of a paged block; addr is that of its first page, which bit number bit of the
// bitmap stands for. Pages whose bit is not set were never written.
// Pages that were never written still have their room in the file, which is why the address of a page follows
// from its number; what is in that room is not initialised and its checksum does not hold.
func (r *elementReader) pages(addr, first, n, perPage uint64, bitmap []byte, bit uint64) error {
	for page := uint64(0); page*perPage < n; page++ {
		count := min(perPage, n-page*perPage)
		if b := bit + page; bitmap[b/8]&(0x80>>(b%8)) == 0 {
			continue
		}
		at := addr + page*(perPage*uint64(r.size)+4)
		c := r.m.s.at("chunk index page", at, count*uint64(r.size)+4)
		if err := r.checked(c, first+page*perPage, count); err != nil {
			return err
		}
	}
	return nil
}

// checked adds n elements followed by a checksum.
func (r *elementReader) checked(c *cursor, first, n uint64) error {
	// The checksum stands behind the elements and has to hold before one of them is believed: hence two
	// cursors over the same bytes.
	body := *c
	c.skip(int(n) * r.size)
	c.checksum()
	if c.err != nil {
		return c.err
	}
	return r.elements(&body, first, n)
}

// fixedArray lists the chunks of a fixed array.
func (m *chunkMap) fixedArray(filtered bool) error {
	f := m.s.f
	r := &elementReader{m: m, filtered: filtered, order: dimensions(len(m.grid), 0)}
	c := m.s.at("fixed array header", m.layout.addr, uint64(8+f.lengthSize+f.offsetSize+4))
	r.header(c, "FAHD")
	pageBits := c.u8()
	n, data := c.len(), c.addr()
	c.checksum()
	// The number of elements is that of the grown grid, not of the present one. Checking it here makes all
	// arithmetic on numbers below safe.
	want, ok := product(m.maxGrid...)
	if !ok || n != want {
		c.fail("number of elements: got %d, want %d, the number of chunks", n, want)
	}
	// It becomes a shift, and the number of elements of a page.
	if pageBits < 1 || pageBits > 31 {
		c.fail("size of a page: got 2^%d elements, want 2^1 to 2^31", pageBits)
	}
	if c.err != nil || data == undefined {
		return c.err
	}
	return r.fixedBlock(data, n, 1<<pageBits)
}

// fixedBlock reads the data block of a fixed array.
func (r *elementReader) fixedBlock(addr, n, perPage uint64) error {
	s := r.m.s
	if size, ok := product(n, uint64(r.size)); !ok || !s.f.fits(addr, size) {
		c := &cursor{what: "fixed array", at: s.f.absolute(addr)}
		return c.fail("%d elements of %d bytes reach beyond the end of the file", n, r.size)
	}
	const what = "fixed array data block"
	prefix := uint64(6 + s.f.offsetSize)
	if n <= perPage {
		c := s.at(what, addr, prefix+n*uint64(r.size)+4)
		r.blockStart(c, "FADB")
		return r.checked(c, 0, n)
	}
	bitmapSize := divideUp(divideUp(n, perPage), 8)
	c := s.at(what, addr, prefix+bitmapSize+4)
	r.blockStart(c, "FADB")
	bitmap := c.take(int(bitmapSize))
	c.checksum()
	if c.err != nil {
		return c.err
	}
	return r.pages(addr+prefix+bitmapSize+4, 0, n, perPage, bitmap, 0)
}

// blockStart reads what every block of both arrays starts with.
func (r *elementReader) blockStart(c *cursor, signature string) {
	c.signature(signature)
	c.version(0)
	c.skip(1) // kind of element
	// Blocks name their array. A pointer into another dataset's block would otherwise read well-formed
	// numbers of the wrong weights.
	if owner := c.addr(); c.err == nil && owner != r.m.layout.addr {
		c.fail("belongs to the array at offset %d, want %d", c.f.absolute(owner), c.f.absolute(r.m.layout.addr))
	}
}

// dimensions returns 0 to rank-1 with first moved to the front.
func dimensions(rank, first int) []int {
	order := []int{first}
	for i := range rank {
		if i != first {
			order = append(order, i)
		}
	}
	return order
}

// An extensibleArray is an array whose blocks grow: the first elements and the addresses of the first blocks
// are in an index block, those of later blocks in secondary blocks. Group u of blocks (the specification's
// super block) has 2^(u/2) blocks of 2^((u+1)/2) times the smallest number of elements.
// Blocks that grow keep the number of addresses near the root of the number of elements, while small datasets
// pay for one block only (section VII.D).
type extensibleArray struct {
	elementReader
	numberBits   int    // bits of an element's number
	inIndex      uint64 // elements in the index block
	smallest     uint64 // elements of the smallest data block
	leastBlocks  uint64 // least number of blocks that a secondary block names
	perPage      uint64
	offsetBytes  int
	indexAddress uint64
}

// extensibleArray lists the chunks of an extensible array.
func (m *chunkMap) extensibleArray(filtered bool) error {
	f := m.s.f
	c := m.s.at("extensible array header", m.layout.addr, uint64(12+6*f.lengthSize+f.offsetSize+4))
	a := &extensibleArray{elementReader: elementReader{m: m, filtered: filtered}}
	a.header(c, "EAHD")
	a.numberBits = c.u8()
	a.inIndex, a.smallest, a.leastBlocks = c.uint(1), c.uint(1), c.uint(1)
	pageBits := c.u8()
	// Statistics of use: numbers of blocks and elements that a writer keeps for itself.
	c.skip(6 * f.lengthSize)
	a.indexAddress = c.addr()
	c.checksum()
	if c.err == nil {
		a.validate(c, pageBits)
	}
	if c.err != nil || a.indexAddress == undefined {
		return c.err
	}
	a.perPage = 1 << pageBits
	a.offsetBytes = (a.numberBits + 7) / 8
	return a.indexBlock()
}

// validate checks what the block arithmetic relies on, and finds the unlimited dimension, which is the
// slowest in the numbering.
func (a *extensibleArray) validate(c *cursor, pageBits int) {
	unlimited := -1
	for i, n := range a.m.maxGrid {
		if n == 0 {
			if unlimited >= 0 {
				c.fail("the dataset is unlimited in dimensions %d and %d, want one", unlimited, i)
			}
			unlimited = i
		}
	}
	switch {
	case unlimited < 0:
		c.fail("the dataset has no unlimited dimension, want one")
	case bits.OnesCount64(a.smallest) != 1 || bits.OnesCount64(a.leastBlocks) != 1:
		c.fail("smallest blocks: got %d elements and %d addresses, want powers of two", a.smallest, a.leastBlocks)
	case a.numberBits > 64 || a.numberBits < bits.Len64(a.smallest):
		c.fail("bits of an element's number: got %d, want %d to 64", a.numberBits, bits.Len64(a.smallest))
	case pageBits < 1 || pageBits > 31:
		c.fail("size of a page: got 2^%d elements, want 2^1 to 2^31", pageBits)
	default:
		a.order = dimensions(len(a.m.grid), unlimited)
	}
}

// groupShape gives the number of blocks in a group, and of elements in each of them.
// Number and size of the blocks double in turn from group to group.
func (a *extensibleArray) groupShape(group int) (blocks, elements uint64) {
	return 1 << (group / 2), a.smallest << ((group + 1) / 2)
}

// indexBlock reads the index block and everything it names.
func (a *extensibleArray) indexBlock() error {
	s := a.m.s
	// None of the three counts is stored. They follow from the header: groups enough for elements of
	// numberBits bits, of which the first few, with fewer blocks than a secondary block would be worth, are
	// named directly.
	groups := 2 + a.numberBits - bits.Len64(a.smallest)
	direct := 2 * (bits.Len64(a.leastBlocks) - 1) // groups whose blocks are named here
	addresses := 2*(a.leastBlocks-1) + uint64(max(0, groups-direct))
	size := uint64(6+s.f.offsetSize) + a.inIndex*uint64(a.size) + addresses*uint64(s.f.offsetSize) + 4
	c := s.at("extensible array index block", a.indexAddress, size)
	a.blockStart(c, "EAIB")
	elements := *c
	c.skip(int(a.inIndex) * a.size)
	table := *c
	c.skip(int(addresses) * s.f.offsetSize)
	c.checksum()
	if c.err != nil {
		return c.err
	}
	if err := a.elements(&elements, 0, a.inIndex); err != nil {
		return err
	}
	// The elements continue where the index block's own end, group after group.
	first := a.inIndex
	for group := range groups {
		blocks, n := a.groupShape(group)
		var err error
		if group < direct {
			err = a.blocks(&table, first, blocks, n, nil)
		} else {
			err = a.secondaryBlock(table.addr(), first, group)
		}
		if err != nil {
			return err
		}
		first += blocks * n
	}
	return nil
}

// pageBytes is the room for one data block's bits in a page bitmap: none when blocks of n elements are not
// paged. (The bits themselves stand closer: block i starts at bit i times the pages of a block.)
func (a *extensibleArray) pageBytes(n uint64) uint64 {
	if n <= a.perPage {
		return 0
	}
	return divideUp(n/a.perPage, 8)
}

// secondaryBlock reads the block that names a group's data blocks.
func (a *extensibleArray) secondaryBlock(addr, first uint64, group int) error {
	if addr == undefined {
		return nil
	}
	s := a.m.s
	const what = "extensible array secondary block"
	if err := s.enter(what, addr); err != nil {
		return err
	}
	blocks, n := a.groupShape(group)
	bitmaps, ok := product(blocks, a.pageBytes(n))
	if !ok || !s.f.fits(addr, bitmaps) {
		c := &cursor{what: what, at: s.f.absolute(addr)}
		return c.fail("the bitmaps of %d blocks of %d elements reach beyond the end of the file", blocks, n)
	}
	prefix := uint64(6 + s.f.offsetSize + a.offsetBytes)
	c := s.at(what, addr, prefix+bitmaps+blocks*uint64(s.f.offsetSize)+4)
	a.blockStart(c, "EASB")
	c.skip(a.offsetBytes)
	bitmap := c.take(int(bitmaps))
	table := *c
	c.skip(int(blocks) * s.f.offsetSize)
	c.checksum()
	if c.err != nil {
		return c.err
	}
	return a.blocks(&table, first, blocks, n, bitmap)
}

// blocks reads the data blocks of n elements each whose addresses c holds next.
func (a *extensibleArray) blocks(c *cursor, first, blocks, n uint64, bitmap []byte) error {
	for i := range blocks {
		addr := c.addr()
		if c.err != nil {
			return c.err
		}
		if addr != undefined {
			if err := a.dataBlock(addr, first, n, bitmap, i*(n/a.perPage)); err != nil {
				return err
			}
		}
		first += n
	}
	return nil
}

// dataBlock reads a data block of n elements. When it has pages, their bits start at number bit of the
// bitmap.
func (a *extensibleArray) dataBlock(addr, first, n uint64, bitmap []byte, bit uint64) error {
	s := a.m.s
	const what = "extensible array data block"
	if err := s.enter(what, addr); err != nil {
		return err
	}
	prefix := uint64(6 + s.f.offsetSize + a.offsetBytes)
	if n <= a.perPage {
		c := s.at(what, addr, prefix+n*uint64(a.size)+4)
		a.blockStart(c, "EADB")
		c.skip(a.offsetBytes)
		return a.checked(c, first, n)
	}
	c := s.at(what, addr, prefix+4)
	a.blockStart(c, "EADB")
	c.skip(a.offsetBytes)
	c.checksum()
	if c.err == nil && bitmap == nil {
		c.fail("has %d elements in pages, but no bitmap says which are used", n)
	}
	if c.err != nil {
		return c.err
	}
	return a.pages(addr+prefix+4, first, n, a.perPage, bitmap, bit)
}
