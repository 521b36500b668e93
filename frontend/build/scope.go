package build

import (
	"fmt"

	"github.com/hlsgo/hlsgo/ir"
)

// Ref names a tensor as the source does: the layer that makes it, which of the layer's outputs it is, and of
// a layer that is called several times in which call. Where tensors have names of their own, that is Layer
// and the others are 0.
type Ref struct {
	Layer  string
	Output int
	Call   int
}

// Tensor is a tensor of the network that is being read.
type Tensor struct {
	Name  string // of the network, which may differ from the source's
	Shape []int  // without the batch axis
}

// Scope is one model being read, the outermost or one inside: its layers so far, and where its tensors are.
type Scope struct {
	schema  ir.Schema
	stream  bool
	weights Weights
	held    *held           // by all models, as names
	names   map[string]bool // of all layers and tensors; models inside share it
	made    map[string]int  // objects without names, by kind; models inside share it
	given   map[string]int  // by Unique, or reserved, with the number that it tries next; models inside share it
	layers  []*ir.Layer
	tensors map[Ref]Tensor
	last    Tensor // of the layer added last
	note    string
}

// NewScope begins the outermost model. stream says that tensors will travel as streams.
func NewScope(schema ir.Schema, stream bool, w Weights) *Scope {
	return &Scope{
		schema: schema, stream: stream, weights: w, held: &held{}, names: map[string]bool{},
		given: map[string]int{}, made: map[string]int{}, tensors: map[Ref]Tensor{},
	}
}

// Nested begins a model inside, whose weights are w. It has tensors of its own; its layers share the names of
// the models around it, because a pass puts them in its place.
func (s *Scope) Nested(w Weights) *Scope {
	return &Scope{
		schema: s.schema, stream: s.stream, weights: w, held: s.held, names: s.names, given: s.given, made: s.made,
		tensors: map[Ref]Tensor{},
	}
}

// Splice appends the layers of a model inside, in the place of the source's layer at, whose outputs its own
// are.
func (s *Scope) Splice(inside *Scope, at Ref, outputs []Tensor) {
	s.layers = append(s.layers, inside.layers...)
	if s.note == "" {
		s.note = inside.note
	}
	for i, t := range outputs {
		at.Output = i
		s.tensors[at] = t
	}
	if len(outputs) > 0 {
		s.last = outputs[0]
	}
}

// Reserve takes names that Unique never gives as they are.
func (s *Scope) Reserve(names ...string) {
	for _, name := range names {
		s.given[name] = 0
	}
}

// Unique returns name, or where a layer has it already, name_0, name_1 and so on: the first that is free.
// Each name is given once.
func (s *Scope) Unique(name string) string {
	unique := name
	for !s.free(unique) {
		unique = fmt.Sprintf("%s_%d", name, s.given[name])
		s.given[name]++ // names are never given back: those before stay taken
	}
	s.given[unique] = max(s.given[unique], 0)
	return unique
}

// Numbered names the next object of a kind that has no name of its own: kind, kind_1, kind_2.
func (s *Scope) Numbered(kind string) string {
	n := s.made[kind]
	s.made[kind]++
	if n == 0 {
		return kind
	}
	return fmt.Sprintf("%s_%d", kind, n)
}

func (s *Scope) free(name string) bool {
	_, given := s.given[name]
	return !given && !s.names[name]
}

// Call describes a layer, of the same name in the source, to a handler.
func (s *Scope) Call(class, name string, config Attributes, inputs ...Tensor) *Call {
	c := &Call{
		Class: class, Name: name, Config: config, Source: name, Stream: s.stream,
		schema: s.schema, weights: s.weights, held: s.held, unique: s.Unique,
		numbered: s.Numbered,
	}
	for _, t := range inputs {
		c.Inputs, c.Shapes = append(c.Inputs, t.Name), append(c.Shapes, t.Shape)
	}
	return c
}

// Tensor finds an output of a layer that has been read.
func (s *Scope) Tensor(r Ref) (Tensor, error) {
	if _, ok := s.tensors[Ref{Layer: r.Layer, Call: r.Call}]; !ok {
		if r.Call > 0 {
			return Tensor{}, fmt.Errorf("%q: got no call %d of a layer of that name before, want one", r.Layer, r.Call)
		}
		return Tensor{}, fmt.Errorf("%q: got no layer of that name before, want one", r.Layer)
	}
	t, ok := s.tensors[r]
	if !ok {
		return t, fmt.Errorf("%q: got its output %d, want one that the layer has", r.Layer, r.Output)
	}
	return t, nil
}

// Bind makes r another name of a tensor, such as that of a layer which does nothing.
func (s *Scope) Bind(r Ref, t Tensor) { s.tensors[r] = t }

// Add appends a layer; source is the name of the source's layer whose outputs it makes from here on. Names
// that there are already, and sizes that no real tensor has, are errors.
func (s *Scope) Add(source string, out *Out) error { return s.AddAt(Ref{Layer: source}, out) }

// AddAt is Add for one call of the source's layer.
func (s *Scope) AddAt(at Ref, out *Out) error {
	if err := s.place(out); err != nil {
		return err
	}
	for k, t := range out.More {
		if err := s.Claim(t.Name); err != nil {
			return err
		}
		s.tensors[Ref{at.Layer, k, at.Call}] = t
	}
	s.last = Tensor{out.Name, out.Shape}
	if len(out.Outputs) > 0 {
		s.last.Name = out.Outputs[0]
	}
	s.tensors[at] = s.last
	return nil
}

// place appends the layers of a result.
func (s *Scope) place(out *Out) error {
	for _, b := range out.Before {
		if err := s.place(b); err != nil {
			return err
		}
	}
	if err := s.Claim(out.Name); err != nil {
		return err
	}
	most := MaxValues
	if k, ok := s.schema.Kind(out.Kind); ok && k.Constant {
		most = MaxWeights // which the file holds
	}
	if err := CheckSize(out.Shape, most); err != nil {
		return err
	}
	if s.note == "" {
		s.note = out.Note
	}
	s.layers = append(s.layers, out.Layer)
	return nil
}

// Claim takes a name for a layer that Add never sees, such as one inside a wrapper. A name that is taken, or
// none for ir.CheckName, is an error.
func (s *Scope) Claim(name string) error {
	if err := ir.CheckName(name); err != nil {
		return err
	}
	if s.names[name] {
		return fmt.Errorf("name: got %q a second time, want every layer's name once, nested models, states "+
			"and the layers made of activations included", name)
	}
	s.names[name] = true
	return nil
}

// Last is the first output of the layer added last.
func (s *Scope) Last() Tensor { return s.last }

// Layers lists the layers in the order in which they were added.
func (s *Scope) Layers() []*ir.Layer { return s.layers }

// Note is the first note of a layer, why shapes behind it are not the framework's, or "".
func (s *Scope) Note() string { return s.note }
