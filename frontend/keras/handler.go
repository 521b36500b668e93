package keras

import (
	"fmt"

	"github.com/hlsgo/hlsgo/ir"
)

// A Handler reads the layers of some Keras classes.
type Handler struct {
	// Classes lists the values of class_name that it reads.
	Classes []string
	// Skip marks layers that do nothing at inference; they get no layer and nothing else is called.
	Skip bool
	// OwnActivation marks layers that use their activation argument themselves; without it the activation
	// becomes a layer behind them.
	OwnActivation bool
	// Unsupported says which setting of the layer cannot be converted, and what to do; "" when all can. It may
	// be nil. It is asked for every layer before any is read, so that all problems are reported together.
	Unsupported func(class string, c Config) string
	// Read makes the layer.
	Read func(c *Call) (*Out, error)
}

// builtin lists the handlers of this package, one group per file.
func builtin() []Handler {
	var all []Handler
	for _, group := range [][]Handler{
		inputHandlers, denseHandlers, activationHandlers, normHandlers, reshapeHandlers, skipHandlers,
		convolutionHandlers, reshapingHandlers, poolingHandlers, mergeHandlers,
		embeddingHandlers, layerNormHandlers, timeDistributedHandlers, quantizedHandlers,
		quantizedRecurrentHandlers,
		recurrentHandlers,
		hgqHandlers, garnetHandlers,
	} {
		all = append(all, group...)
	}
	return all
}

// Call is one layer as a handler sees it.
type Call struct {
	Class  string // class_name
	Name   string
	Config Config
	Inputs []string // names of the tensors read; empty in a Sequential, where it is the layer before
	Shapes [][]int  // shapes of the tensors read, without the batch axis; empty for an input layer
	// Wanted lists the outputs of the layer that the model reads, ascending; nil: the one that there is.
	Wanted []int

	source   string
	implicit bool
	schema   ir.Schema
	stream   bool // tensors will travel as streams
	weights  *weights
}

// Shape is the shape of the first input.
func (c *Call) Shape() []int { return c.Shapes[0] }

// Weight reads the weight that Keras calls name, such as "kernel"; it must have the shape.
func (c *Call) Weight(name string, shape ...int) (*ir.Tensor, error) {
	return c.WeightOf("", name, shape...)
}

// WeightOf is Weight for a layer inside a wrapper, which Keras calls part, such as "forward_lstm".
func (c *Call) WeightOf(part, name string, shape ...int) (*ir.Tensor, error) {
	if err := checkSize(shape, maxWeights); err != nil {
		return nil, fmt.Errorf("weight %q: %w", name, err)
	}
	return c.weights.tensor(c.source, part, name, shape)
}

// Out is what a handler makes of a call.
type Out struct {
	*ir.Layer
	Shape []int // of the output, without the batch axis
	// More holds what the layer gives behind its first output, by Keras' number of the output.
	More map[int]Tensor
	// note says why the shape is not the framework's, for errors of the layers behind.
	note string
	err  error // the first of Set
}

// Tensor is one output of a layer.
type Tensor struct {
	Name  string
	Shape []int // without the batch axis
}

// Layer starts the result: a layer of the IR kind, entered into hls4ml's layer list as class, of the same
// shape as the input. It takes over the settings that hls4ml copies for every class.
func (c *Call) Layer(kind, class string) (*Out, error) {
	k, ok := c.schema.Kind(kind)
	if !ok {
		return nil, fmt.Errorf("kind %s: got none registered, want its plugin", kind)
	}
	out := &Out{Layer: &ir.Layer{
		Name: c.Name, Kind: kind, ClassName: class, Inputs: c.Inputs, Attrs: k.NewAttrs(),
		Implicit: c.implicit, Source: c.source,
	}}
	if len(c.Shapes) > 0 {
		out.Shape = c.Shape()
	}
	return out, out.common(c.Config)
}

func (o *Out) common(c Config) error {
	format, err := c.Text("data_format", "channels_last")
	if err != nil {
		return err
	}
	o.Offer("data_format", format)
	if name, ok := c["activation"].(string); ok {
		o.Offer("activation", name)
	}
	if c.Has("epsilon") {
		epsilon, err := c.Float("epsilon", 0)
		if err != nil {
			return err
		}
		o.Offer("epsilon", epsilon)
	}
	if c.Has("use_bias") {
		use, err := c.Bool("use_bias", true)
		if err != nil {
			return err
		}
		o.Offer("use_bias", use)
	}
	return o.err
}

// Set stores an attribute under hls4ml's name. The kind must declare it; the error shows in Done.
func (o *Out) Set(name string, value any) {
	found, err := ir.SetAttr(o.Attrs, name, value)
	if err == nil && !found {
		err = fmt.Errorf("attribute %s: got none in the kind %s, want it declared", name, o.Kind)
	}
	o.fail(err)
}

// Offer is Set for attributes that hls4ml stores and does not read: a kind may leave them out.
func (o *Out) Offer(name string, value any) {
	_, err := ir.SetAttr(o.Attrs, name, value)
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

// Done returns the result, or the first error of Set.
func (o *Out) Done() (*Out, error) {
	if o.err != nil {
		return nil, o.err
	}
	return o, nil
}
