package graph

import (
	"fmt"
	"io"
)

// Bounds of a file. Networks for firmware have some hundred nodes.
const (
	maxNodes   = 20_000
	maxTensors = 100_000
	maxAttrs   = 100 // of a node
	maxEnds    = 1000
)

// loader reads one file.
type loader struct {
	main  *file
	files map[string]*file // of values outside, by their location
	g     *Graph
	graph bool // whether there was one
}

// Open reads a file. The values of tensors stay in it: close it when all that are wanted have been read.
func Open(path string) (g *Graph, close func(), err error) {
	f, err := openFile(path, "an ONNX model")
	if err != nil {
		return nil, nil, err
	}
	l := &loader{main: f, files: map[string]*file{}}
	shut := func() {
		f.close()
		for _, f := range l.files {
			f.close()
		}
	}
	if err := l.read(); err != nil {
		shut()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return l.g, shut, nil
}

// Read reads a model from memory or elsewhere; name stands for it in messages.
func Read(name string, r io.ReaderAt, size int64) (*Graph, error) {
	l := &loader{main: &file{ReaderAt: r, path: name, size: size}, files: map[string]*file{}}
	if err := l.read(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l.g, nil
}

func (l *loader) read() error {
	src := &source{file: l.main, window: make([]byte, 0, windowSize), size: l.main.size}
	l.g = New(l.main.path)
	m := &message{src: src, name: "ModelProto", end: l.main.size}
	l.model(m)
	if m.err != nil {
		return fmt.Errorf("model: got a damaged file, or none of ONNX: %w", m.err)
	}
	if !l.graph || len(l.g.Opsets) == 0 {
		return fmt.Errorf("model: got a file without a graph or versions of operators, want a model of ONNX")
	}
	return l.check()
}

func (l *loader) model(m *message) {
	for m.more() {
		var in *message
		switch m.field {
		case 7:
			in = m.inner("GraphProto")
			l.graphOf(in)
			l.graph = true
		case 8:
			in = m.inner("OperatorSetIdProto")
			l.opset(in)
		case 25:
			m.fail(m.next, "got functions of the model's own, want them inlined (onnx.inliner does it)")
		}
		if in != nil && !m.done(in) {
			return
		}
	}
}

func (l *loader) opset(m *message) {
	domain, version := "", 0
	for m.more() {
		switch m.field {
		case 1:
			domain = m.text()
		case 2:
			version = int(m.int())
		}
	}
	if len(l.g.Opsets) > maxEnds {
		m.fail(m.next, "got more than %d sets of operators, want fewer", maxEnds)
	}
	if domain == "ai.onnx" {
		domain = ""
	}
	l.g.Opsets[domain] = version
}

func (l *loader) graphOf(m *message) {
	g := l.g
	for m.more() {
		var in *message
		switch m.field {
		case 1:
			in = m.inner("NodeProto")
			g.Nodes = append(g.Nodes, l.node(in))
			if len(g.Nodes) > maxNodes {
				in.fail(m.body.at, "got more than %d nodes, want fewer", maxNodes)
			}
		case 5:
			in = m.inner("TensorProto")
			t := l.tensor(in)
			if in.err == nil && g.inits[t.Name] != nil {
				in.fail(m.body.at, "tensor %q: got two of that name, want one", t.Name)
			}
			if len(g.Inits) > maxTensors {
				in.fail(m.body.at, "got more than %d constants, want fewer", maxTensors)
			}
			if in.err == nil {
				g.Inits = append(g.Inits, t)
				g.inits[t.Name] = t
			}
		case 11, 12, 13:
			in = m.inner("ValueInfoProto")
			l.end(in, m.field)
		case 15:
			m.fail(m.next, "got sparse tensors, want dense ones")
		}
		if in != nil && !m.done(in) {
			return
		}
	}
}

// end reads what is known of a tensor, which may be an input or an output.
func (l *loader) end(m *message, field int) {
	name, v := "", Value{}
	for m.more() {
		switch m.field {
		case 1:
			name = m.text()
		case 2:
			in := m.inner("TypeProto")
			v = typeOf(in)
			m.done(in)
		}
	}
	g := l.g
	switch field {
	case 11:
		g.Inputs = append(g.Inputs, name)
	case 12:
		g.Outputs = append(g.Outputs, name)
	}
	if len(g.values) > maxTensors || len(g.Outputs) > maxEnds || len(g.Inputs) > maxTensors {
		m.fail(m.next, "got more than %d tensors or %d outputs, want fewer", maxTensors, maxEnds)
	}
	if len(v.Dims) > maxRank {
		m.fail(m.next, "tensor %q: got %d axes, want at most %d", name, len(v.Dims), maxRank)
	}
	if name != "" && (field != 13 || g.values[name].Dims == nil) {
		g.values[name] = v
	}
}

// typeOf reads the type of a tensor. Other types, such as sequences, are unknown ones.
func typeOf(m *message) Value {
	var v Value
	for m.more() {
		if m.field != 1 {
			continue
		}
		in := m.inner("TypeProto.Tensor")
		for in.more() {
			switch in.field {
			case 1:
				v.Type = DType(in.int())
			case 2:
				shape := in.inner("TensorShapeProto")
				v.Dims = dims(shape)
				in.done(shape)
			}
		}
		m.done(in)
	}
	return v
}

// dims reads a shape; an axis of no number is not known.
func dims(m *message) []int {
	out := []int{}
	for m.more() {
		if m.field != 1 {
			continue
		}
		d, in := -1, m.inner("Dimension")
		for in.more() {
			if in.field == 1 {
				if v := in.int(); v >= 0 && v < 1<<31 {
					d = int(v)
				} else {
					in.fail(in.next, "got an axis of size %d, want no negative one, below 2^31", v)
				}
			}
		}
		m.done(in)
		if out = append(out, d); len(out) > 1000 {
			m.fail(m.next, "got more than 1000 axes, want at most %d", maxRank)
		}
	}
	return out
}

func (l *loader) node(m *message) *Node {
	n := &Node{}
	for m.more() {
		switch m.field {
		case 1:
			n.Inputs = append(n.Inputs, m.text())
		case 2:
			n.Outputs = append(n.Outputs, m.text())
		case 3:
			n.Name = m.text()
		case 4:
			n.Op = m.text()
		case 5:
			in := m.inner("AttributeProto")
			name, a := l.attr(in)
			if !m.done(in) {
				return n
			}
			if n.Attrs == nil {
				n.Attrs = map[string]Attr{}
			}
			if n.Attrs[name] = a; len(n.Attrs) > maxAttrs {
				m.fail(m.next, "node %q: got more than %d attributes, want fewer", n.Name, maxAttrs)
			}
		case 7:
			if n.Domain = m.text(); n.Domain == "ai.onnx" {
				n.Domain = ""
			}
		}
	}
	n.Origin = n.Name
	if m.err == nil && (n.Op == "" || len(n.Outputs) == 0 || n.Outputs[0] == "") {
		m.fail(m.next, "node %q: got operator %q with outputs %q, want both", n.Name, n.Op, n.Outputs)
	}
	if len(n.Inputs) > maxTensors || len(n.Outputs) > maxEnds {
		m.fail(m.next, "node %q: got %d inputs and %d outputs, want fewer", n.Name, len(n.Inputs), len(n.Outputs))
	}
	return n
}

func (l *loader) attr(m *message) (string, Attr) {
	name, a := "", Attr{}
	seen := NoAttr // for files of the first versions, which do not say the type
	for m.more() {
		switch m.field {
		case 1:
			name = m.text()
		case 2:
			a.Float, seen = m.float(), FloatAttr
		case 3:
			a.Int, seen = m.int(), IntAttr
		case 4:
			a.Text, seen = m.text(), TextAttr
		case 5:
			in := m.inner("TensorProto")
			a.Tensor, seen = l.tensor(in), TensorAttr
			m.done(in)
		case 6:
			seen = GraphAttr
		case 7:
			a.Floats, seen = m.floats(a.Floats), FloatsAttr
		case 8:
			a.Ints, seen = m.ints(a.Ints), IntsAttr
		case 9:
			a.Texts, seen = append(a.Texts, m.text()), TextsAttr
		case 20:
			a.Type = AttrType(min(255, uint64(m.int())))
		}
	}
	if a.Type == NoAttr {
		a.Type = seen
	}
	return name, a
}

// check wants ends, unique makers of tensors and no reader of a tensor that nothing makes.
func (l *loader) check() error {
	g := l.g
	if len(g.Outputs) == 0 {
		return fmt.Errorf("graph: got no outputs, want one at least")
	}
	made := make(map[string]bool, len(g.Nodes)+len(g.Inits)+len(g.Inputs))
	for _, t := range g.Inits {
		made[t.Name] = true
		g.values[t.Name] = Value{t.Type, t.Dims}
	}
	seen := make(map[string]bool, len(g.Inputs)) // inputs may have a constant for their default
	for _, in := range g.Inputs {
		if in == "" || seen[in] {
			return fmt.Errorf("graph: inputs: got %q, want names, each once", in)
		}
		seen[in], made[in] = true, true
	}
	for _, n := range g.Nodes {
		for _, o := range n.Outputs {
			if o != "" && made[o] {
				return fmt.Errorf("graph: tensor %q: got two that make it, want one", o)
			}
			made[o] = true
		}
	}
	made[""] = true
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			if !made[in] {
				return fmt.Errorf("graph: %w", n.Errorf("input %q: got nothing that makes it, want a node, an input "+
					"or a constant", in))
			}
		}
	}
	for _, o := range g.Outputs {
		if o == "" || !made[o] {
			return fmt.Errorf("graph: output %q: got nothing that makes it, want a node", o)
		}
	}
	return nil
}
