package hdf5

// Classes of storage.
const (
	layoutCompact    = 0
	layoutContiguous = 1
	layoutChunked    = 2
	layoutVirtual    = 3
)

// Kinds of chunk index: the version 1 B-tree of old files, and those that layout version 4 numbers 1 to 5.
const (
	indexTree1 = iota
	indexSingle
	indexImplicit
	indexFixedArray
	indexExtensibleArray
	indexTree2
)

const (
	layoutEdgesPlain     = 1 << 0 // chunks that reach over the edge are not filtered
	layoutSingleFiltered = 1 << 1
)

// A layout tells where the data of a dataset are.
type layout struct {
	class   int
	compact []byte
	addr    uint64 // of contiguous data, or of the chunk index
	size    uint64 // of contiguous data

	chunk       []uint64 // elements of a chunk along each dimension
	elementSize uint64
	index       int
	edgesPlain  bool
	singleSize  uint64 // stored size of a filtered single chunk
	singleMask  uint32
	single      bool // singleSize and singleMask are given
}

// layout reads the data layout message (section IV.A.2.i). Versions 1 and 2 are from before HDF5 1.6.3; no
// file of a trained network is that old. Version 5 differs from 4 in nothing that is read here.
func (d *Dataset) layout() (*layout, error) {
	c, err := d.header.open("data layout message", msgLayout)
	if err != nil {
		return nil, err
	}
	l := &layout{}
	rank := 0
	if c.version(3, 4, 5) == 3 {
		rank = l.parse3(c)
	} else {
		rank = l.parse4(c)
	}
	if c.err == nil && l.class == layoutChunked {
		l.check(c, rank, d)
	}
	return l, c.err
}

// check compares a chunk's shape with the dataset's.
func (l *layout) check(c *cursor, rank int, d *Dataset) {
	// A chunk's shape has one dimension more than the dataset: the bytes of an element.
	if rank != len(d.space.dims)+1 {
		c.fail("dimensions of a chunk: got %d, want %d", rank, len(d.space.dims)+1)
		return
	}
	if l.elementSize != uint64(d.typ.Size) {
		c.fail("bytes of a chunk's element: got %d, want %d", l.elementSize, d.typ.Size)
	}
	// A zero would be divided by.
	for _, n := range l.chunk {
		if n == 0 {
			c.fail("shape of a chunk: got %v, want no zero", l.chunk)
		}
	}
}

// parse3 reads the rest of a version 3 message.
func (l *layout) parse3(c *cursor) (rank int) {
	l.class = c.u8()
	if l.class == layoutChunked {
		rank = c.u8()
		l.addr = c.addr()
		l.chunkShape(c, rank, 4)
		return rank
	}
	l.unchunked(c)
	return 0
}

// parse4 reads the rest of a version 4 or 5 message.
func (l *layout) parse4(c *cursor) (rank int) {
	l.class = c.u8()
	if l.class != layoutChunked {
		l.unchunked(c)
		return 0
	}
	flags := c.u8()
	rank = c.u8()
	width := c.u8()
	if width < 1 || width > 8 {
		c.fail("bytes of a chunk's dimension: got %d, want 1 to 8", width)
		return rank
	}
	l.edgesPlain = flags&layoutEdgesPlain != 0
	l.chunkShape(c, rank, width)
	l.index = c.u8()
	switch l.index {
	case indexSingle:
		if flags&layoutSingleFiltered != 0 {
			l.single, l.singleSize, l.singleMask = true, c.len(), c.u32()
		}
	case indexImplicit:
	case indexFixedArray:
		// What follows is how the index was created.
		c.skip(1) // repeated in the index's header, as are those below
	case indexExtensibleArray:
		c.skip(5)
	case indexTree2:
		c.skip(6)
	default:
		c.fail("chunk index: got %d, want 1 to 5", l.index)
	}
	l.addr = c.addr()
	return rank
}

// unchunked reads what versions 3 to 5 store alike.
func (l *layout) unchunked(c *cursor) {
	switch l.class {
	case layoutCompact:
		l.compact = c.take(c.u16())
	case layoutContiguous:
		l.addr, l.size = c.addr(), c.len()
	case layoutVirtual:
		c.fail("the dataset is virtual, made of parts of other files: not supported")
	default:
		c.fail("class: got %d, want 0 to 3", l.class)
	}
}

// chunkShape reads rank numbers: the chunk's shape and, last, its element's size.
func (l *layout) chunkShape(c *cursor, rank, width int) {
	if rank < 2 || rank > maxRank+1 {
		c.fail("dimensions of a chunk: got %d, want 2 to %d", rank, maxRank+1)
		return
	}
	for range rank - 1 {
		l.chunk = append(l.chunk, c.uint(width))
	}
	l.elementSize = c.uint(width)
}
