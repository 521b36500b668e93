package hdf5

import (
	"fmt"
	"strings"
)

// A node is what groups and datasets have in common.
type node struct {
	f      *File
	path   string
	addr   uint64 // of the object header
	header *header
}

// Path returns the path by which the object was opened.
func (n *node) Path() string { return n.path }

func (n *node) errorf(format string, args ...any) error {
	return n.f.scan(n.path).wrap(fmt.Errorf(format, args...))
}

// A Group is a set of named links to objects.
type Group struct {
	node
	links []link
	index map[string]int
}

// object opens the object whose header is at addr; path is its name in messages.
func (f *File) object(addr uint64, path string) (Object, error) {
	if g, ok := f.groups.Load(addr); ok && g.(*Group).path == path {
		return g.(*Group), nil
	}
	s := f.scan(path)
	h, err := s.header(addr)
	if err != nil {
		return nil, s.wrap(err)
	}
	n := node{f: f, path: path, addr: addr, header: h}
	var obj Object
	// What an object is follows from the messages it has (section IV.A): there is no field that says it.
	// Groups are asked for first, because an old-style group holds nothing but its symbol table, and a
	// new-style one may hold no link at all.
	switch {
	case h.find(msgSymbolTable) != nil || h.find(msgLinkInfo) != nil || h.find(msgGroupInfo) != nil:
		obj, err = s.group(n)
	case h.find(msgDataspace) != nil || h.find(msgLayout) != nil:
		obj, err = s.dataset(n)
	case h.find(msgDatatype) != nil:
		err = fmt.Errorf("is a committed datatype: not supported, want a group or a dataset")
	default:
		err = fmt.Errorf("is neither a group nor a dataset: its header holds no message of either")
	}
	if err != nil {
		return nil, s.wrap(err)
	}
	f.remember(obj)
	return obj, nil
}

// remember keeps groups of many links: the weights of a network are one group for each layer in one group,
// which would be read again, whole, for every weight. There is one for each header in the file at most,
// whatever paths lead to it.
func (f *File) remember(obj Object) {
	if g, ok := obj.(*Group); ok && len(g.links) >= rememberFrom {
		f.groups.LoadOrStore(g.addr, g)
	}
}

func (s *scan) group(n node) (*Group, error) {
	links, err := s.links(n.header)
	if err != nil {
		return nil, err
	}
	g := &Group{node: n, links: links, index: make(map[string]int, len(links))}
	for i, l := range links {
		// Names are unique in a group by definition; which of two objects a model means could only be
		// guessed.
		if _, twice := g.index[l.name]; twice {
			return nil, fmt.Errorf("holds two links named %s", quote(l.name))
		}
		g.index[l.name] = i
	}
	return g, nil
}

// Names returns the names of the group's links: in the order they were made where the file tracks it, else in
// byte order, as h5py does. Soft and external links are included.
func (g *Group) Names() []string {
	names := make([]string, len(g.links))
	for i, l := range g.links {
		names[i] = l.name
	}
	return names
}

// Has reports whether the group has a link of that name.
func (g *Group) Has(name string) bool {
	_, ok := g.index[name]
	return ok
}

// Open opens the object at a slash-separated path below g, or from the root when it starts with "/". Soft
// links are followed. errors.Is(err, fs.ErrNotExist) when there is no such object.
func (g *Group) Open(path string) (Object, error) {
	r := resolver{want: path, from: g}
	return r.open(g, path)
}

// Group opens a path as Open does and fails when a dataset is there.
func (g *Group) Group(path string) (*Group, error) {
	obj, err := g.Open(path)
	if err != nil {
		return nil, err
	}
	if sub, ok := obj.(*Group); ok {
		return sub, nil
	}
	return nil, obj.(*Dataset).errorf("got a dataset, want a group")
}

// Dataset opens a path as Open does and fails when a group is there.
func (g *Group) Dataset(path string) (*Dataset, error) {
	obj, err := g.Open(path)
	if err != nil {
		return nil, err
	}
	if d, ok := obj.(*Dataset); ok {
		return d, nil
	}
	return nil, obj.(*Group).errorf("got a group, want a dataset")
}

// A resolver follows one path and counts the soft links on the way.
// Soft links hold paths and may lead back to themselves, directly or through others. The count, kept over the
// whole path, ends that; hard links cannot do harm here, since every step uses up one name of the path.
type resolver struct {
	from *Group
	want string
	soft int
}

func (r *resolver) open(g *Group, path string) (Object, error) {
	if strings.HasPrefix(path, "/") {
		g = g.f.root
	}
	var obj Object = g
	for name := range strings.SplitSeq(path, "/") {
		if name == "" || name == "." {
			continue
		}
		parent, ok := obj.(*Group)
		if !ok {
			return nil, r.from.errorf("%s: %s is a dataset, want a group", quote(r.want), quote(obj.Path()))
		}
		var err error
		if obj, err = r.step(parent, name); err != nil {
			return nil, err
		}
	}
	return obj, nil
}

func (r *resolver) step(g *Group, name string) (Object, error) {
	i, ok := g.index[name]
	if !ok {
		return nil, r.from.errorf("%s: %w", quote(r.want), missing(quote(g.path)+" has no member "+quote(name)))
	}
	l := &g.links[i]
	switch l.kind {
	case hardLink:
		return g.f.object(l.addr, join(g.path, name))
	case softLink:
		if r.soft++; r.soft > maxSoftLinks {
			return nil, r.from.errorf("%s: got more than %d soft links", quote(r.want), maxSoftLinks)
		}
		// Relative targets start from the group that holds the link.
		return r.open(g, l.target)
	}
	return nil, r.from.errorf("%s: the link %s leads out of this file: external and user-defined links are "+
		"not supported", quote(r.want), quote(join(g.path, name)))
}

func join(group, name string) string {
	if group == "/" {
		return "/" + name
	}
	return group + "/" + name
}
