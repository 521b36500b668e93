package config

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// editor changes the text of a configuration until it says what it shall, and leaves all else as its author
// wrote it: comments, blank lines, quotes, order. It collects edits of the old text, which do not overlap.
type editor struct {
	*layout
	was   map[*yaml.Node]*value // what each node says now
	step  int                   // columns by which mappings are indented
	eol   string
	edits []edit
	// shared are the anchored nodes around the place that is looked at; those with an edit inside are changed,
	// and their aliases say something else than they did.
	shared  []*yaml.Node
	changed map[*yaml.Node]bool
	// whole makes entries of the outermost level anew that differ anywhere.
	whole bool
	err   error
}

// edit replaces the bytes from up to to.
type edit struct {
	from, to int
	text     string
}

// edited returns text changed so that it reads as want. It keeps what it can: where the text is of a form
// that cannot be edited in place, the outermost entries that differ are written anew, or the whole.
func edited(name string, text []byte, want *value) ([]byte, error) {
	for _, whole := range []bool{false, true} {
		out, err := editedBy(name, text, want, whole)
		if err != nil {
			continue
		}
		// The place of a value in a text is derived, so it is the reader that has the last word.
		if got, _, err := parseYAML(name, out); err == nil && got.same(want) {
			return out, nil
		}
	}
	out := WriteYAML(want.tree())
	_, _, err := parseYAML(name, out)
	return out, err
}

// byteOrderMark begins files of some editors; the columns of YAML's reader do not count it.
const byteOrderMark = "\ufeff"

func editedBy(name string, text []byte, want *value, whole bool) ([]byte, error) {
	body, marked := bytes.CutPrefix(text, []byte(byteOrderMark))
	doc, c, err := parseNodes(name, body)
	if err != nil {
		return nil, err
	}
	e := &editor{
		layout: newLayout(body), was: c.of, step: stepOf(doc), eol: "\n",
		changed: map[*yaml.Node]bool{}, whole: whole,
	}
	if i := bytes.IndexByte(body, '\n'); i > 0 && body[i-1] == '\r' {
		e.eol = "\r\n"
	}
	e.mapping(doc, want, false)
	if e.err != nil {
		return nil, e.err
	}
	out := e.apply()
	if marked {
		out = append([]byte(byteOrderMark), out...)
	}
	return out, nil
}

// stepOf is the indentation of the first mapping inside another, as far as there is one.
func stepOf(n *yaml.Node) int {
	if n.Kind != yaml.MappingNode || n.Style&yaml.FlowStyle != 0 {
		return defaultStep
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], n.Content[i+1]
		if v.Kind == yaml.MappingNode && v.Style&yaml.FlowStyle == 0 && v.Line > key.Line && v.Column > key.Column {
			return v.Column - key.Column
		}
	}
	return defaultStep
}

func (e *editor) apply() []byte {
	slices.SortStableFunc(e.edits, func(a, b edit) int { return a.from - b.from })
	var out []byte
	at := 0
	for _, x := range e.edits {
		if x.from < at { // two edits of one place: the reader's check finds what is wrong with that
			continue
		}
		out = append(append(out, e.text[at:x.from]...), x.text...)
		at = x.to
	}
	return append(out, e.text[at:]...)
}

// replace adds an edit.
func (e *editor) replace(from, to int, text string) {
	e.edits = append(e.edits, edit{from, to, text})
	for _, n := range e.shared {
		e.changed[n] = true
	}
}

// at returns an offset, and keeps the first error.
func (e *editor) at(offset int, err error) int {
	if err != nil && e.err == nil {
		e.err = err
	}
	return offset
}

// entry makes the value under a key say what it shall.
func (e *editor) entry(key, n *yaml.Node, want *value, flow bool) {
	if n.Anchor != "" {
		e.shared = append(e.shared, n)
		defer func() { e.shared = e.shared[:len(e.shared)-1] }()
	}
	if n.Kind == yaml.AliasNode && e.stale(n) {
		e.rewrite(key, n, want, flow)
		return
	}
	was := e.was[n]
	same := was.same(want)
	switch {
	case same && (e.whole || !e.holdsStale(n)):
	case e.whole || n.Kind == yaml.AliasNode:
		e.rewrite(key, n, want, flow)
	case n.Kind == yaml.MappingNode && want.isMap && len(n.Content) > 0 && len(want.entries) > 0:
		if !e.mapping(n, want, flow) {
			e.rewrite(key, n, want, flow)
		}
	case n.Kind == yaml.ScalarNode && !want.isMap && !want.isList && !isNothing(n):
		e.scalar(n, want, flow)
	case n.Kind == yaml.ScalarNode && wraps(was, want) && n.Anchor == "":
		e.wrap(key, n, want, flow)
	default:
		e.rewrite(key, n, want, flow)
	}
}

// stale says that an alias stands for something that has been edited.
func (e *editor) stale(n *yaml.Node) bool { return e.changed[n.Alias] }

// holdsStale says that there are such aliases below a node.
func (e *editor) holdsStale(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode {
		return e.stale(n)
	}
	return len(e.changed) > 0 && slices.ContainsFunc(n.Content, e.holdsStale)
}

// mapping makes a mapping say what it shall, and reports whether that can be done entry by entry.
func (e *editor) mapping(n *yaml.Node, want *value, flow bool) bool {
	flow = flow || n.Style&yaml.FlowStyle != 0
	own := map[string]int{} // the place of each key in n; of one that is there twice the last counts
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if isMerge(key) {
			if e.holdsStale(n.Content[i+1]) {
				return false
			}
			continue
		}
		own[key.Value] = i
	}
	wanted := want.index()
	for _, had := range e.was[n].entries {
		if i, ok := own[had.key]; wanted[had.key] == nil && (!ok || flow || len(own) == 1) {
			return false
		} else if wanted[had.key] == nil {
			e.remove(n, i)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if w := wanted[key.Value]; w != nil && !isMerge(key) && own[key.Value] == i {
			e.entry(key, n.Content[i+1], w, flow)
		}
	}
	before := e.was[n].index()
	for _, w := range want.entries {
		if _, ok := own[w.key]; !ok && (before[w.key] == nil || !before[w.key].same(w.value)) {
			e.insert(n, w, flow)
		}
	}
	return true
}

// isMerge says that a key takes over the entries of other mappings.
func isMerge(key *yaml.Node) bool { return key.Value == "<<" && key.Style == 0 }

// remove takes the lines of an entry out, in block style.
func (e *editor) remove(n *yaml.Node, i int) {
	from := e.at(e.start(n.Content[i]))
	to := e.lineEnd(e.at(e.entryEnd(n.Content[i], n.Content[i+1], false)))
	if e.err != nil {
		return
	}
	line := e.lines[n.Content[i].Line-1]
	if strings.TrimSpace(string(e.text[line:from])) != "" { // behind a dash
		e.at(0, errNotInText)
		return
	}
	if end := bytes.IndexByte(e.text[to:], '\n'); end >= 0 {
		to += end + 1
	}
	e.replace(line, to, "")
}

// insert adds an entry behind the last one.
func (e *editor) insert(n *yaml.Node, w entry, flow bool) {
	last := len(n.Content) - 1
	if flow {
		text, at := ", ", 0
		if last < 0 {
			text, at = "", e.at(e.token(n))+1
		} else {
			at = e.at(e.entryEnd(n.Content[last-1], n.Content[last], true))
		}
		e.replace(at, at, text+flowText(w.key)+": "+flowText(w.value.any()))
		return
	}
	at := e.lineEnd(e.at(e.entryEnd(n.Content[last-1], n.Content[last], false)))
	indent := n.Column - 1
	e.replace(at, at, e.eol+strings.Repeat(" ", indent)+scalarText(w.key)+":"+e.under(w.value, indent))
}

// under is a value as it stands behind a key of an indentation, without the last line break.
func (e *editor) under(v *value, indent int) string {
	w := blockWriter{step: e.step}
	w.under(v.any(), indent)
	return strings.ReplaceAll(strings.TrimSuffix(w.String(), "\n"), "\n", e.eol)
}

// scalar replaces one value by another in the quotes that it has.
func (e *editor) scalar(n *yaml.Node, want *value, flow bool) {
	text := scalarText(want.scalar)
	if flow {
		text = flowText(want.scalar)
	}
	s, isText := want.scalar.(string)
	if plain := text == s; isText {
		switch {
		case n.Style&yaml.SingleQuotedStyle != 0 && plain:
			text = singleQuoted(s)
		case n.Style&yaml.DoubleQuotedStyle != 0 && !strings.ContainsAny(s, `"\`):
			text = `"` + s + `"`
		}
	}
	e.replace(e.at(e.token(n)), e.at(e.end(n, flow)), text)
}

// wraps says that a mapping holds the value that was there as its default, as a Precision does that gets
// types of its own for some variables.
func wraps(was, want *value) bool {
	return len(want.entries) > 1 && want.entries[0].key == "default" && want.entries[0].value.same(was) &&
		!was.isNull()
}

// wrap puts a value into a mapping, under the key default, and adds the other entries behind it.
func (e *editor) wrap(key, n *yaml.Node, want *value, flow bool) {
	from, to := e.at(e.start(n)), e.at(e.end(n, flow))
	if e.err != nil {
		return
	}
	if flow {
		e.replace(from, from, "{default: ")
		rest := flowText((&value{isMap: true, entries: want.entries[1:]}).any())
		e.replace(to, to, ", "+strings.TrimPrefix(rest, "{"))
		return
	}
	indent := key.Column - 1 + e.step
	pad := e.eol + strings.Repeat(" ", indent)
	e.replace(e.at(e.colon(key, false)), from, pad+"default: ")
	end := e.lineEnd(to)
	for _, w := range want.entries[1:] {
		e.replace(end, end, pad+scalarText(w.key)+":"+e.under(w.value, indent))
	}
}

// rewrite writes the value of an entry anew.
func (e *editor) rewrite(key, n *yaml.Node, want *value, flow bool) {
	if flow {
		from := e.at(e.start(n))
		if isNothing(n) {
			from = e.at(e.colon(key, true))
			e.replace(from, from, " "+flowText(want.any()))
			return
		}
		e.replace(from, e.at(e.end(n, true)), anchorOf(n)+flowText(want.any()))
		return
	}
	from, to := e.at(e.colon(key, false)), e.at(e.entryEnd(key, n, false))
	text := e.under(want, key.Column-1)
	if a := anchorOf(n); a != "" {
		text = " " + strings.TrimSuffix(a, " ") + text
	}
	e.replace(from, to, text)
}

// anchorOf is the anchor of a node with a space behind it, or "".
func anchorOf(n *yaml.Node) string {
	if n.Anchor == "" || n.Kind == yaml.AliasNode {
		return ""
	}
	return "&" + n.Anchor + " "
}

// index finds entries by key.
func (v *value) index() map[string]*value {
	m := make(map[string]*value, len(v.entries))
	for _, e := range v.entries {
		m[e.key] = e.value
	}
	return m
}

// same reports whether two values say the same. The order of keys says nothing.
func (v *value) same(w *value) bool {
	switch {
	case v == nil || w == nil:
		return v == w
	case v.isMap != w.isMap || v.isList != w.isList:
		return false
	case len(v.entries) != len(w.entries) || len(v.list) != len(w.list):
		return false
	case v.isMap:
		return v.sameEntries(w)
	}
	for i := range v.list {
		if !v.list[i].same(w.list[i]) {
			return false
		}
	}
	// NaN is the same as NaN here, 1 and 1.0 are not: YAML tells them apart.
	return v.isList || v.scalar == w.scalar || scalarText(v.scalar) == scalarText(w.scalar)
}

func (v *value) sameEntries(w *value) bool {
	other := w.index()
	for _, e := range v.entries {
		if o := other[e.key]; o == nil || !e.value.same(o) {
			return false
		}
	}
	return true
}
