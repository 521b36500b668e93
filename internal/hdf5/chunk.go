package hdf5

import "fmt"

// A chunk is one stored piece of a chunked dataset.
type chunk struct {
	slot uint64 // its number, in C order, in the grid of chunks that covers the dataset
	addr uint64
	size uint64 // bytes as stored
	mask uint32 // bit i: filter i was not applied
}

// A chunkMap is the list of the stored chunks of a dataset.
// All indices are read into this one list before any data: sizes can then be added up and compared with the
// file before the dataset's memory is asked for.
type chunkMap struct {
	s      *scan
	layout *layout
	dims   []uint64 // elements of the dataset
	// There are two grids: the dataset's own says what is wanted, the grown one how the arrays number chunks.
	grid    []uint64 // chunks of the dataset
	maxGrid []uint64 // chunks of the dataset grown to its limit; 0 where that is unlimited
	bytes   uint64   // of a chunk without filters
	chunks  []chunk
	taken   map[uint64]bool
	stored  uint64 // sum of the chunks' stored sizes
}

// chunked reads a chunked dataset of total bytes.
func (d *Dataset) chunked(s *scan, l *layout, total uint64) ([]byte, error) {
	pipeline, err := d.filters()
	if err != nil {
		return nil, err
	}
	m, err := newChunkMap(s, l, d.space)
	if err != nil {
		return nil, err
	}
	// No index was ever written, so no chunk was: the dataset is all fill value.
	if l.addr != undefined {
		if err := m.load(len(pipeline.filters) > 0); err != nil {
			return nil, err
		}
	}
	// Chunks that were never written hold fill values, and nothing in the file lists them. So the whole is
	// filled first and stored chunks are laid over it.
	out, err := d.filled(total, m.stored)
	if err != nil {
		return nil, err
	}
	for _, ch := range m.chunks {
		if err := m.fill(out, ch, pipeline); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func newChunkMap(s *scan, l *layout, sp space) (*chunkMap, error) {
	m := &chunkMap{s: s, layout: l, taken: map[uint64]bool{}}
	size, ok := product(append([]uint64{l.elementSize}, l.chunk...)...)
	if !ok {
		return nil, fmt.Errorf("shape of a chunk: got %v, more than 2^62 bytes", l.chunk)
	}
	m.bytes = size
	for i, n := range sp.dims {
		m.dims = append(m.dims, uint64(n))
		m.grid = append(m.grid, divideUp(uint64(n), l.chunk[i]))
		most := uint64(0)
		if sp.max[i] != undefined {
			most = divideUp(sp.max[i], l.chunk[i])
		}
		m.maxGrid = append(m.maxGrid, most)
	}
	return m, nil
}

func divideUp(a, b uint64) uint64 {
	// Not (a+b-1)/b, which wraps for lengths near 2^64.
	if a == 0 {
		return 0
	}
	return (a-1)/b + 1
}

// load lists the chunks that the index names.
func (m *chunkMap) load(filtered bool) error {
	l := m.layout
	switch l.index {
	case indexTree1:
		return m.tree1()
	case indexSingle:
		size := m.bytes
		if l.single {
			size = l.singleSize
		}
		return m.add(make([]uint64, len(m.grid)), chunk{addr: l.addr, size: size, mask: l.singleMask})
	case indexImplicit:
		return m.implicit()
	case indexFixedArray:
		return m.fixedArray(filtered)
	case indexExtensibleArray:
		return m.extensibleArray(filtered)
	}
	return m.tree2(filtered)
}

// add notes a stored chunk at a place of the grid.
func (m *chunkMap) add(at []uint64, ch chunk) error {
	for i, n := range at {
		if n >= m.grid[i] {
			return fmt.Errorf("chunk at offset %d: place in the grid of chunks: got %v, want less than %v",
				m.s.f.absolute(ch.addr), at, m.grid)
		}
		ch.slot = ch.slot*m.grid[i] + n
	}
	// Two chunks in one place: which of them is right depends on the order of the index, so neither is.
	if m.taken[ch.slot] {
		return fmt.Errorf("chunk at offset %d: place in the grid of chunks: %v is taken already",
			m.s.f.absolute(ch.addr), at)
	}
	if ch.addr == undefined || ch.size == 0 || !m.s.f.fits(ch.addr, ch.size) {
		return fmt.Errorf("chunk %v at offset %d: got %d bytes stored, want at least 1 and the end inside the "+
			"file's %d", at, m.s.f.absolute(ch.addr), ch.size, m.s.f.size)
	}
	// Chunks do not share bytes. The sum also bounds what decompression may be asked for, see Dataset.filled.
	if m.stored += ch.size; m.stored > uint64(m.s.f.size) {
		return fmt.Errorf("chunk %v at offset %d: the chunks so far have %d bytes, the file only %d", at,
			m.s.f.absolute(ch.addr), m.stored, m.s.f.size)
	}
	m.taken[ch.slot] = true
	m.chunks = append(m.chunks, ch)
	return nil
}

// tree1 lists the chunks of a version 1 B-tree. A key holds the stored size, the filter mask, and the first
// element's place with a zero behind it.
func (m *chunkMap) tree1() error {
	rank := len(m.grid)
	at := make([]uint64, rank)
	return m.s.btree1(m.layout.addr, 1, 8+8*(rank+1), func(key *cursor, child uint64) error {
		ch := chunk{addr: child, size: uint64(key.u32()), mask: key.u32()}
		for i := range at {
			// In elements, not in chunks, unlike every later index.
			first := key.u64()
			if first%m.layout.chunk[i] != 0 {
				key.fail("place of a chunk along dimension %d: got %d, want a multiple of %d", i, first,
					m.layout.chunk[i])
			}
			at[i] = first / m.layout.chunk[i]
		}
		if key.err != nil {
			return key.err
		}
		return m.add(at, ch)
	})
}

// tree2 lists the chunks of a version 2 B-tree, whose records end in the place in the grid.
func (m *chunkMap) tree2(filtered bool) error {
	kind, rank := btreeChunks, len(m.grid)
	if filtered {
		kind = btreeFilteredChunks
	}
	at := make([]uint64, rank)
	return m.s.btree2(m.layout.addr, kind, func(rec *cursor) error {
		// The width of the stored size is written nowhere: it is what the record has left (section III.A.2,
		// types 10 and 11).
		ch := m.element(rec, filtered, rec.rest()-8*rank)
		for i := range at {
			at[i] = rec.u64()
		}
		if rec.err != nil {
			return rec.err
		}
		return m.add(at, ch)
	})
}

// element reads what every index keeps of a chunk in size bytes: its address and, when filtered, the stored
// size and the mask.
func (m *chunkMap) element(c *cursor, filtered bool, size int) chunk {
	ch := chunk{addr: c.addr(), size: m.bytes}
	if !filtered {
		return ch
	}
	width := size - m.s.f.offsetSize - 4
	if width < 1 || width > 8 {
		c.fail("bytes of a chunk's stored size: got %d, want 1 to 8", width)
		return ch
	}
	ch.size = c.uint(width)
	ch.mask = c.u32()
	return ch
}

// implicit lists chunks stored one after another, all of them, in the order of the largest grid.
// There is no index at all (section VII.B): a chunk's address follows from its number. The number counts in
// the grid that the dataset may grow to, or growing would have to move every chunk; only those inside the
// present grid are read.
func (m *chunkMap) implicit() error {
	count, ok := product(m.grid...)
	if all, fits := product(count, m.bytes); !ok || !fits || !m.s.f.fits(m.layout.addr, all) {
		return fmt.Errorf("chunks at offset %d: %d of %d bytes reach beyond the end of the file",
			m.s.f.absolute(m.layout.addr), count, m.bytes)
	}
	at := make([]uint64, len(m.grid))
	for slot := range count {
		split(slot, m.grid, at)
		// maxGrid has no zero here: the library chooses this index only where every dimension has a limit.
		place := uint64(0)
		for i, n := range at {
			place = place*m.maxGrid[i] + n
		}
		offset, ok := product(place, m.bytes)
		if !ok || !m.s.f.fits(m.layout.addr, offset) {
			return fmt.Errorf("chunk %v: lies beyond the end of the file", at)
		}
		if err := m.add(at, chunk{addr: m.layout.addr + offset, size: m.bytes}); err != nil {
			return err
		}
	}
	return nil
}

// split turns a C-order number in a grid into coordinates.
func split(slot uint64, grid, at []uint64) {
	for i := len(grid) - 1; i >= 0; i-- {
		at[i] = slot % grid[i]
		slot /= grid[i]
	}
}

// fill reads one chunk and copies the part of it that lies inside the dataset.
func (m *chunkMap) fill(out []byte, ch chunk, p *pipeline) error {
	at := make([]uint64, len(m.grid))
	split(ch.slot, m.grid, at)
	edge := false
	for i := range at {
		at[i] *= m.layout.chunk[i]
		edge = edge || m.dims[i]-at[i] < m.layout.chunk[i]
	}
	// Chunks that stick out are whole in the file, padding included; a flag of layout version 4 leaves them
	// unfiltered, so that growing the dataset can write into them in place.
	if edge && m.layout.edgesPlain {
		ch.mask = ^uint32(0)
	}
	stored, err := m.s.read("chunk", ch.addr, ch.size)
	if err != nil {
		return err
	}
	data, err := p.decode(stored, ch.mask, m.bytes)
	if err != nil {
		return fmt.Errorf("chunk %v at offset %d: %w", at, m.s.f.absolute(ch.addr), err)
	}
	m.copy(out, data, at, 0, 0, 0)
	return nil
}

// copy copies dimension dim and those inside it of a chunk that starts at element at of the dataset; to and
// from count elements of the dataset and of the chunk along the dimensions outside dim.
// Rows along the last dimension lie together in both, so the copying is done there by the longest runs that
// there are; the recursion over the others costs little beside it.
func (m *chunkMap) copy(out, data []byte, at []uint64, dim int, to, from uint64) {
	width := m.layout.chunk[dim]
	n := min(width, m.dims[dim]-at[dim])
	to, from = to*m.dims[dim]+at[dim], from*width
	if dim == len(at)-1 {
		size := m.layout.elementSize
		copy(out[to*size:], data[from*size:(from+n)*size])
		return
	}
	for i := range n {
		m.copy(out, data, at, dim+1, to+i, from+i)
	}
}
