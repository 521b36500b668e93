package ir

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"

	"github.com/hlsgo/hlsgo/fixed"
)

// WriteJSON writes the graph with every resolved type, under the keys inputs, outputs, input_shapes,
// output_shapes, pipeline_style and layers. A layer has name, class, index, inputs, outputs, types, weights
// and attributes.
func (g *Graph) WriteJSON(w io.Writer) error { return g.writeJSON(w, nil) }

// WriteJSONValues is WriteJSON with the values of weights, before their types round them: data, in C order,
// of data_shape, which passes that transpose change; and what raw, which knows how types round, makes of
// them: raw, the integers in the firmware, left out where it gives nil.
func (g *Graph) WriteJSONValues(w io.Writer, raw func(*Weight) any) error { return g.writeJSON(w, raw) }

func (g *Graph) writeJSON(w io.Writer, raw func(*Weight) any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(g.document(raw))
}

func (g *Graph) document(raw func(*Weight) any) dict {
	var ins, outs, inShapes, outShapes []any
	for _, name := range g.Inputs {
		if v := g.vars[name]; v != nil {
			ins, inShapes = append(ins, v.Name), append(inShapes, v.Shape)
		}
	}
	for _, name := range g.Outputs {
		if v := g.vars[name]; v != nil {
			outs, outShapes = append(outs, v.Name), append(outShapes, v.Shape)
		}
	}
	nodes := make([]any, len(g.Nodes))
	for i, n := range g.Nodes {
		nodes[i] = n.document(raw)
	}
	return dict{
		{"inputs", ins}, {"outputs", outs}, {"input_shapes", inShapes}, {"output_shapes", outShapes},
		{"pipeline_style", g.PipelineStyle}, {"layers", nodes},
	}
}

func (n *Node) document(raw func(*Weight) any) dict {
	outs := make([]any, len(n.Outputs))
	for i, name := range n.Outputs {
		v := n.Vars[i]
		outs[i] = dict{{"name", name}, {"var", v.Name}, {"shape", v.Shape}, {"type", typeDocument(v.Type, v.Pack)}}
	}
	return dict{
		{"name", n.Name}, {"class", n.Kind}, {"index", n.Index}, {"inputs", n.Inputs}, {"outputs", outs},
		{"types", n.typesDocument()}, {"weights", n.weightsDocument(raw)},
		{"attributes", n.attributesDocument()},
	}
}

func (n *Node) typesDocument() dict {
	var d dict
	for _, s := range n.Types {
		d = append(d, entry{s.Key, typeDocument(s.Type, 0)})
	}
	last := n.Vars[len(n.Vars)-1]
	d = append(d, entry{"result_t", typeDocument(last.Type, last.Pack)})
	for _, w := range n.Stored() {
		d = append(d, entry{w.Role + "_t", typeDocument(w.Type, 0)})
	}
	return d
}

func (n *Node) weightsDocument(raw func(*Weight) any) dict {
	d := dict{}
	for _, w := range n.Stored() {
		count := w.Count()
		own := dict{
			{"var", w.Var}, {"shape", append([]int{}, w.Shape...)}, {"type", typeDocument(w.Type, 0)},
			{"nzeros", count.Zeros}, {"nonzeros", count.Nonzeros}, {"storage", w.Storage},
		}
		if raw != nil {
			own = append(own, entry{"data_shape", append([]int{}, w.Data.Shape...)}, entry{"data", w.Data.Data})
			if list := raw(w); list != nil {
				own = append(own, entry{"raw", list})
			}
		}
		d = append(d, entry{w.Role, own})
	}
	return d
}

// attributesDocument lists what every node has and the attributes of the kind that are not nil, empty or
// tables of other things.
func (n *Node) attributesDocument() dict {
	d := dict{{"name", n.Name}}
	if n.ClassName != "" {
		d = append(d, entry{"class_name", n.ClassName})
	}
	for _, f := range n.Fields() {
		if v, ok := plainValue(reflect.ValueOf(f.Value)); ok && !f.Ignored {
			d = append(d, entry{f.Name, v})
		}
	}
	d = append(d, entry{"index", n.Index}, entry{"reuse_factor", n.ReuseFactor},
		entry{"target_cycles", n.TargetCycles})
	if n.Strategy != "" {
		d = append(d, entry{"strategy", n.Strategy})
	}
	if n.Trace {
		d = append(d, entry{"trace", true})
	}
	if n.Exact {
		d = append(d, entry{"bit_exact_transformed", true})
	}
	return d
}

func plainValue(v reflect.Value) (any, bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, false
		}
		return plainValue(v.Elem())
	case reflect.String:
		return v.Interface(), v.Len() > 0
	case reflect.Slice:
		k := v.Type().Elem().Kind()
		return v.Interface(), v.Len() > 0 && (k == reflect.Int || k == reflect.String)
	case reflect.Bool, reflect.Int, reflect.Float64:
		return v.Interface(), true
	}
	return nil, false
}

func typeDocument(t *Type, pack int) dict {
	f := t.Text()
	d := dict{{"name", t.Name}, {"precision", f.Long()}, {"kind", kindName(f)}, {"width", f.W}}
	if f.IsFixedOrInt() || f.Kind == fixed.KindXnor {
		d = append(d, entry{"integer", f.I})
	}
	d = append(d, entry{"signed", f.Signed})
	if f.IsFixedOrInt() {
		d = append(d, entry{"saturation_bits", f.N},
			entry{"rounding_mode", f.Q.Short()}, entry{"saturation_mode", f.O.Short()})
	}
	if pack > 0 {
		d = append(d, entry{"packed", dict{{"n_elem", pack}, {"n_pack", 1}, {"unpack", false}}})
	}
	if f != fixed.Auto {
		d = append(d, entry{"cpp", f.CPP()})
	}
	return d
}

func kindName(f fixed.Format) string {
	switch f.Kind {
	case fixed.KindFixed:
		return "FixedPrecisionType"
	case fixed.KindInt:
		return "IntegerPrecisionType"
	case fixed.KindXnor:
		return "XnorPrecisionType"
	case fixed.KindExponent:
		return "ExponentPrecisionType"
	case fixed.KindFloat:
		return "StandardFloatPrecisionType"
	}
	return "UnspecifiedPrecisionType"
}

// dict is a JSON object with its keys in order.
// Go's maps come out sorted by key; people compare these files with hls4ml's, whose order is that of a
// dictionary.
type dict []entry

type entry struct {
	key   string
	value any
}

// MarshalJSON writes the entries in order.
func (d dict) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // types are written fixed<16,6>
	b.WriteByte('{')
	for i, e := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(e.key); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := enc.Encode(e.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
