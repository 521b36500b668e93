package onnx

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/ir"
)

// Reader reads models of ONNX. It is a value that nothing changes once it is made.
type Reader struct {
	handlers map[string]build.Handler
}

var _ frontend.Extensible = (*Reader)(nil)

const key = "OnnxModel"

// New returns a reader of all built-in operators.
func New() (*Reader, error) { return (&Reader{}).with(builtin()) }

// With implements frontend.Extensible. An operator handled already is an error that names it.
func (r *Reader) With(handlers ...build.Handler) (frontend.Extensible, error) {
	return r.with(handlers)
}

func (r *Reader) with(handlers []build.Handler) (*Reader, error) {
	c := &Reader{handlers: maps.Clone(r.handlers)}
	if c.handlers == nil {
		c.handlers = map[string]build.Handler{}
	}
	for _, h := range handlers {
		if h.Read == nil && !h.Skip {
			return nil, fmt.Errorf("operators of ONNX %q: got a handler without Read, want one, or Skip", h.Classes)
		}
		for _, class := range h.Classes {
			if _, twice := c.handlers[class]; twice {
				return nil, fmt.Errorf("operator %q of ONNX: got a second handler, want one", class)
			}
			c.handlers[class] = h
		}
	}
	return c, nil
}

// Name implements frontend.Reader.
func (r *Reader) Name() string { return "onnx" }

// Framework implements frontend.Extensible.
func (r *Reader) Framework() string { return "onnx" }

// Keys implements frontend.Reader.
func (r *Reader) Keys() []string { return []string{key} }

// Extensions implements frontend.Reader.
func (r *Reader) Extensions() map[string]string { return map[string]string{".onnx": key} }

// Classes implements frontend.Extensible; operators that are skipped are among them.
func (r *Reader) Classes() []string { return slices.Sorted(maps.Keys(r.handlers)) }

// Accepts implements frontend.Reader: it wants a message with a graph of ONNX.
func (r *Reader) Accepts(src frontend.Source) error {
	_, shut, err := graph.Open(src.Files[key])
	if err == nil {
		shut()
	}
	return err
}

// Read implements frontend.Reader.
func (r *Reader) Read(src frontend.Source, schema ir.Schema) (*ir.Parsed, error) {
	g, shut, err := graph.Open(src.Files[key])
	if err != nil {
		return nil, err
	}
	defer shut()
	parsed, err := r.parse(g, src.Stream, schema)
	if err != nil {
		return nil, named(g.File, err)
	}
	return parsed, nil
}

// named puts the file before an error that does not name it.
func named(file string, err error) error {
	if list, ok := err.(*build.UnsupportedError); ok {
		return list
	}
	return fmt.Errorf("%s: %w", file, err)
}

// parse makes layers of a graph.
func (r *Reader) parse(g *graph.Graph, stream bool, schema ir.Schema) (*ir.Parsed, error) {
	if err := prepare(g); err != nil {
		return nil, err
	}
	fixed := fixedTensors(g)
	if list := r.unsupported(g, fixed); len(list) > 0 {
		return nil, &build.UnsupportedError{File: g.File, Layers: list}
	}
	net := &network{Reader: r, g: g, fixed: fixed, names: map[string]string{}}
	net.scope = build.NewScope(schema, stream, net.weights())
	return net.read()
}

// unsupported lists all nodes that cannot be converted.
func (r *Reader) unsupported(g *graph.Graph, fixed map[string]bool) []build.Unsupported {
	var list []build.Unsupported
	for _, n := range g.Nodes {
		h, ok := r.handlers[n.Op]
		reason := ""
		switch {
		case !ok:
			reason = unknownOp(n)
		case h.Unsupported != nil:
			reason = h.Unsupported(n.Op, Node{n, g, fixed})
		}
		if reason != "" {
			list = append(list, build.Unsupported{Name: n.Label(), Class: n.Op, Reason: reason})
		}
	}
	return list
}
