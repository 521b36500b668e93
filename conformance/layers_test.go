package conformance_test

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/ir"
)

var functions = []string{"relu", "tanh", "sigmoid", "softplus", "softsign", "selu", "linear"}

// add appends a layer behind the last one.
func (b *builder) add(kind, class, name string, attrs map[string]any) *ir.Layer {
	name = b.prefix + name
	k, ok := b.schema.Kind(kind)
	if !ok {
		b.fail(fmt.Errorf("kind %q: got none, want it registered", kind))
		return &ir.Layer{Data: ir.Data{Tensors: map[string]*ir.Tensor{}}}
	}
	l := &ir.Layer{
		Name: name, Kind: kind, ClassName: class, Attrs: k.NewAttrs(), Source: name,
		Data: ir.Data{Tensors: map[string]*ir.Tensor{}},
	}
	attrs["data_format"] = "channels_last"
	for key, v := range attrs {
		if _, err := ir.SetAttr(l.Attrs, key, v); err != nil {
			b.fail(err)
		}
	}
	b.layers = append(b.layers, l)
	b.shapes[l.Name] = b.copyShape()
	return l
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// tensor draws float32 values.
func (b *builder) tensor(draw func() float64, shape ...int) *ir.Tensor {
	t := ir.NewTensor(ir.Float32, shape...)
	for i := range t.Data {
		t.Data[i] = float64(float32(draw()))
	}
	return t
}

func (b *builder) channels() int { return b.shape[len(b.shape)-1] }

// next numbers the layers, whose names must differ.
func (b *builder) next() int {
	b.number++
	return b.number
}

func (b *builder) dense() {
	in, out := b.channels(), 1+b.IntN(13)
	name := fmt.Sprintf("fc%d", b.next())
	l := b.add("Dense", "Dense", name, map[string]any{"n_in": in, "n_out": out})
	zeros, scale := pick(b, []float64{0, 0, 0.5}), pick(b, []float64{0.6, 0.6, 0.6, 0.6, 0.6, 3e-3, 40, 3000})
	weight := func() float64 {
		if b.chance(zeros) {
			return 0
		}
		return scale * b.NormFloat64()
	}
	l.Data.Tensors["weight_data"] = b.tensor(weight, in, out)
	if b.chance(0.8) {
		l.Data.Tensors["bias_data"] = b.tensor(weight, out)
	}
	b.shape = append(b.copyShape()[:len(b.shape)-1], out)
	b.shapes[l.Name] = b.copyShape()
	if b.chance(0.9) { // as an activation argument of Dense gives it
		b.add("Activation", "Activation", name+"_linear", map[string]any{"activation": "linear"}).Implicit = true
	}
}

func (b *builder) norm() {
	n, filters := b.channels(), -1
	if len(b.shape) > 1 {
		filters = b.channels()
	}
	l := b.add("BatchNormalization", "BatchNormalization", fmt.Sprintf("bn%d", b.next()), map[string]any{
		"n_in": ir.Size(b.shape), "n_filt": filters, "epsilon": 1e-3, "use_gamma": true, "use_beta": true,
	})
	l.Data.Tensors["gamma_data"] = b.tensor(func() float64 { return 1 + 0.4*b.NormFloat64() }, n)
	l.Data.Tensors["beta_data"] = b.tensor(b.NormFloat64, n)
	l.Data.Tensors["mean_data"] = b.tensor(b.NormFloat64, n)
	l.Data.Tensors["variance_data"] = b.tensor(func() float64 { return 0.3 + math.Abs(b.NormFloat64()) }, n)
}
func (b *builder) activation() {
	name := fmt.Sprintf("act%d", b.next())
	switch b.IntN(8) {
	case 0:
		b.add("ParametrizedActivation", "LeakyReLU", name,
			map[string]any{"activation": "LeakyReLU", "activ_param": math.Round(1000*b.Float64()) / 1000})
	case 1:
		b.add("ParametrizedActivation", "ELU", name,
			map[string]any{"activation": "ELU", "activ_param": 0.1 + math.Round(100*b.Float64())/100})
	case 2:
		b.add("ParametrizedActivation", "ThresholdedReLU", name,
			map[string]any{"activation": "ThresholdedReLU", "activ_param": 0.1 + math.Round(100*b.Float64())/100})
	case 3:
		l := b.add("PReLU", "PReLU", name, map[string]any{"activation": "PReLU"})
		l.Data.Tensors["param_data"] = b.tensor(func() float64 { return 0.5 * b.NormFloat64() }, b.shape...)
	case 4:
		b.add("HardActivation", "HardActivation", name, map[string]any{"activation": "hard_sigmoid"})
	case 5:
		b.add("Softmax", "Softmax", name, map[string]any{"activation": "softmax", "axis": -1})
	default:
		b.add("Activation", "Activation", name, map[string]any{"activation": pick(b, functions)})
	}
}

func (b *builder) reshape() {
	b.shape = []int{ir.Size(b.shape)}
	b.add("Reshape", "Reshape", fmt.Sprintf("flat%d", b.next()), map[string]any{"target_shape": b.copyShape()})
}

func (b *builder) permute() {
	perm := b.Perm(len(b.shape))
	shape := make([]int, len(perm))
	for i, axis := range perm {
		shape[i] = b.shape[axis]
	}
	b.shape = shape
	b.add("Transpose", "Permute", fmt.Sprintf("permute%d", b.next()), map[string]any{"perm": perm})
}
