package graphplot

import (
	"fmt"
	"io"
	"strings"
)

const dotDefaults = `	node [shape=box, style="rounded,filled", fillcolor=white];
	node [fontname="Liberation Sans", fontsize=10];
`

// WriteDOT writes the graph in Graphviz' language, for its own layout.
func (p *Picture) WriteDOT(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph model {\n\trankdir=%s;\n%s", p.direction, dotDefaults)
	if p.title != "" {
		fmt.Fprintf(&b, "\tlabel=\"%s\"; labelloc=t; fontname=\"Liberation Sans\";\n", dotQuote.Replace(p.title))
	}
	for _, bx := range p.boxes {
		fmt.Fprintf(&b, "\t%s [label=\"%s\"%s];\n", bx.id, bx.dotLabel(), bx.dotColours())
	}
	for _, e := range p.edges {
		fmt.Fprintf(&b, "\t%s -> %s;\n", p.boxes[e.from].id, p.boxes[e.to].id)
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// dotLabel is the text of a box, each line aligned to the left.
func (bx *box) dotLabel() string {
	var b strings.Builder
	for _, t := range bx.texts {
		line := t.value
		// A broken value goes on in lines whose key is blank.
		if strings.TrimSpace(t.key) != "" {
			line = t.key + ": " + line
		}
		b.WriteString(dotQuote.Replace(line) + `\l`)
	}
	return b.String()
}

// In DOT a backslash begins an escape such as \l, so names with one need two.
var dotQuote = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func (bx *box) dotColours() string {
	var out string
	switch bx.class {
	case classEnd:
		out = `, fillcolor="#eef1f4"`
	case classWeight:
		out = `, fillcolor="#e3f0f6"`
	case classMove:
		out = `, style="rounded,filled,dashed"`
	}
	switch bx.mark {
	case MarkWarn:
		out += `, color="#a86400"`
	case MarkBad:
		out += `, color="#b3261e"`
	}
	return out
}
