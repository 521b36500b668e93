package build

import "fmt"

// A Handler reads the layers of some classes of a framework: class names of Keras, operators of ONNX, modules
// of torch. It is a value; a reader that is given one keeps a copy.
type Handler struct {
	// Classes lists the names of the classes that it reads.
	Classes []string
	// Skip marks layers that do nothing at inference; they get no layer and nothing else is called.
	Skip bool
	// OwnActivation marks layers that use their activation argument themselves; without it the activation
	// becomes a layer behind them. It means nothing where layers have no such argument.
	OwnActivation bool
	// Unsupported says which setting of the layer cannot be converted, and what to do; "" when all can. It may
	// be nil. It is asked for every layer before any is read, so that all problems are reported together.
	Unsupported func(class string, config Attributes) string
	// Variables says in which order the layer makes its weights, for files that number them and do not name
	// them. Without it such files cannot be read, unless the layer has no weights.
	Variables func(class string, config Attributes) []Variables
	// Read makes the layer.
	Read func(c *Call) (*Out, error)
}

// Variables are the weights that a layer, or an object inside it, makes, in order: first those that are
// trained, then the others.
type Variables struct {
	Of    string   // the layer's attribute that has them, such as "cell" for recurrent layers; "": the layer
	Names []string // all of them, such as "kernel" and "bias"
}

// Make calls Read. What Set, Offer and Attrs could not do is an error even where Read returns without Done,
// and so is no result.
func (h Handler) Make(c *Call) (*Out, error) {
	out, err := h.Read(c)
	if err != nil {
		return nil, err
	}
	if out == nil {
		return nil, fmt.Errorf("handler: got no layer from it, want one or an error")
	}
	return out.Done()
}

// Attributes are the settings of one layer as the source has them. A key that is absent, or null, has the
// given default; a value of another type is an error that names the key.
type Attributes interface {
	// Has reports whether key is there with a value other than null.
	Has(key string) bool
	// Int returns a whole number.
	Int(key string, def int) (int, error)
	// Float returns a finite number.
	Float(key string, def float64) (float64, error)
	// Bool returns a truth value.
	Bool(key string, def bool) (bool, error)
	// Text returns a string.
	Text(key, def string) (string, error)
	// Ints returns a list of whole numbers, nil when key is absent. A number alone is a list of one.
	Ints(key string) ([]int, error)
}
