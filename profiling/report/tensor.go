package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/hlsgo/hlsgo/profiling"
)

// tensor is a tensor before and after optimization; one of them may be missing.
type tensor struct {
	Label, Role   string
	Note          string
	Picture       template.HTML
	Axis          template.HTML
	Numbers       *table
	group         profiling.Group
	before, after *profiling.Tensor
}

// tensors joins the distributions of both stages and hands them to their layers. What passes took away is
// shown with the layer that took it over.
func (b *builder) tensors() {
	if b.Profile == nil {
		return
	}
	for _, g := range profiling.Groups() {
		seen := map[string]bool{}
		for _, a := range b.Profile.Select(g, profiling.After) {
			t := &tensor{group: g, after: a, Label: a.Label, Role: a.Role}
			if t.before = b.Profile.PartnerOf(a); t.before != nil {
				seen[t.before.Label] = true
			}
			b.hand(t, a.Layer)
		}
		for _, f := range b.Profile.Select(g, profiling.Before) {
			if !seen[f.Label] {
				b.hand(&tensor{group: g, before: f, Label: f.Label, Role: f.Role}, b.host(f.Layer))
			}
		}
	}
}

// host is the layer of the final graph that does the work of one before: the one of its name, else the first
// that names it as its origin.
func (b *builder) host(name string) string {
	if b.byName[name] != nil {
		return name
	}
	for _, t := range b.Profile.Tensors {
		if t.Stage != profiling.Before || t.Layer != name {
			continue
		}
		for _, n := range b.Graph.Nodes {
			for _, o := range n.Origin {
				for _, own := range t.Origin {
					if o == own {
						return n.Name
					}
				}
			}
		}
	}
	return ""
}

func (b *builder) hand(t *tensor, name string) {
	l := b.byName[name]
	if l == nil {
		return
	}
	t.Note = t.note()
	t.Picture = b.axis.histogram(t)
	t.Axis = b.axis.labels()
	t.Numbers = t.numbers()
	l.Tensors = append(l.Tensors, t)
}

// note is what a picture of the tensor does not show: a layer that was folded into this one, how the type
// fits, and the share of zeros, which have no place on a logarithmic axis.
func (t *tensor) note() string {
	s := t.shown()
	var words []string
	switch {
	case t.after == nil:
		words = append(words, "before only")
	case t.before != nil && t.before.Label != t.after.Label: // what passes folded into the layer
		words = append(words, "with "+t.before.Label)
	}
	if fit := s.Fit.String(); fit != "" && t.after != nil {
		words = append(words, fit)
	}
	if t.after != nil {
		if word := t.after.Overflow(); word != "" {
			words = append(words, word+": after is what overflow left")
		}
	}
	switch {
	case s.Count == 0:
		words = append(words, "no values")
	case s.Zeros == s.Count:
		words = append(words, "all zero")
	case s.Zeros > 0:
		words = append(words, "zero: "+percent(s.Zeros, s.Count))
	}
	return strings.Join(words, "; ")
}

// shown is the stage that speaks for the tensor: after, where it is there.
func (t *tensor) shown() *profiling.Tensor {
	if t.after != nil {
		return t.after
	}
	return t.before
}

// numbers are the statistics of both stages side by side.
func (t *tensor) numbers() *table {
	out := &table{Caption: "Numbers of " + t.Label, Columns: []column{{Name: "Statistic"}}}
	var both []*profiling.Tensor
	for _, s := range []*profiling.Tensor{t.before, t.after} {
		if s != nil {
			both = append(both, s)
			out.Columns = append(out.Columns, column{Name: string(s.Stage), Number: true})
		}
	}
	row := func(name string, text func(s *profiling.Tensor) string) {
		cells := []cell{{Text: name}}
		for _, s := range both {
			cells = append(cells, cell{Text: text(s)})
		}
		out.Rows = append(out.Rows, tableRow{Cells: cells})
	}
	row("type", func(s *profiling.Tensor) string { return s.Type })
	row("values", func(s *profiling.Tensor) string { return grouped(s.Count) })
	row("zeros", func(s *profiling.Tensor) string { return grouped(s.Zeros) })
	row("smallest", func(s *profiling.Tensor) string { return number(s.Min) })
	row("largest", func(s *profiling.Tensor) string { return number(s.Max) })
	row("mean", func(s *profiling.Tensor) string { return number(s.Mean) })
	for _, q := range []struct {
		name  string
		value func(a *profiling.Summary) float64
	}{
		{"least |x| not 0", func(a *profiling.Summary) float64 { return a.Min }},
		{"first quartile of |x|", func(a *profiling.Summary) float64 { return a.Q1 }},
		{"median of |x|", func(a *profiling.Summary) float64 { return a.Median }},
		{"third quartile of |x|", func(a *profiling.Summary) float64 { return a.Q3 }},
	} {
		row(q.name, func(s *profiling.Tensor) string {
			if s.Abs == nil {
				return "–"
			}
			return number(q.value(s.Abs))
		})
	}
	return out
}

// describe says in words what a picture of the tensor shows.
// It is the label of the picture for those who hear the page, and holds what others see.
func (t *tensor) describe() string {
	text := t.Label
	for _, s := range []*profiling.Tensor{t.before, t.after} {
		if s == nil {
			continue
		}
		text += fmt.Sprintf("; %s: %s values", s.Stage, grouped(s.Count))
		if s.Abs != nil {
			text += fmt.Sprintf(", |x| from %s to %s, median %s",
				number(s.Abs.Min), number(s.Abs.Max), number(s.Abs.Median))
		}
		if s.Zeros > 0 {
			text += fmt.Sprintf(", zero: %s", percent(s.Zeros, s.Count))
		}
	}
	if r := t.typeRange(); r != nil {
		text += fmt.Sprintf("; the type %s covers 2^%d to 2^%d", t.shown().Type, r.Low, r.High)
	}
	return text
}

// typeRange is the range of the type that the firmware gives the tensor.
func (t *tensor) typeRange() *profiling.Range {
	if t.after == nil {
		return nil
	}
	return t.after.Range
}
