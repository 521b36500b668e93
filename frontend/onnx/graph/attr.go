package graph

import "fmt"

// AttrType says which of an attribute's values is the one.
type AttrType uint8

// The types of attributes, with ONNX's numbers.
const (
	NoAttr     AttrType = 0
	FloatAttr  AttrType = 1
	IntAttr    AttrType = 2
	TextAttr   AttrType = 3
	TensorAttr AttrType = 4
	GraphAttr  AttrType = 5
	FloatsAttr AttrType = 6
	IntsAttr   AttrType = 7
	TextsAttr  AttrType = 8
)

// Attr is one setting of a node.
type Attr struct {
	Type   AttrType
	Float  float32
	Int    int64
	Text   string
	Floats []float32
	Ints   []int64
	Texts  []string
	Tensor *Tensor
}

// IntOf is an attribute of a whole number.
func IntOf(v int) Attr { return Attr{Type: IntAttr, Int: int64(v)} }

// FloatOf is an attribute of a number.
func FloatOf(v float64) Attr { return Attr{Type: FloatAttr, Float: float32(v)} }

// IntsOf is an attribute of whole numbers.
func IntsOf(v ...int) Attr {
	list := make([]int64, len(v))
	for i, x := range v {
		list[i] = int64(x)
	}
	return Attr{Type: IntsAttr, Ints: list}
}

// Has reports whether the node has the attribute.
func (n *Node) Has(name string) bool { _, ok := n.Attrs[name]; return ok }

// Int is an attribute of a whole number, or def.
func (n *Node) Int(name string, def int) (int, error) {
	a, ok := n.Attrs[name]
	switch {
	case !ok:
		return def, nil
	case a.Type != IntAttr:
		return 0, fmt.Errorf("%s: got %s, want a whole number", name, a.Type)
	}
	return int(a.Int), nil
}

// Float is an attribute of a number, or def.
func (n *Node) Float(name string, def float64) (float64, error) {
	a, ok := n.Attrs[name]
	switch {
	case !ok:
		return def, nil
	case a.Type == IntAttr:
		return float64(a.Int), nil
	case a.Type != FloatAttr:
		return 0, fmt.Errorf("%s: got %s, want a number", name, a.Type)
	case a.Float != a.Float || a.Float-a.Float != 0:
		return 0, fmt.Errorf("%s: got %v, want a finite number", name, a.Float)
	}
	return float64(a.Float), nil
}

// Text is an attribute of a text, or def.
func (n *Node) Text(name, def string) (string, error) {
	a, ok := n.Attrs[name]
	switch {
	case !ok:
		return def, nil
	case a.Type != TextAttr:
		return "", fmt.Errorf("%s: got %s, want a text", name, a.Type)
	}
	return a.Text, nil
}

// Ints is an attribute of whole numbers, nil where it is not there.
func (n *Node) Ints(name string) ([]int, error) {
	a, ok := n.Attrs[name]
	switch {
	case !ok:
		return nil, nil
	case a.Type == IntAttr:
		return []int{int(a.Int)}, nil
	case a.Type != IntsAttr:
		return nil, fmt.Errorf("%s: got %s, want whole numbers", name, a.Type)
	}
	out := make([]int, len(a.Ints))
	for i, v := range a.Ints {
		out[i] = int(v)
	}
	return out, nil
}

// String names the type in messages.
func (t AttrType) String() string {
	names := []string{"nothing", "a number", "a whole number", "a text", "a tensor", "a graph", "numbers",
		"whole numbers", "texts"}
	if int(t) < len(names) {
		return names[t]
	}
	return fmt.Sprintf("an attribute of type %d", uint8(t))
}
