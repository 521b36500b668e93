package hdf5

import (
	"fmt"
	"math/bits"
)

// btree1 visits the leaves' entries of a version 1 B-tree from left to right: its key, and the address of
// its child. kind is 0 for groups and 1 for chunks.
// The keys bound the children from both sides (n children stand between n+1 keys, section III.A.1), which
// only matters to a search. A visit of everything needs the key before each child, because a chunk's key
// holds the chunk's place; the last key has no child and is read over.
func (s *scan) btree1(addr uint64, kind, keySize int, visit func(key *cursor, child uint64) error) error {
	t := tree1{s: s, kind: kind, keySize: keySize, visit: visit}
	return t.node(addr, -1)
}

type tree1 struct {
	s             *scan
	kind, keySize int
	visit         func(key *cursor, child uint64) error
}

// node visits the node at addr, which must be of the given level; -1 allows any.
func (t *tree1) node(addr uint64, level int) error {
	const what = "B-tree node"
	// A node met before would send the visit round in circles, or make it exponential where nodes share
	// children.
	if err := t.s.enter(what, addr); err != nil {
		return err
	}
	width := t.s.f.offsetSize
	c := t.s.at(what, addr, uint64(8+2*width))
	c.signature("TREE")
	if kind := c.u8(); kind != t.kind {
		c.fail("type: got %d, want %d", kind, t.kind)
	}
	got := c.u8()
	// Levels fall by one at each step, so that even a file of distinct nodes ends the recursion.
	if level >= 0 && got != level || got > maxDepth {
		c.fail("level: got %d, want %d", got, level)
	}
	n := c.u16()
	c.skip(2 * width)
	// Only as much as the used entries take: a node's room for more is allocated, but need not be in the file
	// when the node is the last thing in it.
	t.s.more(c, uint64(n*(t.keySize+width)+t.keySize))
	for ; n > 0 && c.err == nil; n-- {
		key := &cursor{f: c.f, what: "B-tree key", at: c.at + uint64(c.pos), b: c.take(t.keySize)}
		child := c.addr()
		if c.err != nil {
			break
		}
		if err := t.entry(key, child, got); err != nil {
			return err
		}
	}
	return c.err
}

func (t *tree1) entry(key *cursor, child uint64, level int) error {
	if level > 0 {
		return t.node(child, level-1)
	}
	return t.visit(key, child)
}

// Record types of version 2 B-trees.
const (
	btreeHugeObjects    = 1
	btreeLinkNames      = 5
	btreeAttrNames      = 8
	btreeChunks         = 10
	btreeFilteredChunks = 11
)

// A tree2 is a version 2 B-tree that is being visited.
type tree2 struct {
	s          *scan
	kind       int
	nodeSize   uint64
	recordSize int
	levels     []tree2Level // index = height above the leaves
	visit      func(rec *cursor) error
	visited    uint64
}

// A tree2Level tells how the nodes of one height are laid out.
type tree2Level struct {
	countSize int // bytes of the number of records in a child
	totalSize int // bytes of the number of records below a child
}

// btree2 visits the records of a version 2 B-tree in order. Each is handed over as a cursor of the record's
// size.
func (s *scan) btree2(addr uint64, kind int, visit func(rec *cursor) error) error {
	c := s.at("B-tree header", addr, uint64(16+s.f.offsetSize+2+s.f.lengthSize+4))
	c.signature("BTHD")
	c.version(0)
	t := &tree2{s: s, kind: kind, visit: visit}
	if got := c.u8(); got != kind {
		c.fail("record type: got %d, want %d", got, kind)
	}
	t.nodeSize, t.recordSize = uint64(c.u32()), c.u16()
	depth := c.u16()
	c.skip(2)
	root, rootRecords, total := c.addr(), c.u16(), c.len()
	c.checksum()
	if c.err == nil && depth > maxDepth {
		c.fail("depth: got %d, want at most %d", depth, maxDepth)
	}
	if c.err != nil || root == undefined {
		return c.err
	}
	if err := t.layout(c, depth); err != nil {
		return err
	}
	if err := t.node(root, rootRecords, depth); err != nil {
		return err
	}
	// The header's total is redundant, and for that reason worth a look: a damaged count of one node would
	// otherwise leave out weights without a word.
	if t.visited != total {
		return c.fail("number of records: got %d, want %d", t.visited, total)
	}
	return nil
}

// layout derives the widths of the counts in internal nodes from the most records that a node can hold.
// The format does not store them (section III.A.2): a pointer to a child is an address, the number of records
// in the child and, above the leaves' parents, the number below it, each in as few bytes as the largest
// possible number takes. What is possible depends on the height, so the widths are found from the leaves
// upwards.
func (t *tree2) layout(c *cursor, depth int) error {
	const prefix = 10 // signature, version, type, checksum
	if t.recordSize == 0 || t.nodeSize < prefix+uint64(t.recordSize) {
		return c.fail("node size: got %d, want at least %d for a record of %d bytes", t.nodeSize,
			prefix+t.recordSize, t.recordSize)
	}
	most := (t.nodeSize - prefix) / uint64(t.recordSize)
	countSize := bytesFor(most)
	below, belowSize := most, 0
	t.levels = []tree2Level{{}}
	for range depth {
		pointer := uint64(t.s.f.offsetSize + countSize + belowSize)
		t.levels = append(t.levels, tree2Level{countSize, belowSize})
		if t.nodeSize < prefix+pointer {
			return c.fail("node size: got %d, want at least %d", t.nodeSize, prefix+pointer)
		}
		most = (t.nodeSize - prefix - pointer) / (uint64(t.recordSize) + pointer)
		// most+1 children with below records each, and the node's own.
		hi, lo := bits.Mul64(most+1, below)
		if hi != 0 || lo+most < lo {
			return c.fail("depth: got %d, more than nodes of %d bytes need", depth, t.nodeSize)
		}
		below = lo + most
		belowSize = bytesFor(below)
	}
	return nil
}

// bytesFor returns how many bytes hold numbers up to n.
func bytesFor(n uint64) int { return (bits.Len64(n|1) + 7) / 8 }

// node visits a node of n records, height levels above the leaves.
// Records stand first and pointers behind them, though the order of the tree is pointer, record, pointer: the
// checksum is verified over the whole before either is believed.
func (t *tree2) node(addr uint64, n, height int) error {
	what, signature := "B-tree leaf", "BTLF"
	size := 6 + n*t.recordSize
	level := t.levels[height]
	if height > 0 {
		what, signature = "B-tree internal node", "BTIN"
		size += (n + 1) * (t.s.f.offsetSize + level.countSize + level.totalSize)
	}
	if err := t.s.enter(what, addr); err != nil {
		return err
	}
	if uint64(size+4) > t.nodeSize {
		return fmt.Errorf("%s at offset %d: number of records: got %d, more than a node of %d bytes holds",
			what, t.s.f.absolute(addr), n, t.nodeSize)
	}
	c := t.s.at(what, addr, uint64(size+4))
	c.signature(signature)
	c.version(0)
	if kind := c.u8(); kind != t.kind {
		c.fail("record type: got %d, want %d", kind, t.kind)
	}
	records := c.pos
	c.skip(size - 6)
	c.checksum()
	if c.err != nil {
		return c.err
	}
	return t.contents(c, records, n, height)
}

// contents visits, in order, the children and records of a node whose records start at c.b[at].
func (t *tree2) contents(c *cursor, at, n, height int) error {
	c.pos = at + n*t.recordSize
	level := t.levels[height]
	for i := 0; i <= n; i++ {
		if height > 0 {
			child := c.addr()
			count := c.uint(level.countSize)
			c.skip(level.totalSize)
			// A record takes a byte at least. Without this bound the product in node could wrap.
			if count > uint64(t.nodeSize) {
				c.fail("number of records in a child: got %d, want at most %d", count, t.nodeSize)
			}
			if c.err != nil {
				return c.err
			}
			if err := t.node(child, int(count), height-1); err != nil {
				return err
			}
		}
		if i == n {
			break
		}
		start := at + i*t.recordSize
		t.visited++
		rec := &cursor{f: c.f, what: "B-tree record", at: c.at + uint64(start), b: c.b[start:][:t.recordSize]}
		if err := t.visit(rec); err != nil {
			return err
		}
	}
	return nil
}
