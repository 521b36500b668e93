package build

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// Call is one layer as a handler sees it.
type Call struct {
	Class  string // the source's name for what the layer does
	Name   string // of the layer to make
	Config Attributes
	Inputs []string // names of the tensors read
	Shapes [][]int  // shapes of the tensors read, without the batch axis; empty for an input layer
	// Keywords are the names under which the source gives the inputs, "" for those that it gives by place; nil:
	// it gives all so.
	Keywords []string
	// Wanted lists the outputs of the layer that the model reads, ascending; nil: the one that there is.
	Wanted []int
	// Args are the arguments of the call by their places, where the source writes them down: tensors of the
	// network as Tensor, numbers and lists as Config has them.
	Args []any
	// Source is the name of the layer in the source, under which its weights stand. It differs from Name where
	// several layers are made of one.
	Source string
	// Implicit marks a layer that the source does not list by itself, such as fc1_relu for the activation
	// argument of fc1.
	Implicit bool
	// Stream says that tensors will travel as streams: a few layers have another shape there.
	Stream bool

	schema  ir.Schema
	weights Weights
	held    *held
	unique  func(name string) string
	// numbered counts objects without names.
	numbered func(kind string) string
}

// Shape is the shape of the first input.
func (c *Call) Shape() []int { return c.Shapes[0] }

// Part describes another layer that is made of the layer of c, to a handler or for Layer: its weights are
// those of c's layer.
func (c *Call) Part(class, name string, config Attributes, inputs ...Tensor) *Call {
	p := &Call{
		Class: class, Name: name, Config: config, Source: c.Source, Implicit: true, Stream: c.Stream,
		schema: c.schema, weights: c.weights, held: c.held, unique: c.unique, numbered: c.numbered,
	}
	for _, t := range inputs {
		p.Inputs, p.Shapes = append(p.Inputs, t.Name), append(p.Shapes, t.Shape)
	}
	return p
}

// Unique is a name for a Part that no other layer has: name, or with a number behind where that is taken.
func (c *Call) Unique(name string) string {
	if c.unique == nil {
		return name
	}
	return c.unique(name)
}

// Numbered names the next object of a kind that the framework makes without a name: kind, kind_1, kind_2.
func (c *Call) Numbered(kind string) string { return c.numbered(kind) }

// Arguments sorts the inputs by the parameters of the layer that they are given for: those without a name
// first, in their order. One that is not given has no name.
func (c *Call) Arguments(parameters ...string) ([]Tensor, error) {
	out := make([]Tensor, len(parameters))
	for i, in := range c.Inputs {
		at := i
		if i < len(c.Keywords) && c.Keywords[i] != "" {
			at = slices.Index(parameters, c.Keywords[i])
		}
		if at < 0 || at >= len(out) || out[at].Name != "" {
			return nil, fmt.Errorf("inputs: got %d, with the names %q, want %q", len(c.Inputs), c.Keywords, parameters)
		}
		out[at] = Tensor{in, c.Shapes[i]}
	}
	return out, nil
}

// Out is what a handler makes of a call.
type Out struct {
	*ir.Layer
	Shape []int // of the output, without the batch axis
	// Before lists further layers that are made of the same one of the source, each in front of those that read
	// it, such as quantizers of the inputs. Their names may not be those of outputs of the source.
	Before []*Out
	// More holds what the layer gives behind its first output, by the source's number of the output.
	More map[int]Tensor
	// Note says why the shape is not the framework's, for errors of the layers behind.
	Note string
	// After holds layers behind it, and behind that of its activation, each of which reads the one before it;
	// the last makes the source's output.
	After []*Out

	err error // the first of Set, Offer and Attrs
}

// Layer starts the result: a layer of the IR kind, entered into hls4ml's layer list as class, of the same
// shape as the first input.
func (c *Call) Layer(kind, class string) (*Out, error) {
	k, ok := c.schema.Kind(kind)
	if !ok {
		return nil, fmt.Errorf("kind %s: got none registered, want its plugin", kind)
	}
	out := &Out{Layer: &ir.Layer{
		Name: c.Name, Kind: kind, ClassName: class, Inputs: c.Inputs, Attrs: k.NewAttrs(),
		Implicit: c.Implicit, Source: c.Source,
	}}
	if len(c.Shapes) > 0 {
		out.Shape = c.Shape()
	}
	return out, nil
}

// Set stores an attribute under hls4ml's name. The kind must declare it; the error shows in Done. Where the
// struct of the kind is at hand, Attrs finds a misspelt name earlier.
func (o *Out) Set(name string, value any) {
	found, err := ir.SetAttr(o.Layer.Attrs, name, value)
	if err == nil && !found {
		err = fmt.Errorf("attribute %s: got none in the kind %s, want it declared", name, o.Kind)
	}
	o.fail(err)
}

// Offer is Set for attributes that hls4ml stores and does not read: a kind may leave them out.
func (o *Out) Offer(name string, value any) {
	_, err := ir.SetAttr(o.Layer.Attrs, name, value)
	o.fail(err)
}

func (o *Out) fail(err error) {
	if o.err == nil && err != nil {
		o.err = err
	}
}

// Tensor stores weight data under hls4ml's name, such as "weight_data".
func (o *Out) Tensor(name string, t *ir.Tensor) {
	if o.Data.Tensors == nil {
		o.Data.Tensors = map[string]*ir.Tensor{}
	}
	o.Data.Tensors[name] = t
}

// Quantizer stores a quantizer under hls4ml's name, such as "weight_quantizer".
func (o *Out) Quantizer(name string, q ir.Quantizer) {
	if o.Data.Quantizers == nil {
		o.Data.Quantizers = map[string]ir.Quantizer{}
	}
	o.Data.Quantizers[name] = q
}

// Done returns the result, or the first error of Set, Offer and Attrs.
func (o *Out) Done() (*Out, error) {
	if o.err != nil {
		return nil, o.err
	}
	return o, nil
}

// Attrs returns the attributes of the result as a *T for the handler to fill: the struct of its kind, or one
// that this embeds, so that all kinds of convolution take conv.Common. When the kind has other attributes, as
// a plugin's kind of the same name may, the error shows in Done.
func Attrs[T any](o *Out) *T {
	if a := within[T](reflect.ValueOf(o.Layer.Attrs)); a != nil {
		return a
	}
	var want *T
	o.fail(fmt.Errorf("attributes of the kind %s: got %T, want %T or a struct that embeds it",
		o.Kind, o.Layer.Attrs, want))
	return new(T) // so that the handler goes on to Done
}

// within finds a T in what v points to: the struct itself or one embedded in it, at any depth.
func within[T any](v reflect.Value) *T {
	if a, ok := v.Interface().(*T); ok {
		return a
	}
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil
	}
	s := v.Elem()
	for i := range s.NumField() {
		if f := s.Type().Field(i); !f.Anonymous || !f.IsExported() || f.Type.Kind() != reflect.Struct {
			continue
		}
		if a := within[T](s.Field(i).Addr()); a != nil {
			return a
		}
	}
	return nil
}
