package profiling

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// The layout of a picture with a facet for each layer, in points.
const (
	facetColumns = 2
	facetGap     = 16
	facetHead    = 20
	facetFoot    = 24
	facetTitle   = 12  // of the axes, below the last facet of a column
	facetLabel   = 110 // widest label of a lane
	facetPad     = 6
	facetPlot    = 170
	facetPage    = 1000
)

// A facet is a layer of the final graph with its tensors.
type facet struct {
	layer, kind string
	pairs       []pair
}

// pair is a tensor at both stages; either may be missing.
type pair struct {
	label string
	sides [2]*Tensor // as Stages
}

func (p pair) any() *Tensor {
	if p.sides[1] != nil {
		return p.sides[1]
	}
	return p.sides[0]
}

// layerFacets lists the layers of the final graph. What fusions took away stands in the layer that does its
// work now.
func (p *Profile) layerFacets() []facet {
	var out []facet
	at := map[string]int{}
	shown := map[*Tensor]bool{}
	for _, g := range slices.Backward(Groups()) { // activations know all layers
		for _, t := range p.Select(g, After) {
			if _, ok := at[t.Layer]; !ok {
				at[t.Layer] = len(out)
				out = append(out, facet{layer: t.Layer, kind: t.Kind})
			}
		}
	}
	for _, g := range Groups() {
		for _, t := range p.Select(g, After) {
			f := &out[at[t.Layer]]
			other := p.PartnerOf(t)
			shown[other] = true
			f.pairs = append(f.pairs, pair{f.short(t), [2]*Tensor{other, t}})
		}
		for _, t := range p.Select(g, Before) {
			if host := hostOf(out, p, t); host != nil && !shown[t] {
				host.pairs = append(host.pairs, pair{t.Label, [2]*Tensor{t, nil}})
			}
		}
	}
	return out
}

// hostOf is the facet of the final layer that does the work of t's layer, or nil.
func hostOf(facets []facet, p *Profile, t *Tensor) *facet {
	for i := range facets {
		if facets[i].layer == t.Layer {
			return &facets[i]
		}
	}
	// A batch normalization that was folded into a Dense layer is gone, but its name is among that layer's
	// origins.
	for _, a := range p.Tensors {
		if a.Stage == After && overlap(a.Origin, t.Origin) {
			return hostOf(facets, p, &Tensor{Layer: a.Layer})
		}
	}
	return nil
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// short is the label of a tensor inside its facet.
func (f *facet) short(t *Tensor) string {
	if name, ok := strings.CutPrefix(t.Label, f.layer+"/"); ok {
		return name
	}
	if t.Label == f.layer {
		return t.Role
	}
	return t.Label
}

// pairText is the lettering of labels in facets.
var pairText = lettering{size: 8, color: ink, align: text.XRight}

// laneHeight is the height of a pair in a facet.
func (k Kind) laneHeight() vg.Length {
	return map[Kind]vg.Length{Box: 24, Violin: 40, Histogram: 48}[k]
}

func (f *facet) height(k Kind) vg.Length {
	return facetHead + vg.Length(len(f.pairs))*k.laneHeight() + facetFoot
}

// facets are pictures of all layers, a facet for each, on one axis.
// One axis for all: pictures of several layers are looked at to compare them.
func (p *Profile) facets(k Kind) []Figure {
	all := p.layerFacets()
	var tensors []*Tensor
	for i := range p.Tensors {
		tensors = append(tensors, &p.Tensors[i])
	}
	ax := axisOf(tensors, func(t *Tensor) *Range { _, r := p.Firmware(t); return r })
	types, labels := newTypesetter().facetTypes(p, tensors), newTypesetter().facetLabels(all)
	width := max(pageWidth, facetColumns*(labels+facetPlot+types+3*facetPad+facetGap)-facetGap+2*pageMargin)
	var out []Figure
	const title = "Layers before and after optimization"
	for len(all) > 0 {
		n, height := pageOf(all, k)
		part := all[:n]
		all = all[n:]
		f := Figure{Name: "layers", Title: title, width: width, height: height}
		noted := slices.ContainsFunc(part, facet.overflowed)
		if noted {
			f.height += noteHeight
		}
		// Titles are completed when the number of pages is known, and painting comes later still: the closure
		// reads the title of the figure when it runs.
		i := len(out)
		if i > 0 {
			f.Name = fmt.Sprintf("layers_%d", i+1)
		}
		f.paint = func(page *page) {
			p.paintHead(page, out[i].Title, Activations)
			p.paintFacets(page, facetStyle{k, ax, labels, types}, part)
			page.legend(height-18, k, Stages())
			if noted {
				page.write(pageMargin, height-18+noteHeight, overflowNote, smallText)
			}
		}
		out = append(out, f)
	}
	for i := range out {
		if len(out) > 1 {
			out[i].Title += fmt.Sprintf(" (page %d of %d)", i+1, len(out))
		}
		out[i].about = p.about(out[i].Title, k)
	}
	return out
}

// pageOf is the number of facets that fit two columns of a page, at least one, and the height of the picture.
func pageOf(all []facet, k Kind) (n int, height vg.Length) {
	frame := vg.Length(headHeight - 8 + facetTitle + facetFoot)
	n = 1
	_, height = columnsAt(all[:1], k)
	for n < len(all) {
		_, h := columnsAt(all[:n+1], k)
		if frame+h > facetPage {
			break
		}
		n, height = n+1, h
	}
	return n, frame + height
}

// columnsAt is how many of the facets stand in the left column, the rest in the right one, and the height of
// the longer column, which it makes as short as can be.
// Facets stay in the order of the layers, down the left column and then the right one, so that the only
// choice is where to break; trying every break is linear, as one column grows by what the other loses.
func columnsAt(all []facet, k Kind) (left int, height vg.Length) {
	right := vg.Length(0)
	for i := range all {
		right += all[i].height(k)
	}
	height = right
	at := vg.Length(0)
	for i := range all {
		h := all[i].height(k)
		at, right = at+h, right-h
		if longer := max(at, right); i == 0 || longer < height {
			left, height = i+1, longer
		}
	}
	return left, height
}

// facetStyle is what all facets share.
type facetStyle struct {
	kind   Kind
	axis   axis
	labels vg.Length // width of the labels
	types  vg.Length // width of the types
}

// facetLabels is the width of the widest label.
func (t typesetter) facetLabels(all []facet) vg.Length {
	w := vg.Length(0)
	for _, f := range all {
		for _, q := range f.pairs {
			w = max(w, t.widest(q.label, pairText, facetLabel))
		}
	}
	return w
}

// facetTypes is the width of the widest type.
func (t typesetter) facetTypes(p *Profile, all []*Tensor) vg.Length {
	w := vg.Length(0)
	for _, x := range all {
		kind, _ := p.Firmware(x)
		w = max(w, t.measure(kind, columnText))
		if x.Fit != nil && x.Fit.Short > 0 {
			w = max(w, t.measure(shortText(x), headText))
		}
	}
	return w
}

// paintFacets fills the left column, then the right one.
func (p *Profile) paintFacets(page *page, style facetStyle, all []facet) {
	width := (page.width - 2*pageMargin - (facetColumns-1)*facetGap) / vg.Length(facetColumns)
	left, _ := columnsAt(all, style.kind)
	x, y := vg.Length(pageMargin), vg.Length(headHeight-8)
	for i := range all {
		if i == left {
			x, y = x+width+facetGap, headHeight-8
		}
		ax := p.paintFacet(page, style, &all[i], x, y, width)
		if i+1 == left || i+1 == len(all) {
			ax.title(page, y+all[i].height(style.kind))
		}
		y += all[i].height(style.kind)
	}
}

// paintFacet draws a layer and returns its axis: grid first, then ranges and distributions, and the line at 1
// last, over everything.
func (p *Profile) paintFacet(page *page, style facetStyle, f *facet, x, y, width vg.Length) axis {
	k, ax := style.kind, style.axis
	head := headText
	head.size = 9
	room := width - page.measure(f.kind, smallText) - 8
	head = page.shrink(f.layer, head, room)
	name := page.cut(f.layer, head, room)
	page.write(x, y+10, name, head)
	page.write(x+page.measure(name, head)+8, y+10, f.kind, smallText)
	ax.left, ax.right = x+facetPad+style.labels+facetPad, x+width-style.types-facetPad
	top := y + facetHead
	bottom := top + vg.Length(len(f.pairs))*k.laneHeight()
	for i := 0; i < len(f.pairs); i += 2 {
		t := top + vg.Length(i)*k.laneHeight()
		page.rect(band, x, t, x+width, t+k.laneHeight())
	}
	ax.draw(page, top, bottom)
	for i, q := range f.pairs {
		l := lane{ax, top + vg.Length(i)*k.laneHeight(), top + vg.Length(i+1)*k.laneHeight()}
		p.paintPair(page, k, q, l)
		page.name(x+facetPad+style.labels, l.middle(), q.label, pairText, facetLabel)
		p.writeType(page, q.any(), ax.right+facetPad, l.middle())
	}
	one := ax.x(0)
	page.line(faded, 0.8, one, top, one, bottom, 3, 2)
	return ax
}

// writeType writes the type of a tensor and, below it, what it is short of.
func (p *Profile) writeType(page *page, t *Tensor, x, y vg.Length) {
	kind, _ := p.Firmware(t)
	fit := t.Fit
	if fit == nil || fit.Short == 0 {
		page.write(x, y, kind, columnText)
		return
	}
	loud := columnText
	loud.color, loud.bold = alarm, true
	page.write(x, y-5, kind, columnText)
	page.write(x, y+5, shortText(t), loud)
}

// shortText says what a tensor is short of, and what that does to its values.
func shortText(t *Tensor) string {
	text := bits(t.Fit.Short) + " short"
	if word := t.Overflow(); word != "" {
		text += ", " + word
	}
	return text
}

// overflowed reports whether a tensor of the facet shows what overflow left.
func (f facet) overflowed() bool {
	return slices.ContainsFunc(f.pairs, func(q pair) bool { return q.sides[1] != nil && overflowed(q.sides[1]) })
}

// paintPair draws both stages of a tensor, one below the other, on the range of its type.
// Both on one lane, since the question is how the values moved when they became fixed point.
func (p *Profile) paintPair(page *page, k Kind, q pair, l lane) {
	_, r := p.Firmware(q.any())
	l.span(page, r)
	if a, b := q.sides[0], q.sides[1]; a != nil && b != nil && a.Abs == nil && b.Abs == nil {
		l.mark(page, k, b, r) // one note for both
		return
	}
	half := (l.bottom - l.top) * 0.46
	pad := (l.bottom - l.top - 2*half) / 2
	for i, t := range q.sides {
		if t != nil {
			part := l
			part.top = l.top + pad + vg.Length(i)*half
			part.bottom = part.top + half
			part.mark(page, k, t, r)
		}
	}
}
