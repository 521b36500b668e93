package keras

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// hgqPackage is the name under which HGQ2 registers its classes.
const hgqPackage = "hgq>"

// hgqHandlers2 read the layers of HGQ2. A layer becomes several: quantizers of what it reads, the layer
// with the weights that its inference uses, its activation, and a quantizer of what it makes. Mirrors
// hls4ml's converters/keras_v3/hgq2.
var hgqHandlers2 = []build.Handler{
	hgq2("Quantizer", false, readHGQQuantizer),
	hgq2("QDense", false, hgqSingle(readHGQDense)),
	hgq2("QBatchNormDense", false, hgqSingle(readHGQBatchNormDense)),
	hgq2("QConv1D", false, hgqSingle(readHGQConv)),
	hgq2("QConv2D", false, hgqSingle(readHGQConv)),
	hgq2("QBatchNormalization", false, hgqSingle(readHGQBatchNorm)),
	hgq2("QEinsumDense", false, hgqSingle(readHGQEinsumDense)),
	hgq2("QEinsumDenseBatchnorm", false, hgqSingle(readHGQEinsumDenseBatchnorm)),
	hgq2("QEinsum", false, hgqSeveral(readHGQEinsum)),
	hgq2("QSoftmax", false, hgqSingle(readHGQSoftmax)),
	hgq2("QUnaryFunctionLUT", true, hgqSingle(readHGQTable)),
	hgq2("QMultiHeadAttention", true, readHGQAttention),
	hgq2("QLinformerAttention", true, readHGQLinformer),
	hgq2("QActivation", true, hgqSingle(hgqPlain(readActivation))),
	hgq2("QAdd", false, hgqSeveral(hgqPlain(readMerge))),
	hgq2("QSubtract", false, hgqSeveral(hgqPlain(readMerge))),
	hgq2("QMultiply", false, hgqSeveral(hgqPlain(readMerge))),
	hgq2("QAverage", false, hgqSeveral(hgqPlain(readMerge))),
	hgq2("QAveragePow2", false, hgqSeveral(readHGQAverage)),
	hgq2("QMaximum", false, hgqSeveral(hgqPlain(readMerge))),
	hgq2("QMinimum", false, hgqSeveral(hgqPlain(readMerge))),
	hgq2("QDot", false, hgqSeveral(hgqPlain(readDot))),
	hgq2("QMaxPooling1D", false, hgqSingle(hgqPlain(readPooling))),
	hgq2("QMaxPooling2D", false, hgqSingle(hgqPlain(readPooling))),
	hgq2("QAveragePooling1D", false, hgqSingle(hgqPlain(readPooling))),
	hgq2("QAveragePooling2D", false, hgqSingle(hgqPlain(readPooling))),
	hgq2("QGlobalMaxPooling1D", false, hgqSingle(hgqPlain(readGlobalPooling))),
	hgq2("QGlobalMaxPooling2D", false, hgqSingle(hgqPlain(readGlobalPooling))),
	hgq2("QGlobalAveragePooling1D", false, hgqSingle(hgqPlain(readGlobalPooling))),
	hgq2("QGlobalAveragePooling2D", false, hgqSingle(hgqPlain(readGlobalPooling))),
}

// hgq2 is the handler of one class.
func hgq2(class string, activation bool, read func(*build.Call) (*build.Out, error)) build.Handler {
	return build.Handler{Classes: []string{hgqPackage + class}, OwnActivation: activation, Read: read}
}

// hgqLayer is a layer of HGQ2 being read.
type hgqLayer struct {
	*build.Call // whose class is that without the package and the Q, and whose inputs are quantized
	vars        map[string]build.Variable
	// at is the path of the layer below the one of the file: that of a layer inside ends in a slash.
	at     string
	title  string       // what the framework calls the layer; its quantizers have names after it
	before []*build.Out // quantizers of inputs, and whatever else stands in front
}

// newHGQLayer finds the variables of a layer.
func newHGQLayer(c *build.Call) (*hgqLayer, error) {
	list, err := c.Below()
	if err != nil {
		return nil, err
	}
	own := *c
	own.Class = strings.TrimPrefix(strings.TrimPrefix(c.Class, hgqPackage), "Q")
	h := &hgqLayer{Call: &own, vars: map[string]build.Variable{}, title: c.Source}
	for _, v := range list {
		h.vars[v.Path] = v
	}
	return h, nil
}

// config is the settings of the layer.
func (h *hgqLayer) config() Config { return raw(h.Call) }

// variable reads the variable of a number of an object inside the layer; "" is the layer itself.
func (h *hgqLayer) variable(object string, number int) (*ir.Tensor, error) {
	if object != "" {
		object += "/"
	}
	return h.Variable(h.at + object + "vars/" + strconv.Itoa(number))
}

// quantizer reads the quantizer that the setting of a name describes, and whose variables stand below the
// path.
func (h *hgqLayer) quantizer(setting any, path string) (*hgqQuantizer, error) {
	var vars []hgqVariable
	for n := 0; ; n++ {
		at := h.at + strings.TrimPrefix(path+"/quantizer/vars/", "/") + strconv.Itoa(n)
		v, ok := h.vars[at]
		if !ok {
			break
		}
		u := hgqVariable{shape: v.Shape, whole: v.Integer}
		if len(v.Shape) > 0 { // of a speed that is infinite nothing is read
			t, err := h.Variable(at)
			if err != nil {
				return nil, fmt.Errorf("quantizer %s: %w", path, err)
			}
			u.values = t.Data
		}
		vars = append(vars, u)
	}
	q, err := newHGQQuantizer(setting, vars)
	if err != nil {
		return nil, fmt.Errorf("quantizer %s: %w", path, err)
	}
	return q, nil
}

// quantizerLayer makes the layer that quantizes a tensor.
func (h *hgqLayer) quantizerLayer(q *hgqQuantizer, name string, x build.Tensor) (*build.Out, error) {
	out, err := h.Part("", h.Unique(name), nil, x).Layer("FixedPointQuantizer", "FixedPointQuantizer")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[quant.FixedPointAttrs](out)
	a.RND, a.SAT = q.rnd, q.sat
	if a.Mask, err = q.mask(x.Shape); err != nil {
		return nil, fmt.Errorf("quantizer %s: %w", name, err)
	}
	return out.Done()
}

// quantizeInput puts a quantizer before input i.
func (h *hgqLayer) quantizeInput(i int, setting any, path, name string) error {
	q, err := h.quantizer(setting, path)
	if err != nil {
		return err
	}
	out, err := h.quantizerLayer(q, name, build.Tensor{Name: h.Inputs[i], Shape: h.Shapes[i]})
	if err != nil {
		return err
	}
	h.before = append(h.before, out)
	h.Inputs = slices.Clone(h.Inputs)
	h.Inputs[i] = out.Name
	return nil
}

// finish puts what stands in front before the layer, and the quantizer of its answer behind.
func (h *hgqLayer) finish(out *build.Out) (*build.Out, error) {
	out.Before = append(h.before, out.Before...)
	on, err := h.config().Bool("enable_oq", false)
	if err != nil || !on {
		return out, err
	}
	q, err := h.quantizer(h.config()["oq_conf"], "oq")
	if err != nil {
		return nil, err
	}
	after, err := h.quantizerLayer(q, h.title+"_oq", build.Tensor{Name: out.Name, Shape: out.Shape})
	if err != nil {
		return nil, err
	}
	out.After = append(out.After, after)
	return out, nil
}

// hgqSingle is the Read of a class with one input.
func hgqSingle(read func(*hgqLayer) (*build.Out, error)) func(*build.Call) (*build.Out, error) {
	return func(c *build.Call) (*build.Out, error) {
		h, err := newHGQLayer(c)
		if err != nil {
			return nil, err
		}
		if err := h.quantizeSingle(); err != nil {
			return nil, err
		}
		out, err := read(h)
		if err != nil {
			return nil, err
		}
		return h.finish(out)
	}
}

// quantizeSingle puts the quantizer before the one input, where the layer has one.
func (h *hgqLayer) quantizeSingle() error {
	if len(h.Inputs) != 1 {
		return fmt.Errorf("inputs: got %d, want one", len(h.Inputs))
	}
	on, err := h.config().Bool("enable_iq", false)
	if err != nil || !on {
		return err
	}
	return h.quantizeInput(0, h.config()["iq_conf"], "iq", h.title+"_iq")
}

// hgqSeveral is the Read of a class with several inputs.
func hgqSeveral(read func(*hgqLayer) (*build.Out, error)) func(*build.Call) (*build.Out, error) {
	return func(c *build.Call) (*build.Out, error) {
		h, err := newHGQLayer(c)
		if err != nil {
			return nil, err
		}
		on, err := h.config().Bool("enable_iq", false)
		if err != nil {
			return nil, err
		}
		for i := range h.Inputs {
			if !on {
				break
			}
			path := "iq/quantizers/" + numbered("quantizer", i)
			if err := h.quantizeInput(i, h.inputSetting(i), path, c.Numbered("quantizer")); err != nil {
				return nil, err
			}
		}
		out, err := read(h)
		if err != nil {
			return nil, err
		}
		return h.finish(out)
	}
}

// inputSetting is the quantizer of input i: one of a list, or one for all.
func (h *hgqLayer) inputSetting(i int) any {
	list, ok := h.config()["iq_confs"].([]any)
	if !ok {
		return h.config()["iq_confs"]
	}
	if i < len(list) {
		return list[i]
	}
	return nil
}

// numbered is the name of the object i of a kind.
func numbered(kind string, i int) string {
	if i == 0 {
		return kind
	}
	return kind + "_" + strconv.Itoa(i)
}

// hgqPlain reads a layer without weights as that of Keras.
func hgqPlain(read func(*build.Call) (*build.Out, error)) func(*hgqLayer) (*build.Out, error) {
	return func(h *hgqLayer) (*build.Out, error) { return read(h.Call) }
}

// readHGQQuantizer reads a quantizer that stands alone.
func readHGQQuantizer(c *build.Call) (*build.Out, error) {
	h, err := newHGQLayer(c)
	if err != nil {
		return nil, err
	}
	if len(h.Inputs) != 1 {
		return nil, fmt.Errorf("inputs: got %d, want one", len(h.Inputs))
	}
	q, err := h.quantizer(h.config()["config"], "")
	if err != nil {
		return nil, err
	}
	out, err := h.Layer("FixedPointQuantizer", "FixedPointQuantizer")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[quant.FixedPointAttrs](out)
	a.RND, a.SAT = q.rnd, q.sat
	if a.Mask, err = q.mask(h.Shape()); err != nil {
		return nil, err
	}
	return out.Done()
}
