package conformance_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

var functions = []string{"relu", "tanh", "sigmoid", "softplus", "softsign", "selu", "linear", "binary_tanh"}

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
	if kind != "Input" && len(b.layers) > 0 {
		l.Inputs = []string{b.last()}
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

// weight draws weights of one size, some of them zero.
func (b *builder) weight() func() float64 {
	zeros, scale := pick(b, []float64{0, 0, 0.5}), pick(b, []float64{0.6, 0.6, 0.6, 0.6, 0.6, 3e-3, 40, 3000})
	if b.quantized {
		zeros, scale = 0, 0.7
	}
	return func() float64 {
		if b.chance(zeros) {
			return 0
		}
		return scale * b.NormFloat64()
	}
}

// dense appends a Dense, now and then with a BiasAdd behind it.
func (b *builder) dense() {
	in, out := b.channels(), 1+b.IntN(13)
	name, class := fmt.Sprintf("fc%d", b.next()), "Dense"
	l := b.add("Dense", class, name, map[string]any{"n_in": in, "n_out": out})
	weight := b.weight()
	l.Data.Tensors["weight_data"] = b.tensor(weight, in, out)
	if b.chance(0.8) {
		l.Data.Tensors["bias_data"] = b.tensor(weight, out)
	}
	b.multiplies(l, in, out, len(b.shape) > 1)
	b.denseQuantizers(l)
	b.shape = append(b.copyShape()[:len(b.shape)-1], out)
	b.flat = false
	b.shapes[l.Name] = b.copyShape()
	switch {
	case b.chance(0.05) && !b.exact && l.Data.Quantizers == nil:
		more := b.add("BiasAdd", "BiasAdd", name+"_more", map[string]any{})
		more.Data.Tensors["bias_data"] = b.tensor(weight, out)
	case b.chance(0.9): // as an activation argument of Dense gives it
		b.add("Activation", "Activation", name+"_linear", map[string]any{"activation": "linear"}).Implicit = true
	}
}

// norms appends a normalization, now and then with the binary or ternary activation that it absorbs.
func (b *builder) norms() {
	name, r := fmt.Sprintf("sign%d", b.next()), b.Float64()
	if r < 0.2 && !b.exact {
		b.unfolded()
	}
	b.norm()
	switch {
	case b.exact:
	case r > 0.8:
		b.add("Activation", "Activation", name, map[string]any{"activation": "binary_tanh"})
	case r < 0.2:
		b.add("TernaryTanh", "TernaryTanh", name, map[string]any{"activation": "ternary_tanh"})
	}
}

// unfolded puts an activation behind a product, into which the next normalization would go.
func (b *builder) unfolded() {
	if len(b.layers) == 0 {
		return
	}
	if l := b.layers[len(b.layers)-1]; l.Implicit || l.Data.Tensors["bias_data"] != nil ||
		l.Data.Tensors["weight_data"] != nil || l.Data.Tensors["depthwise_data"] != nil {
		b.add("Activation", "Activation", fmt.Sprintf("act%d", b.next()), map[string]any{"activation": "relu"})
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
	b.statistics(l, n)
}

// statistics draws the four vectors of a batch normalization.
func (b *builder) statistics(l *ir.Layer, n int) {
	l.Data.Tensors["gamma_data"] = b.tensor(func() float64 { return 1 + 0.4*b.NormFloat64() }, n)
	l.Data.Tensors["beta_data"] = b.tensor(b.NormFloat64, n)
	l.Data.Tensors["mean_data"] = b.tensor(b.NormFloat64, n)
	l.Data.Tensors["variance_data"] = b.tensor(func() float64 { return 0.3 + math.Abs(b.NormFloat64()) }, n)
}

// activation appends an activation of any kind that leaves the shape as it is.
func (b *builder) activation() {
	if b.quantized && b.chance(0.7) {
		b.quantizedActivation()
		return
	}
	if b.exact {
		b.fixedPoint(true) // a table has an entry for each of its values
	}
	name := fmt.Sprintf("act%d", b.next())
	switch b.IntN(9) {
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
		b.add("HardActivation", "HardActivation", name, map[string]any{
			"activation": choose(b, "hard_sigmoid", "hard_tanh"),
		})
	case 5:
		b.softmax(name)
	default:
		list := functions
		if !b.stream { // streams have no such functions
			list = append([]string{"relu6", "relu1"}, functions...)
		}
		b.add("Activation", "Activation", name, map[string]any{"activation": pick(b, list)})
	}
}

// softmax appends a softmax, of arrays over any axis.
func (b *builder) softmax(name string) {
	attrs := map[string]any{"activation": "softmax", "axis": -1}
	if !b.stream && b.chance(0.3) {
		axis := b.IntN(len(b.shape))
		attrs["axis"] = axis + 1
		attrs["n_outer"], attrs["n_inner"] = ir.Size(b.shape[:axis]), ir.Size(b.shape[axis+1:])
	}
	b.add("Softmax", "Softmax", name, attrs)
}

func (b *builder) reshape() {
	b.shape = []int{ir.Size(b.shape)}
	b.add("Reshape", "Reshape", fmt.Sprintf("flat%d", b.next()), map[string]any{"target_shape": b.copyShape()})
}

// permute appends a transposition of all axes.
func (b *builder) permute() {
	perm := b.Perm(len(b.shape))
	for slices.IsSorted(perm) { // would be left out
		perm = b.Perm(len(b.shape))
	}
	shape := make([]int, len(perm))
	for i, axis := range perm {
		shape[i] = b.shape[axis]
	}
	b.shape = shape
	b.add("Transpose", "Permute", fmt.Sprintf("permute%d", b.next()), map[string]any{"perm": perm})
}

// reform appends a reshape: a flatten, or another way to put the values into up to three axes.
func (b *builder) reform() {
	if len(b.shape) > 1 && b.chance(0.5) {
		b.reshape()
		b.flat = b.stream // what else may follow in a stream reads words of the flattened size
		return
	}
	size := ir.Size(b.shape)
	var shape []int
	for range b.IntN(3) {
		var divisors []int
		for d := 1; d <= size; d++ {
			if size%d == 0 && d <= 12 {
				divisors = append(divisors, d)
			}
		}
		d := pick(b, divisors)
		shape, size = append(shape, d), size/d
	}
	b.flat = b.stream && len(shape) == 0
	b.shape = append(shape, size)
	b.add("Reshape", "Reshape", fmt.Sprintf("form%d", b.next()), map[string]any{"target_shape": b.copyShape()})
}

// embedding appends a table of rows.
func (b *builder) embedding() {
	vocabulary, size := 1+b.IntN(9), 1+b.IntN(4)
	l := b.add("Embedding", "Embedding", fmt.Sprintf("emb%d", b.next()), map[string]any{
		"n_in": b.shape[0], "n_out": size, "vocab_size": vocabulary,
	})
	l.Data.Tensors["embeddings_data"] = b.tensor(b.weight(), vocabulary, size)
	b.become(l, b.shape[0], size)
}

// layerNorm appends a normalization of every row.
func (b *builder) layerNorm() {
	n := b.channels()
	l := b.add("LayerNormalization", "LayerNormalization", fmt.Sprintf("norm%d", b.next()), map[string]any{
		"n_in": ir.Size(b.shape), "seq_len": b.shape[0], "axis": 2, "epsilon_power_of_10": 1 + b.IntN(4),
		"epsilon": 1e-3,
	})
	if b.chance(0.85) {
		l.Data.Tensors["gamma_data"] = b.tensor(b.NormFloat64, n)
	}
	if b.chance(0.85) {
		l.Data.Tensors["beta_data"] = b.tensor(b.NormFloat64, n)
	}
}

// become makes shape the one behind l.
func (b *builder) become(l *ir.Layer, shape ...int) {
	b.shape = shape
	b.shapes[l.Name] = b.copyShape()
}
