package conformance_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// honestNetwork draws the network number seed with weights of everyday size and types that suffice, as far
// as one rule for all layers can choose them.
func honestNetwork(schema ir.Schema, seed uint64) (*network, error) {
	n, err := randomNetwork(schema, seed, "")
	if err != nil {
		return nil, err
	}
	n.config.HLS.Model.Precision = []ir.Precision{{Var: "default", Text: "fixed<24,10>"}}
	n.config.HLS.Types = nil
	for _, s := range n.config.HLS.Names {
		s.Precision = nil
		s.Keys = slices.DeleteFunc(s.Keys, func(k ir.Key) bool {
			return k.Name == "Implementation" || k.Name == "TableSize" || strings.HasSuffix(k.Name, "_t")
		})
	}
	for _, l := range everyLayer(n.parsed.Layers) {
		tame(l)
		if l.Kind == "Softmax" {
			// The top bits of what it reads address its table.
			n.change(plant{layer: l.Name, key: "TableSize", value: 1 << 13})
			for _, name := range l.Inputs {
				n.change(plant{layer: name, key: "result_t", value: "fixed<20,6>"})
			}
		}
	}
	// A quantized activation in another type than its quantizer's is another function.
	for _, l := range everyLayer(n.parsed.Layers) {
		if q := l.Data.Quantizers["activation_quantizer"]; q != nil {
			n.change(plant{layer: l.Name, key: "result_t", value: q.Format().String()})
		}
	}
	return n, nil
}

// tame scales weights that no quantizer dictates to what keeps values near one.
func tame(l *ir.Layer) {
	for name, t := range l.Data.Tensors {
		role := strings.TrimSuffix(name, "_data")
		if l.Data.Quantizers[role+"_quantizer"] != nil || len(t.Data) == 0 {
			continue
		}
		want := 0.0
		switch {
		case strings.HasSuffix(role, "bias"):
			want = 0.2
		case strings.HasSuffix(role, "weight") || role == "depthwise" || role == "pointwise":
			want = 1 / math.Sqrt(float64(len(t.Data)/t.Shape[len(t.Shape)-1]))
		case role == "embeddings":
			want = 1
		default:
			continue // statistics of a normalization and the like are everyday numbers
		}
		size := deviation(t.Data, 0)
		for i, v := range t.Data {
			t.Data[i] = float64(float32(v * want / max(size, 1e-30)))
		}
	}
}

// deviation is the root of the mean squared difference from a number.
func deviation(x []float64, from float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += (v - from) * (v - from)
	}
	return math.Sqrt(sum / float64(max(len(x), 1)))
}

// A plant is a setting of a layer, by the name that its type has in the firmware, or TableSize.
type plant struct {
	layer, key string
	value      any
}

// change puts a setting into the configuration.
func (n *network) change(p plant) {
	s := n.config.Layer(p.layer)
	if s == nil {
		s = &ir.Section{Name: p.layer}
		n.config.HLS.Names = append(n.config.HLS.Names, s)
	}
	role, isType := strings.CutSuffix(p.key, "_t")
	// Types of tables work beside Precision only.
	if !isType || strings.Contains(role, "table") || role == "inv_inp" {
		s.Keys = slices.DeleteFunc(s.Keys, func(k ir.Key) bool { return k.Name == p.key })
		s.Keys = append(s.Keys, ir.Key{Name: p.key, Value: p.value})
		return
	}
	s.Precision = slices.DeleteFunc(s.Precision, func(v ir.Precision) bool { return v.Var == role })
	s.Precision = append(s.Precision, ir.Precision{Var: role, Text: p.value.(string)})
}

// planted is the network with settings changed; n stays as it is.
func (n *network) planted(list ...plant) *network {
	out, config := *n, *n.config
	config.HLS.Names = nil
	for _, s := range n.config.HLS.Names {
		own := *s
		own.Precision, own.Keys = slices.Clone(s.Precision), slices.Clone(s.Keys)
		config.HLS.Names = append(config.HLS.Names, &own)
	}
	out.config = &config
	for _, p := range list {
		out.change(p)
	}
	return &out
}

// everydaySamples draws inputs without anything far out of range: places of an embedding and numbers of
// vertices where the layers want such.
func (n *network) everydaySamples(r *rand.Rand, count int) []*hlsgo.Array {
	whole := map[string][2]int{} // first and last of the whole numbers that an input takes
	for _, l := range n.parsed.Layers {
		switch l.Kind {
		case "Embedding":
			size, _ := ir.GetAttr(l.Attrs, "vocab_size")
			whole[l.Inputs[0]] = [2]int{0, size.(int) - 1}
		case "GarNet", "GarNetStack":
			vertices, _ := ir.GetAttr(l.Attrs, "n_vertices")
			whole[l.Inputs[1]] = [2]int{1, vertices.(int)}
		}
	}
	var out []*hlsgo.Array
	for _, l := range n.parsed.Layers {
		if l.Kind != "Input" {
			continue
		}
		shape, _ := ir.GetAttr(l.Attrs, "input_shape")
		size := ir.Size(shape.([]int))
		a := &hlsgo.Array{Shape: []int{count, size}, F32: make([]float32, count*size)}
		for i := range a.F32 {
			if ends, ok := whole[l.Name]; ok {
				a.F32[i] = float32(ends[0] + r.IntN(ends[1]-ends[0]+1))
			} else {
				a.F32[i] = float32(max(-3, min(3, r.NormFloat64())))
			}
		}
		out = append(out, a)
	}
	return out
}

// owned lists what trained quantizers decide, as layer and type's name.
func (n *network) owned() map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, l := range everyLayer(n.parsed.Layers) {
		for _, role := range slices.Sorted(maps.Keys(l.Data.Quantizers)) {
			role = strings.TrimSuffix(role, "_quantizer")
			if role == "activation" {
				role = "result"
			}
			out[[2]string{l.Name, role + "_t"}] = true
		}
	}
	return out
}

// choices tells of each output whether it is a softmax over all its values.
func (n *network) choices() []bool {
	out := make([]bool, len(n.parsed.Outputs))
	for i, name := range n.parsed.Outputs {
		for _, l := range n.parsed.Layers {
			if l.Name != name || l.Kind != "Softmax" {
				continue
			}
			outer, _ := ir.GetAttr(l.Attrs, "n_outer")
			inner, _ := ir.GetAttr(l.Attrs, "n_inner")
			out[i] = outer == 1 && inner == 1
		}
	}
	return out
}
