package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// builtinOfKeras3 lists the handlers of classes that hls4ml converts otherwise when Keras 3 wrote them, and
// of those that only Keras 3 has. All other classes mean the same for both.
func builtinOfKeras3() []build.Handler {
	return slices.Concat([]build.Handler{
		{Classes: []string{"InputLayer"}, Unsupported: checked(inputProblem3), Read: readInput3},
		{Classes: identities, OwnActivation: true, Read: readIdentity},
		{Classes: []string{"RepeatVector"}, Read: readRepeatVector},
	}, activationsOfKeras3, einsumHandlers, operationHandlers)
}

// ofKeras3 spells the settings of a layer as Keras 2 does.
func (n *node) ofKeras3(module string) {
	if n.config == nil {
		n.config = Config{}
	}
	if policy, ok := n.config["dtype"].(map[string]any); ok {
		config, _ := policy["config"].(map[string]any)
		n.config["dtype"] = config["name"]
	}
	if shape := n.config["batch_shape"]; shape != nil && n.class == "InputLayer" {
		n.config["batch_input_shape"] = shape
	}
	if module == "" && isOperation(n) {
		n.class = operationPrefix + n.class
	}
}

// isOperation says whether what a file without modules, as .h5 files are, has in the place of a layer is an
// operation: every layer but an input says whether it is trained.
func isOperation(n *node) bool {
	return !n.config.Has("trainable") && n.class != "InputLayer" && !strings.Contains(n.class, ">")
}

// newSettings are those that Keras 3 added to layers, with which they are others unless they are false.
var newSettings = []string{"quantization_config", "renorm", "rms_scaling", "sliding_window", "use_gate"}

// problem3 names settings of layers of Keras 3 with which they are others.
func problem3(n node) string {
	if n.class == "InputLayer" {
		return ""
	}
	c := n.config
	dtype, _ := c["dtype"].(string)
	if dtype == "float16" || dtype == "bfloat16" || strings.HasPrefix(dtype, "int") {
		return fmt.Sprintf("dtype: got the policy %s, want float32: the firmware quantizes weights itself", dtype)
	}
	for _, key := range newSettings {
		if v := c[key]; v != nil && v != false {
			return key + ": not supported, want a layer without it"
		}
	}
	return ""
}

// identities are the classes of which hls4ml's Keras 3 converter makes linear activations, which passes drop:
// those that only matter in training.
var identities = []string{
	"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout", "GaussianDropout",
	"GaussianNoise", "ActivityRegularization", "Identity",
	"RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
	"RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale",
	"RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation",
	"RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom",
}

func readIdentity(c *build.Call) (*build.Out, error) {
	return plain(c, "Activation", "Activation", "linear")
}

// inputProblem3 is inputProblem for inputs that take the default type, whatever their own.
func inputProblem3(_ string, c Config) string {
	for _, key := range []string{"sparse", "ragged"} {
		if on, _ := c[key].(bool); on {
			return key + " input: not supported, want a dense one"
		}
	}
	return ""
}

// readInput3 reads past the dtype, as hls4ml does for Keras 3.
func readInput3(c *build.Call) (*build.Out, error) {
	shape, err := raw(c).BatchShape("batch_input_shape")
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "Input", "InputLayer")
	if err != nil {
		return nil, err
	}
	out.Shape = shape
	a := build.Attrs[io.Attrs](out)
	a.InputShape = slices.Clone(shape)
	if a.DType, err = c.Config.Text("dtype", "float32"); err != nil {
		return nil, err
	}
	return out.Done()
}

// readRepeatVector repeats a vector, which hls4ml cannot: it is a sequence of one step, enlarged.
func readRepeatVector(c *build.Call) (*build.Out, error) {
	n, err := c.Config.Int("n", 0)
	if err != nil {
		return nil, err
	}
	if len(c.Shape()) != 1 || n < 1 {
		return nil, fmt.Errorf("input: got shape %v and n %d, want one axis and a positive number", c.Shape(), n)
	}
	size := c.Shape()[0]
	row, err := reshape(c.Part("Reshape", c.Unique(c.Name+"_row"), Config{}, build.Tensor{
		Name: c.Inputs[0], Shape: c.Shape(),
	}), []int{1, size})
	if err != nil {
		return nil, err
	}
	out, err := c.Part(c.Class, c.Name, Config{}, build.Tensor{Name: row.Name, Shape: row.Shape}).
		Layer("Resize", "UpSampling1D")
	if err != nil {
		return nil, err
	}
	out.Implicit = false
	out.Before = []*build.Out{row}
	a := build.Attrs[shape.ResizeAttrs](out)
	a.Algorithm, a.InHeight, a.InWidth, a.NChan = "nearest", 1, 1, size
	a.WidthFactor, a.OutHeight, a.OutWidth = &n, 1, n
	out.Shape = []int{n, size}
	return out.Done()
}
