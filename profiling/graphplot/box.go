package graphplot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Lengths of a box, in pixels.
const (
	padX, padY  = 12, 9
	lineHeight  = 17
	keyGap      = 8   // between a key and its value
	widestText  = 300 // longer texts are broken
	narrowest   = 96  // a box is never narrower
	roundCorner = 6
)

// class is the family of a box, by which it is coloured.
type class string

const (
	classEnd    class = "end"    // the data of the model enters here
	classWeight class = "weight" // has weights
	classMove   class = "move"   // moves or copies values, computes nothing
	classPlain  class = "plain"
)

// text is one line of a box.
type text struct {
	key, value string // a line without a key is a value alone
	style      style
}

// box is a layer in the picture.
type box struct {
	id         string // of the node, for DOT
	title      string
	class      class
	mark       Mark
	link       string
	x, y, w, h float64
	keys       float64 // width of the column of keys
	texts      []text
}

// newBox collects the lines of a layer's box. How large it is follows from them, and where it stands from
// all.
func newBox(n *ir.Node, o Options) *box {
	b := &box{id: "n" + strconv.Itoa(n.Index), title: n.Name, class: classOf(n)}
	if o.Mark != nil {
		b.mark = o.Mark(n)
	}
	if o.Link != nil {
		b.link = o.Link(n)
	}
	if o.Names {
		b.heading(n.Name, styleTitle)
		b.heading(kindText(n), styleKind)
	} else {
		b.heading(kindText(n), styleTitle)
	}
	if end := endText(n); end != "" {
		b.row("model", end)
	}
	if o.Shapes {
		b.row("shape", shapes(n))
	}
	if o.Types {
		b.types(n)
	}
	if o.Reuse && n.Strategy != "" {
		b.row("reuse", strconv.Itoa(n.ReuseFactor)+", "+strings.ReplaceAll(string(n.Strategy), "_", " "))
	}
	b.measure()
	return b
}

// classOf sorts layers by what a reader of the picture looks for: where data enters, where weights are.
func classOf(n *ir.Node) class {
	switch {
	case n.Kind == "Input":
		return classEnd
	case len(n.Weights) > 0:
		return classWeight
	// Reshapes hand on their input's memory, and Clone and Split have several results; both cost next to
	// nothing in hardware, so a reader may pass them over.
	case len(n.Vars) > 0 && n.Out().Alias != nil || len(n.Vars) > 1:
		return classMove
	}
	return classPlain
}

// kindText is the kind, with what it does where that is an attribute: "Merge, add".
func kindText(n *ir.Node) string {
	for _, name := range []string{"op", "pool_op", "activation"} {
		v, ok := n.Get(name)
		what, isText := v.(string)
		if ok && isText && what != "" && len(n.Weights) == 0 && !strings.EqualFold(what, n.Kind) {
			return n.Kind + ", " + strings.ToLower(what)
		}
	}
	return n.Kind
}

// endText numbers the inputs and outputs of models that have several.
func endText(n *ir.Node) string {
	g := n.Graph()
	var ends []string
	if i := slices.Index(g.Inputs, n.Name); i >= 0 && len(g.Inputs) > 1 {
		ends = append(ends, fmt.Sprintf("input %d of %d", i+1, len(g.Inputs)))
	}
	for i, name := range g.Outputs {
		if len(g.Outputs) > 1 && slices.Contains(n.Outputs, name) {
			ends = append(ends, fmt.Sprintf("output %d of %d", i+1, len(g.Outputs)))
		}
	}
	return strings.Join(ends, ", ")
}

// types adds a line per result, weight and accumulator; equal results of one layer take one line.
func (b *box) types(n *ir.Node) {
	var last string
	for _, v := range n.Vars {
		if t := v.Type.Format.String(); t != last {
			b.row("result", t)
			last = t
		}
	}
	for _, w := range n.Weights {
		b.row(w.Role, w.Type.Format.String())
	}
	if f := n.Format("accum_t"); f != fixed.Auto && len(n.Weights) > 0 {
		b.row("accum", f.String())
	}
}

// shapes writes "28×28×1 → 26×26×16", several inputs or outputs with commas between.
func shapes(n *ir.Node) string {
	var in, out []string
	for i := range n.Inputs {
		if v := n.In(i); v != nil && n.Kind != "Input" {
			in = append(in, shapeText(v.Shape))
		}
	}
	for _, v := range n.Vars {
		out = append(out, shapeText(v.Shape))
	}
	to := strings.Join(out, ", ")
	if len(in) == 0 {
		return to
	}
	return strings.Join(in, ", ") + " → " + to
}

func shapeText(shape []int) string {
	words := make([]string, len(shape))
	for i, d := range shape {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, "×")
}

// heading adds a text over the whole width.
func (b *box) heading(s string, st style) {
	for _, part := range wrap(s, st, widestText) {
		b.texts = append(b.texts, text{value: part, style: st})
	}
}

// row adds a key and its value, which may take several lines.
func (b *box) row(key, value string) {
	room := widestText - width(key, styleRow) - keyGap
	for i, part := range wrap(value, styleRow, room) {
		if i > 0 {
			key = " " // the lines below stay in the column of values
		}
		b.texts = append(b.texts, text{key: key, value: part, style: styleRow})
	}
}

// measure makes the box as large as its texts need.
// Widths come from the font's own tables and not from a count of letters: boxes must hold their texts, and be
// no wider, in every viewer.
func (b *box) measure() {
	for _, t := range b.texts {
		if t.key != "" {
			b.keys = max(b.keys, width(t.key, t.style)+keyGap)
		}
	}
	inner := 0.0
	for _, t := range b.texts {
		w := width(t.value, t.style)
		if t.key != "" {
			w += b.keys
		}
		inner = max(inner, w)
	}
	b.w = max(inner+2*padX, narrowest)
	b.h = float64(len(b.texts))*lineHeight + 2*padY
}

// baseline is where line i begins; keys and headings stand at x, values behind a key at x + b.keys.
func (b *box) baseline(i int) (x, y float64) {
	return b.x + padX, b.y + padY + float64(i)*lineHeight + 13
}
