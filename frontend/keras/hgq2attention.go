package keras

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// hgqAttention is an attention layer of HGQ2 being read: a list of layers, of which the last gives the
// answer. mirrors hls4ml's converters/keras_v3/hgq2/multi_head_attention.py.
type hgqAttention struct {
	*hgqLayer
	parts []*build.Out
}

// readHGQAttention reads QMultiHeadAttention.
func readHGQAttention(c *build.Call) (*build.Out, error) {
	h, query, value, key, err := newHGQAttention(c)
	if err != nil {
		return nil, err
	}
	return h.attend(query, value, key)
}

// readHGQLinformer reads QLinformerAttention, which brings key and value to fewer steps first.
func readHGQLinformer(c *build.Call) (*build.Out, error) {
	h, query, value, key, err := newHGQAttention(c)
	if err != nil {
		return nil, err
	}
	steps, err := h.steps(len(value.Shape), len(value.Shape)+2)
	if err != nil {
		return nil, err
	}
	equation, err := projection(len(value.Shape), steps)
	if err != nil {
		return nil, err
	}
	key, err = h.project("_lin_k_proj", c.Numbered("q_einsum_dense"), equation, false, key)
	if err != nil {
		return nil, err
	}
	value, err = h.project("_lin_v_proj", c.Numbered("q_einsum_dense"), equation, false, value)
	if err != nil {
		return nil, err
	}
	return h.attend(query, value, key)
}

// maxAttentionAxes bounds the axes of the inputs, which have letters for names.
const maxAttentionAxes = 5

func newHGQAttention(c *build.Call) (h *hgqAttention, query, value, key build.Tensor, err error) {
	layer, err := newHGQLayer(c)
	if err != nil {
		return nil, query, value, key, err
	}
	list, err := c.Arguments("query", "value", "key")
	if err != nil {
		return nil, query, value, key, err
	}
	query, value, key = list[0], list[1], list[2]
	if query.Name == "" || value.Name == "" {
		return nil, query, value, key, fmt.Errorf("inputs: got no query or no value, want both")
	}
	if key.Name == "" {
		key = value
	}
	for _, t := range []build.Tensor{query, value, key} {
		if len(t.Shape) < 2 || len(t.Shape) > maxAttentionAxes {
			return nil, query, value, key, fmt.Errorf("inputs: got shape %v, want two to %d axes",
				t.Shape, maxAttentionAxes)
		}
	}
	return &hgqAttention{hgqLayer: layer}, query, value, key, nil
}

// inside is a layer inside the attention, with its quantizers.
func (h *hgqAttention) inside(at, name string, config Config, x ...build.Tensor) *hgqLayer {
	in := *h.hgqLayer
	in.Call, in.at, in.title, in.before = h.Part("", h.Unique(name), config, x...), at+"/", name, nil
	for _, q := range []string{"iq", "oq"} {
		config["enable_"+q] = in.has(q)
	}
	return &in
}

// has says whether there are variables of a quantizer.
func (h *hgqLayer) has(quantizer string) bool {
	_, ok := h.vars[h.at+quantizer+"/quantizer/vars/0"]
	return ok
}

// add appends a layer with what belongs to it, and gives its answer.
func (h *hgqAttention) add(in *hgqLayer, out *build.Out, err error) (build.Tensor, error) {
	if err == nil {
		out, err = in.finish(out)
	}
	if err != nil {
		return build.Tensor{}, fmt.Errorf("%s: %w", strings.TrimSuffix(in.at, "/"), err)
	}
	h.parts = append(append(h.parts, out.Before...), out)
	h.parts = append(h.parts, out.After...)
	out.Before, out.After = nil, nil
	last := h.parts[len(h.parts)-1]
	return build.Tensor{Name: last.Name, Shape: last.Shape}, nil
}

// project is a product with weights of the layer.
func (h *hgqAttention) project(at, name, equation string, bias bool, x build.Tensor) (build.Tensor, error) {
	config := Config{"equation": equation}
	for _, q := range []string{"iq", "kq", "bq", "oq"} {
		config[q+"_conf"] = h.config()["qkvo_"+q+"_conf"]
	}
	if bias {
		config["bias_axes"] = "all"
	}
	in := h.inside(at, name, config, x)
	if err := in.sharedInput(h.fused(at)); err != nil {
		return build.Tensor{}, fmt.Errorf("%s: %w", at, err)
	}
	out, err := readHGQEinsumDense(in)
	return h.add(in, out, err)
}

// fused says whether a product shares the quantizer of its input with others.
func (h *hgqAttention) fused(at string) bool {
	switch fuse, _ := h.config().Text("fuse", "none"); fuse {
	case "qkv":
		return at == "query_dense" || at == "key_dense" || at == "value_dense"
	case "kv":
		return at == "key_dense" || at == "value_dense"
	}
	return false
}

// sharedInput puts the quantizer before the input. One that several share stands in the file where Keras
// comes across it first, and has the name that it was made with.
func (h *hgqLayer) sharedInput(shared bool) error {
	if !shared {
		return h.quantizeSingle()
	}
	own, name := h.at, h.title+"_iq"
	defer func() { h.at = own }()
	for _, at := range []string{"key_dense/", "query_dense/", "value_dense/"} {
		if h.at = at; h.has("iq") {
			break
		}
	}
	for _, part := range []string{"_query_iq", "_key_iq"} {
		if strings.HasSuffix(name, part) {
			name = strings.TrimSuffix(name, part) + "_value_iq"
		}
	}
	return h.quantizeInput(0, h.config()["iq_conf"], "iq", name)
}

// attend appends projections, scores, softmax and the products with the values.
func (h *hgqAttention) attend(query, value, key build.Tensor) (*build.Out, error) {
	bias, err := h.config().Bool("use_bias", true)
	if err != nil {
		return nil, err
	}
	prefix := h.title + "_"
	heads, rank := outer(len(query.Shape)), len(query.Shape)+2
	q, err := h.project("query_dense", prefix+"query", heads, bias, query)
	if err != nil {
		return nil, err
	}
	k, err := h.project("key_dense", prefix+"key", outer(len(key.Shape)), false, key)
	if err != nil {
		return nil, err
	}
	v, err := h.project("value_dense", prefix+"value", outer(len(value.Shape)), bias, value)
	if err != nil {
		return nil, err
	}
	steps, err := h.steps(len(value.Shape), rank)
	if err != nil {
		return nil, err
	}
	scores, answer := attentionEquations(rank, steps)
	s, err := h.product(prefix+h.title+"_QK", scores, k, q)
	if err != nil {
		return nil, err
	}
	if s, err = h.softmax(prefix+h.Numbered("q_softmax"), len(steps), s); err != nil {
		return nil, err
	}
	x, err := h.product(prefix+h.title+"_aV", answer, s, v)
	if err != nil {
		return nil, err
	}
	return h.answer(prefix+"attention_output", bias, x)
}

// product appends a product of two tensors.
func (h *hgqAttention) product(name, equation string, a, b build.Tensor) (build.Tensor, error) {
	c := h.Part("Einsum", h.Unique(name), Config{"equation": equation}, a, b)
	out, err := readHGQEinsum(&hgqLayer{Call: c})
	if err != nil {
		return build.Tensor{}, err
	}
	h.parts = append(h.parts, out)
	return build.Tensor{Name: out.Name, Shape: out.Shape}, nil
}

// softmax normalizes the scores over their last axes.
func (h *hgqAttention) softmax(name string, axes int, x build.Tensor) (build.Tensor, error) {
	config := Config{}
	for _, q := range []string{"iq", "exp_iq", "exp_oq", "inv_iq", "inv_oq", "oq"} {
		config[q+"_conf"] = h.config()["softmax_"+q+"_conf"]
	}
	dim, err := h.config().Int("key_dim", 1)
	if err != nil {
		return x, err
	}
	config["input_scaler"] = number(1 / math.Sqrt(float64(dim)))
	config["stable"] = h.config()["stable_softmax"]
	var last []any
	for i := range axes {
		last = append(last, number(float64(i-axes)))
	}
	config["axes"] = last
	in := h.inside("_softmax", name, config, x)
	if err := in.quantizeSingle(); err != nil {
		return x, err
	}
	out, err := readHGQSoftmax(in)
	return h.add(in, out, err)
}

// number is a setting as a file would have it.
func number(x float64) json.Number { return json.Number(strconv.FormatFloat(x, 'g', -1, 64)) }

// answer appends the last product and the quantizer of the whole layer.
func (h *hgqAttention) answer(name string, bias bool, x build.Tensor) (*build.Out, error) {
	equation, err := h.outputEquation(len(x.Shape))
	if err != nil {
		return nil, err
	}
	if _, err := h.project("output_dense", name, equation, bias, x); err != nil {
		return nil, err
	}
	last := len(h.parts) - 1
	out := h.parts[last]
	h.before = h.parts[:last]
	return h.finish(out)
}

// outputEquation sums over heads and their channels, the last two of so many axes.
func (h *hgqAttention) outputEquation(axes int) (string, error) {
	last := 1
	if shape, err := h.config().Ints("output_shape"); err != nil {
		return "", err
	} else if len(shape) > 0 {
		last = len(shape)
	}
	in := letters(0, axes+1)
	made := letters(axes+1, last)
	return fmt.Sprintf("%s,%s->%s", in, in[axes-1:]+made, in[:axes-1]+made), nil
}

// letters names axes from one on.
func letters(from, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteByte("abcdefghijklmnopqrstuvwxyz"[from+i])
	}
	return b.String()
}

// outer is the equation of a projection of the last axis of an input of so many, batch apart, to heads and
// their channels.
func outer(axes int) string {
	in := letters(0, axes+1)
	made := letters(axes+1, 2)
	return fmt.Sprintf("%s,%s->%s", in, in[axes:]+made, in[:axes]+made)
}

// steps are the axes that attention goes over, batch counted; rank is that of the projected tensors.
func (h *hgqAttention) steps(axes, rank int) ([]int, error) {
	steps, err := h.config().Ints("attention_axes")
	if err != nil {
		return nil, err
	}
	if len(steps) == 0 {
		for i := 1; i < rank-2; i++ {
			steps = append(steps, i)
		}
	}
	for _, s := range steps {
		if s < 1 || s >= axes {
			return nil, fmt.Errorf("attention_axes: got %v, want axes between batch and channels of %d",
				steps, axes+1)
		}
	}
	return steps, nil
}

// attentionEquations are those of the scores, from keys and queries, and of the answer, from scores and
// values, of projected tensors of a rank, batch counted. mirrors _build_attention_equation of Keras.
func attentionEquations(rank int, steps []int) (scores, answer string) {
	target := letters(0, rank)
	source := []byte(target)
	next := rank
	var batch, from, to []byte
	for i := range rank - 1 {
		if slices.Contains(steps, i) {
			source[i] = letters(next, 1)[0]
			next++
		} else {
			batch = append(batch, target[i])
		}
	}
	for _, i := range steps {
		from, to = append(from, target[i]), append(to, source[i])
	}
	product := string(batch) + string(from) + string(to)
	return fmt.Sprintf("%s,%s->%s", source, target, product), fmt.Sprintf("%s,%s->%s", product, source, target)
}

// projection is the equation that brings the steps of an input of so many axes to others.
func projection(axes int, steps []int) (string, error) {
	in := letters(0, axes+1)
	out, kernel := []byte(in), ""
	for i, s := range steps {
		out[s] = letters(axes+1+i, 1)[0]
		kernel += in[s : s+1]
	}
	kernel += letters(axes+1, len(steps))
	return fmt.Sprintf("%s,%s->%s", in, kernel, out), nil
}
