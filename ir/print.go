package ir

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
)

// WriteText writes the graph for people, one line per node in order: index, name, kind, what it reads, what
// it makes with shape and type, then types, weights and attributes. Values that say nothing are left out.
func (g *Graph) WriteText(w io.Writer) error {
	_, err := fmt.Fprintf(w, "graph %s -> %s pipeline=%s\n",
		strings.Join(plains(g.Inputs), ","), strings.Join(plains(g.Outputs), ","), g.PipelineStyle)
	if err != nil {
		return err
	}
	for _, n := range g.Nodes {
		if _, err := fmt.Fprintln(w, n.String()); err != nil {
			return err
		}
	}
	return nil
}

// longestText is how many bytes of a name or text are printed.
const longestText = 100

// plain writes a text as it is where it is a word and short. Of what would begin a line or look like another
// part of one, a front end's name or a plugin's attribute, it makes a quoted word, of what is long its start.
func plain(s string) string {
	if len(s) > longestText {
		return plain(strings.ToValidUTF8(s[:longestText], "")) + "..."
	}
	if q := strconv.Quote(s); len(q) != len(s)+2 || strings.ContainsAny(s, " ()") {
		return q
	}
	return s
}

func plains(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = plain(s)
	}
	return out
}

// String is the line of n in WriteText.
func (n *Node) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%3d %s = %s(%s)", n.Index, plain(n.Name), n.Kind,
		strings.Join(plains(n.Inputs), ", "))
	for i, v := range n.Vars {
		fmt.Fprintf(&b, " -> %s %s%v %s:%s", plain(n.Outputs[i]), plain(v.Name), v.Shape, plain(v.Type.Name),
			v.Type.Format)
		switch {
		case v.Alias != nil:
			fmt.Fprintf(&b, " in place of %s", plain(v.Alias.Name))
		case v.Depth > 0:
			fmt.Fprintf(&b, " stream of %d x %d", v.Depth, v.Pack)
		}
	}
	if n.Strategy != "" {
		b.WriteString(" " + string(n.Strategy))
	}
	if n.ReuseFactor != 1 {
		fmt.Fprintf(&b, " rf=%d", n.ReuseFactor)
	}
	if n.TargetCycles != nil {
		fmt.Fprintf(&b, " target_cycles=%d", *n.TargetCycles)
	}
	if n.Trace {
		b.WriteString(" trace")
	}
	for _, s := range n.Types {
		fmt.Fprintf(&b, " %s=%s", s.Key, s.Type.Format)
	}
	for _, w := range n.Weights {
		fmt.Fprintf(&b, " %s=%s%v:%s", w.Role, plain(w.Var), w.Data.Shape, w.Type.Format)
		if w.Storage != "register" {
			fmt.Fprintf(&b, "(%s)", w.Storage)
		}
	}
	n.printAttrs(&b)
	return b.String()
}

// printAttrs prints the attributes that are set.
func (n *Node) printAttrs(b *strings.Builder) {
	for _, f := range n.Fields() {
		v := reflect.ValueOf(f.Value)
		if f.Ignored || f.Name == "data_format" || v.IsZero() {
			continue
		}
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		switch v.Kind() {
		case reflect.String:
			fmt.Fprintf(b, " %s=%s", f.Name, plain(v.String()))
		case reflect.Bool, reflect.Int, reflect.Float64:
			fmt.Fprintf(b, " %s=%v", f.Name, v)
		case reflect.Slice:
			if v.Type().Elem().Kind() == reflect.Int {
				fmt.Fprintf(b, " %s=%s", f.Name, numbers(v))
			}
		}
	}
}

// longestList is how many numbers of a list are printed.
const longestList = 40

// numbers prints a list, of a long one its start and how long it is.
func numbers(list reflect.Value) string {
	if n := list.Len(); n > longestList {
		return fmt.Sprintf("%v... (%d)", list.Slice(0, longestList), n)
	}
	return fmt.Sprint(list)
}

// AutoRoles lists the roles of n whose type is still to be inferred: "result_t", "accum_t", "weight_t", ...
func (n *Node) AutoRoles() []string {
	var out []string
	add := func(role string, t *Type) {
		if t.Format == fixed.Auto {
			out = append(out, role)
		}
	}
	for _, s := range n.Types {
		add(s.Key, s.Type)
	}
	for _, w := range n.Weights {
		add(w.Role+"_t", w.Type)
	}
	add("result_t", n.Vars[0].Type)
	return out
}
