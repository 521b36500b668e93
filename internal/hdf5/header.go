package hdf5

import "fmt"

// Types of header messages.
const (
	msgNil          = 0x00
	msgDataspace    = 0x01
	msgLinkInfo     = 0x02
	msgDatatype     = 0x03
	msgFill         = 0x05
	msgLink         = 0x06
	msgExternal     = 0x07
	msgLayout       = 0x08
	msgGroupInfo    = 0x0a
	msgFilters      = 0x0b
	msgAttribute    = 0x0c
	msgContinuation = 0x10
	msgSymbolTable  = 0x11
	msgAttrInfo     = 0x15
	msgLast         = 0x18 // the highest type the format defines
)

const (
	flagShared      = 1 << 1 // the message is stored elsewhere
	flagMustBeKnown = 1 << 7 // a reader that does not know the type must give up
)

// A message is one piece of an object header.
type message struct {
	kind  int
	flags int
	at    uint64 // file offset of body
	body  []byte
}

// A header is an object header: the messages of its first block and of all continuations.
type header struct {
	f        *File
	messages []message
}

// A block is a part of the file that holds messages.
type block struct{ addr, size uint64 }

// header reads the object header at addr, of either version.
func (s *scan) header(addr uint64) (*header, error) {
	c := s.at("object header", addr, 4)
	if c.err != nil {
		return nil, c.err
	}
	h := &header{f: s.f}
	if string(c.b) == "OHDR" {
		return h, s.header2(h, addr)
	}
	return h, s.header1(h, addr)
}

// header1 reads a version 1 header, whose first block follows a prefix padded to 16 bytes.
func (s *scan) header1(h *header, addr uint64) error {
	c := s.at("object header", addr, 16)
	c.version(1)
	c.skip(1)
	count := c.u16()
	c.skip(4)
	size := c.u32()
	if c.err != nil {
		return c.err
	}
	// Continuations come in a list and not by recursion: a chain of many thousand of them is legal, if
	// unwise.
	total := 0
	todo := []block{{addr + 16, uint64(size)}}
	for len(todo) > 0 {
		b, n, err := s.messages1(h, todo[0])
		if err != nil {
			return err
		}
		todo, total = append(todo[1:], b...), total+n
	}
	// The prefix counts messages of all blocks, nil messages and continuations included.
	if total != count {
		return c.fail("number of messages: got %d, want %d", total, count)
	}
	return nil
}

// messages1 reads one block of a version 1 header. It returns the continuations named in it and the number
// of messages.
// Sizes include the padding to eight bytes, so messages follow each other without further sums.
func (s *scan) messages1(h *header, b block) (next []block, n int, err error) {
	const what = "object header messages"
	if err := s.enter(what, b.addr); err != nil {
		return nil, 0, err
	}
	c := s.at(what, b.addr, b.size)
	for ; c.err == nil && c.rest() > 0; n++ {
		m := message{kind: c.u16()}
		size := c.u16()
		m.flags = c.u8()
		c.skip(3)
		m.at, m.body = c.at+uint64(c.pos), c.take(size)
		next = h.add(c, m, next)
	}
	return next, n, c.err
}

// header2 reads a version 2 header.
// Its prefix has parts that depend on flags (section IV.A.1.b), so it is read in three steps, each of which
// knows how long the next is. Only then does the checksum cover the block.
func (s *scan) header2(h *header, addr uint64) error {
	c := s.at("object header", addr, 6)
	c.signature("OHDR")
	c.version(2)
	flags := c.u8()
	prefix := 1 << (flags & 3)
	sizeAt := 0
	if flags&(1<<5) != 0 { // four times
		sizeAt += 16
	}
	if flags&(1<<4) != 0 { // limits between compact and dense attributes
		sizeAt += 4
	}
	s.more(c, uint64(sizeAt+prefix))
	c.skip(sizeAt)
	size := c.uint(prefix)
	if !s.f.fits(addr, size) {
		c.fail("size of the first block: got %d, want at most the file's %d bytes", size, s.f.size)
	}
	s.more(c, size+4)
	if err := s.enter(c.what, addr); err != nil && c.err == nil {
		return err
	}
	todo := h.messages2(c, flags)
	for c.err == nil && len(todo) > 0 {
		more, err := s.continuation2(h, todo[0], flags)
		if err != nil {
			return err
		}
		todo = append(todo[1:], more...)
	}
	return c.err
}

// continuation2 reads a continuation block of a version 2 header.
func (s *scan) continuation2(h *header, b block, flags int) ([]block, error) {
	const what = "object header continuation"
	if err := s.enter(what, b.addr); err != nil {
		return nil, err
	}
	c := s.at(what, b.addr, b.size)
	c.signature("OCHK")
	next := h.messages2(c, flags)
	return next, c.err
}

// messages2 reads the messages from c up to the checksum at its end, and returns the continuations. A gap
// too small for a message may stand before the checksum.
func (h *header) messages2(c *cursor, flags int) (next []block) {
	fixed := 4
	if flags&(1<<2) != 0 { // creation order of attributes
		fixed = 6
	}
	for c.err == nil && c.rest() >= fixed+4 {
		m := message{kind: c.u8()}
		size := c.u16()
		m.flags = c.u8()
		c.skip(fixed - 4)
		// The last four bytes are the block's checksum and belong to no message.
		if size > c.rest()-4 {
			c.fail("message size: got %d, want at most %d", size, c.rest()-4)
		}
		m.at, m.body = c.at+uint64(c.pos), c.take(size)
		next = h.add(c, m, next)
	}
	c.skip(c.rest() - 4)
	c.checksum()
	return next
}

// add files a message under h, or a continuation under next.
func (h *header) add(c *cursor, m message, next []block) []block {
	switch {
	case c.err != nil || m.kind == msgNil:
	case m.kind == msgContinuation:
		body := h.cursor("continuation message", &m)
		b := block{body.addr(), body.len()}
		if body.err != nil {
			c.err = body.err
		}
		return append(next, b)
	// Types that later versions of the format add are passed over, unless the writer said that the object
	// cannot be understood without them.
	case m.kind > msgLast && m.flags&flagMustBeKnown != 0:
		c.fail("holds a message of the unknown type %d that a reader must know", m.kind)
	default:
		h.messages = append(h.messages, m)
	}
	return next
}

// find returns the first message of a kind, or nil.
func (h *header) find(kind int) *message {
	for i := range h.messages {
		if h.messages[i].kind == kind {
			return &h.messages[i]
		}
	}
	return nil
}

// open returns a cursor over the first message of a kind, which must exist.
func (h *header) open(what string, kind int) (*cursor, error) {
	m := h.find(kind)
	if m == nil {
		return nil, fmt.Errorf("the object has no %s", what)
	}
	c := h.cursor(what, m)
	return c, c.err
}

// cursor opens a message. One that is shared, so that only a reference to it is here, is not supported.
// Only here, where somebody wants it, is a shared message refused: one that nobody asks for does no harm.
func (h *header) cursor(what string, m *message) *cursor {
	c := &cursor{f: h.f, what: what, at: m.at, b: m.body}
	if m.flags&flagShared != 0 {
		c.fail("it is shared (a committed datatype, or a shared message table): not supported")
	}
	return c
}
