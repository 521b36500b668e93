package hdf5

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// An Attr is an attribute of a group or a dataset: a name and a small array.
// It is read with its object's header and holds its data: attributes are small, and Keras keeps a whole
// model's configuration in one of them.
type Attr struct {
	owner *node
	name  string
	space space
	data  array
}

// Attrs returns the object's attributes in byte order of their names.
// They are sorted, since dense attributes come in the order of their names' hashes, which means nothing to
// anybody, and an answer must not depend on how the writer happened to store them. A name that is there twice
// is corruption: which of the two counts would be a guess, and for a model's configuration a costly one.
func (n *node) Attrs() ([]*Attr, error) {
	s := n.f.scan(n.path)
	attrs, err := s.attrs(n)
	if err != nil {
		return nil, s.wrap(err)
	}
	slices.SortFunc(attrs, func(a, b *Attr) int { return strings.Compare(a.name, b.name) })
	for i, a := range attrs {
		if i > 0 && attrs[i-1].name == a.name {
			return nil, n.errorf("holds two attributes named %s", quote(a.name))
		}
	}
	return attrs, nil
}

// Attr returns the named attribute; errors.Is(err, fs.ErrNotExist) when there is none.
func (n *node) Attr(name string) (*Attr, error) {
	attrs, err := n.Attrs()
	if err != nil {
		return nil, err
	}
	for _, a := range attrs {
		if a.name == name {
			return a, nil
		}
	}
	return nil, n.errorf("%w", missing("attribute "+quote(name)+": got none of that name"))
}

// missing is an fs.ErrNotExist about something inside a file: that error's own words speak of the file.
type missing string

func (m missing) Error() string { return string(m) }

// Is makes errors.Is find fs.ErrNotExist.
func (m missing) Is(target error) bool { return target == fs.ErrNotExist }

// attrs reads the attributes of an object's header and, where it has one, of its attribute heap.
func (s *scan) attrs(n *node) ([]*Attr, error) {
	var attrs []*Attr
	for i := range n.header.messages {
		if m := &n.header.messages[i]; m.kind == msgAttribute {
			a, err := parseAttr(n, n.header.cursor("attribute message", m))
			if err != nil {
				return nil, err
			}
			attrs = append(attrs, a)
		}
	}
	// Many attributes (by the library's default, more than eight) move to a heap, and the header keeps only
	// where that is (section IV.A.2.v).
	if n.header.find(msgAttrInfo) == nil {
		return attrs, nil
	}
	c, err := n.header.open("attribute info message", msgAttrInfo)
	if err != nil {
		return nil, err
	}
	c.version(0)
	if c.u8()&1 != 0 {
		c.skip(2) // highest creation index
	}
	heap, names := c.addr(), c.addr()
	if c.err != nil || heap == undefined {
		return attrs, c.err
	}
	dense, err := s.denseAttrs(n, heap, names)
	return append(attrs, dense...), err
}

// denseAttrs reads the attributes kept in a fractal heap.
func (s *scan) denseAttrs(n *node, heapAddr, namesAddr uint64) ([]*Attr, error) {
	heap, err := s.fractalHeap(heapAddr)
	if err != nil {
		return nil, err
	}
	var attrs []*Attr
	err = s.btree2(namesAddr, btreeAttrNames, func(rec *cursor) error {
		id := rec.take(heap.idLength)
		flags := rec.u8()
		rec.skip(4) // creation order
		// The record is for finding one name: it is sorted by this hash. All attributes are wanted here, so
		// the hash serves as a check that record and object belong together.
		hash := rec.u32()
		if rec.err == nil && flags&flagShared != 0 {
			rec.fail("the attribute is shared: not supported")
		}
		if rec.err != nil {
			return rec.err
		}
		obj := heap.object(s, id)
		a, err := parseAttr(n, obj)
		if err == nil && lookup3([]byte(a.name)) != hash {
			err = obj.fail("hash of the name %s: got %#08x, want %#08x", quote(a.name),
				lookup3([]byte(a.name)), hash)
		}
		attrs = append(attrs, a)
		return err
	})
	return attrs, err
}

// parseAttr reads an attribute message. Versions 1 and 2 differ in padding, 3 adds a character set.
func parseAttr(n *node, c *cursor) (*Attr, error) {
	// Version 1 pads each of name, type and space to eight bytes; version 2 stops that and adds the flags for
	// shared parts; version 3 says how the name is encoded, which is UTF-8 or its subset ASCII in any case.
	version := c.version(1, 2, 3)
	flags := c.u8()
	if c.err == nil && version > 1 && flags&3 != 0 {
		return nil, c.fail("its datatype or dataspace is shared (committed): not supported")
	}
	nameSize, typeSize, spaceSize := c.u16(), c.u16(), c.u16()
	if version == 3 {
		c.skip(1)
	}
	// The three parts are cut out before they are parsed: a datatype that claims more members than its part
	// has room for then fails in its own part, and cannot eat the dataspace behind it.
	part := func(what string, size int) *cursor {
		p := &cursor{f: c.f, what: what, at: c.at + uint64(c.pos), b: c.take(size)}
		if version == 1 {
			c.skip(-size & 7)
		}
		p.err = c.err
		return p
	}
	name := part("attribute name", nameSize)
	a := &Attr{owner: n, name: strings.TrimRight(string(name.b), "\x00")}
	if name.err != nil {
		return nil, name.err
	}
	typ := part("datatype of the attribute "+quote(a.name), typeSize)
	extent := part("dataspace of the attribute "+quote(a.name), spaceSize)
	var err error
	if a.data.typ, err = parseType(typ); err != nil {
		return nil, err
	}
	if a.space, err = parseSpace(extent); err != nil {
		return nil, err
	}
	return a, a.parseData(c)
}

// parseData takes the values, which fill the rest of the message. The size is compared with what is there
// before anything is made of it: dimensions are the file's word only.
func (a *Attr) parseData(c *cursor) error {
	count, ok := a.space.count()
	size, fits := product(count, uint64(a.data.typ.Size))
	if !ok || !fits || size > uint64(c.rest()) {
		return c.fail("data of the attribute %s: got %d bytes, want %d elements of %d bytes", quote(a.name),
			c.rest(), count, a.data.typ.Size)
	}
	a.data.count, a.data.raw = int(count), c.take(int(size))
	return c.err
}

// Name returns the attribute's name.
func (a *Attr) Name() string { return a.name }

// Shape returns the lengths of the attribute's dimensions: none for a single value.
func (a *Attr) Shape() []int { return slices.Clone(a.space.dims) }

// Null reports whether the attribute has a type but no value at all (h5py's Empty).
func (a *Attr) Null() bool { return a.space.null }

// Type returns the type of the attribute's elements.
func (a *Attr) Type() Type { return a.data.typ }

func (a *Attr) errorf(err error) error {
	if err == nil {
		return nil
	}
	return a.owner.errorf("attribute %s: %w", quote(a.name), err)
}

// Text returns the value of a single string.
func (a *Attr) Text() (string, error) {
	all, err := a.Strings()
	if err == nil && len(all) != 1 {
		err = a.errorf(fmt.Errorf("got %d strings, want one", len(all)))
	}
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// Strings returns the values of strings, in C order.
func (a *Attr) Strings() ([]string, error) {
	if err := a.data.typ.wantString(); err != nil {
		return nil, a.errorf(err)
	}
	out, err := a.data.strings(a.owner.f.scan(a.owner.path))
	return out, a.errorf(err)
}

// Ints returns the values of integers, enumerations and bools, in C order.
func (a *Attr) Ints() ([]int64, error) {
	if err := a.data.typ.wantInteger(); err != nil {
		return nil, a.errorf(err)
	}
	out, err := a.data.integers()
	return out, a.errorf(err)
}

// Uints is Ints for values that may exceed the largest int64.
// Two functions, as no Go type holds both, and a silent wrap would turn a large count into a negative one.
func (a *Attr) Uints() ([]uint64, error) {
	if err := a.data.typ.wantInteger(); err != nil {
		return nil, a.errorf(err)
	}
	out, err := a.data.unsigned()
	return out, a.errorf(err)
}

// Floats returns the values of floats of any size, in C order.
func (a *Attr) Floats() ([]float64, error) {
	if err := a.data.typ.wantFloat(8); err != nil {
		return nil, a.errorf(err)
	}
	return floats[float64](a.data), nil
}
