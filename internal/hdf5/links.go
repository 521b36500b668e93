package hdf5

import (
	"fmt"
	"slices"
	"strings"
)

type linkKind int

const (
	hardLink linkKind = iota
	softLink
	foreignLink // external or user-defined
)

// A link is a member of a group.
type link struct {
	name   string
	kind   linkKind
	addr   uint64 // of the object header, hard links
	target string // path, soft links
	order  uint64 // creation order, where tracked
}

// links lists a group's links in the order of Names.
// A group keeps them in one of three ways: a symbol table (before HDF5 1.8), link messages in its header
// (few), or a fractal heap (many). The order in which they were made is known only where the creator asked
// for it, as h5py does with track_order; elsewhere byte order is what h5py and the library's own iteration
// give.
func (s *scan) links(h *header) ([]link, error) {
	if h.find(msgSymbolTable) != nil {
		links, err := s.symbolTable(h)
		sortLinks(links, false)
		return links, err
	}
	links, err := s.compactLinks(h)
	if err != nil || h.find(msgLinkInfo) == nil {
		sortLinks(links, false)
		return links, err
	}
	c, err := h.open("link info message", msgLinkInfo)
	if err != nil {
		return nil, err
	}
	c.version(0)
	tracked := c.u8()&1 != 0
	if tracked {
		c.skip(8)
	}
	heap, names := c.addr(), c.addr()
	if c.err == nil && heap != undefined {
		// A group changes from one form to the other as a whole. Both at once could name one member twice.
		if len(links) > 0 {
			return nil, c.fail("the group has both compact and dense links")
		}
		links, err = s.denseLinks(heap, names)
	}
	if c.err != nil {
		err = c.err
	}
	sortLinks(links, tracked)
	return links, err
}

func sortLinks(links []link, byOrder bool) {
	slices.SortFunc(links, func(a, b link) int {
		if byOrder && a.order != b.order {
			if a.order < b.order {
				return -1
			}
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
}

// compactLinks reads the links kept in the object header.
func (s *scan) compactLinks(h *header) ([]link, error) {
	var links []link
	for i := range h.messages {
		if m := &h.messages[i]; m.kind == msgLink {
			l, err := parseLink(h.cursor("link message", m))
			if err != nil {
				return nil, err
			}
			links = append(links, l)
		}
	}
	return links, nil
}

// denseLinks reads the links kept in a fractal heap, found through the B-tree of their names' hashes.
func (s *scan) denseLinks(heapAddr, namesAddr uint64) ([]link, error) {
	heap, err := s.fractalHeap(heapAddr)
	if err != nil {
		return nil, err
	}
	var links []link
	err = s.btree2(namesAddr, btreeLinkNames, func(rec *cursor) error {
		// As with attributes, the index is only a way to every object, and its hash a check.
		hash := rec.u32()
		obj := heap.object(s, rec.take(rec.rest()))
		l, err := parseLink(obj)
		if err == nil && lookup3([]byte(l.name)) != hash {
			err = obj.fail("hash of the link's name %s: got %#08x, want %#08x", quote(l.name),
				lookup3([]byte(l.name)), hash)
		}
		links = append(links, l)
		return err
	})
	return links, err
}

// parseLink reads a link message.
// See section IV.A.2.g. The same bytes stand in a header and in a heap. External links are kept, not refused:
// one that nobody opens is no reason to fail.
func parseLink(c *cursor) (link, error) {
	c.version(1)
	flags := c.u8()
	var l link
	kind := 0
	if flags&(1<<3) != 0 {
		kind = c.u8()
	}
	if flags&(1<<2) != 0 {
		l.order = c.u64()
	}
	if flags&(1<<4) != 0 {
		c.skip(1) // character set
	}
	length := c.uint(1 << (flags & 3))
	if length == 0 || length > uint64(c.rest()) {
		c.fail("length of the link's name: got %d, want 1 to %d", length, c.rest())
	}
	l.name = c.text(int(length))
	switch {
	case kind == 0:
		l.addr = c.addr()
	case kind == 1:
		l.kind, l.target = softLink, c.text(c.u16())
	case kind >= 64:
		l.kind = foreignLink
	default:
		c.fail("type of the link %s: got %d, want 0, 1 or at least 64", quote(l.name), kind)
	}
	return l, c.err
}

// symbolTable reads the links of an old-style group: a B-tree of symbol table nodes, and a local heap that
// holds the names.
func (s *scan) symbolTable(h *header) ([]link, error) {
	c, err := h.open("symbol table message", msgSymbolTable)
	if err != nil {
		return nil, err
	}
	tree, heapAddr := c.addr(), c.addr()
	if c.err != nil {
		return nil, c.err
	}
	heap, err := s.localHeap(heapAddr)
	if err != nil {
		return nil, err
	}
	var links []link
	err = s.btree1(tree, 0, s.f.lengthSize, func(_ *cursor, child uint64) error {
		return s.symbolNode(child, heap, &links)
	})
	return links, err
}

// symbolNode reads one symbol table node.
func (s *scan) symbolNode(addr uint64, heap *localHeap, links *[]link) error {
	const what = "symbol table node"
	if err := s.enter(what, addr); err != nil {
		return err
	}
	c := s.at(what, addr, 8)
	c.signature("SNOD")
	c.version(1)
	c.skip(1)
	n := c.u16()
	s.more(c, uint64(n)*uint64(2*s.f.offsetSize+24))
	for ; n > 0 && c.err == nil; n-- {
		name := c.addr()
		l := link{addr: c.addr()}
		// Type 2 of the cached data marks a soft link, whose path is in the heap as well, where the scratch
		// says. Type 1 repeats what the object's header holds, and is passed over: one source is enough.
		cache := c.u32()
		c.skip(4)
		scratch := c.at + uint64(c.pos)
		value := c.u32()
		c.skip(12)
		if c.err != nil {
			break
		}
		var err error
		if l.name, err = heap.text(s, name); err == nil && cache == 2 {
			l.kind = softLink
			l.target, err = heap.text(s, uint64(value))
		}
		if err != nil {
			return fmt.Errorf("%s, entry before offset %d: %w", what, scratch, err)
		}
		*links = append(*links, l)
	}
	return c.err
}
