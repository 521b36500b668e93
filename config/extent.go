package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// layout finds the bytes of a text in which the nodes of its YAML stand. The reader of YAML says where a node
// begins; where it ends follows from the rules of each style.
type layout struct {
	text  []byte
	lines []int // where each line begins
}

func newLayout(text []byte) *layout {
	l := &layout{text: text, lines: []int{0}}
	for i, b := range text {
		if b == '\n' {
			l.lines = append(l.lines, i+1)
		}
	}
	return l
}

var errNotInText = errors.New("a value does not stand in the text as its place says")

// start is the offset of a node, tag and anchor included.
func (l *layout) start(n *yaml.Node) (int, error) {
	if n.Line < 1 || n.Line > len(l.lines) {
		return 0, errNotInText
	}
	at := l.lines[n.Line-1]
	for range n.Column - 1 { // columns count letters
		_, size := utf8.DecodeRune(l.text[at:])
		at += size
	}
	if at > len(l.text) {
		return 0, errNotInText
	}
	return at, nil
}

// token is the offset of a node behind its tag and anchor.
func (l *layout) token(n *yaml.Node) (int, error) {
	at, err := l.start(n)
	for err == nil && at < len(l.text) && n.Kind != yaml.AliasNode && strings.IndexByte("&!", l.text[at]) >= 0 {
		for at < len(l.text) && strings.IndexByte(" \t\r\n", l.text[at]) < 0 {
			at++
		}
		at = l.skip(at, " \t")
	}
	return at, err
}

// skip returns the first offset from at on whose byte is none of set.
func (l *layout) skip(at int, set string) int {
	for at < len(l.text) && strings.IndexByte(set, l.text[at]) >= 0 {
		at++
	}
	return at
}

// end is the offset behind the last byte of a node; comments behind it are no part of it. Of a mapping in
// block style that is the end of its last value.
func (l *layout) end(n *yaml.Node, flow bool) (int, error) {
	flow = flow || n.Style&yaml.FlowStyle != 0
	last := len(n.Content) - 1
	switch {
	case n.Kind == yaml.AliasNode:
		at, err := l.start(n)
		return at + len("*") + len(n.Value), err
	case n.Kind == yaml.ScalarNode:
		return l.scalarEnd(n)
	case n.Style&yaml.FlowStyle != 0:
		return l.flowEnd(n)
	case last < 0:
		return 0, errNotInText
	case n.Kind == yaml.MappingNode:
		return l.entryEnd(n.Content[last-1], n.Content[last], flow)
	}
	return l.end(n.Content[last], flow)
}

// entryEnd is the end of an entry of a mapping, whose value may be nothing at all.
func (l *layout) entryEnd(key, v *yaml.Node, flow bool) (int, error) {
	if !isNothing(v) {
		return l.end(v, flow)
	}
	at, err := l.colon(key, flow)
	if err != nil && flow { // {a, b}
		return l.end(key, flow)
	}
	return at, err
}

// isNothing says that a value is not written at all.
func isNothing(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

// colon is the offset behind the colon of a key.
func (l *layout) colon(key *yaml.Node, flow bool) (int, error) {
	at, err := l.end(key, flow)
	if err != nil {
		return 0, err
	}
	at = l.skip(at, " \t")
	if at >= len(l.text) || l.text[at] != ':' {
		return 0, errNotInText
	}
	return at + 1, nil
}

// flowEnd is the end of a mapping or list between braces or brackets.
func (l *layout) flowEnd(n *yaml.Node) (int, error) {
	at, err := l.token(n)
	if err != nil {
		return 0, err
	}
	at++
	if last := len(n.Content) - 1; last >= 0 {
		if n.Kind == yaml.MappingNode {
			at, err = l.entryEnd(n.Content[last-1], n.Content[last], true)
		} else {
			at, err = l.end(n.Content[last], true)
		}
		if err != nil {
			return 0, err
		}
	}
	for {
		at = l.skip(at, " \t\r\n,")
		switch {
		case at >= len(l.text):
			return 0, errNotInText
		case l.text[at] == '#':
			at = l.lineEnd(at)
		case l.text[at] == '}' || l.text[at] == ']':
			return at + 1, nil
		default:
			return 0, errNotInText
		}
	}
}

// lineEnd is the offset of the line break behind at, or of the text's end.
func (l *layout) lineEnd(at int) int {
	if i := bytes.IndexByte(l.text[at:], '\n'); i >= 0 {
		at += i
	} else {
		at = len(l.text)
	}
	if at > 0 && l.text[at-1] == '\r' {
		at--
	}
	return at
}

func (l *layout) scalarEnd(n *yaml.Node) (int, error) {
	at, err := l.token(n)
	if err != nil {
		return 0, err
	}
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0:
		return l.quotedEnd(at, '\'')
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return l.quotedEnd(at, '"')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return 0, fmt.Errorf("line %d: a text of several lines", n.Line)
	}
	// No configuration has a plain text of several lines that is worth to be kept as it is.
	end := at + len(n.Value)
	if end > len(l.text) || string(l.text[at:end]) != n.Value || n.Value == "" {
		return 0, errNotInText
	}
	return end, nil
}

func (l *layout) quotedEnd(at int, quote byte) (int, error) {
	if at >= len(l.text) || l.text[at] != quote {
		return 0, errNotInText
	}
	for at++; at < len(l.text); at++ {
		switch {
		case l.text[at] == '\\' && quote == '"':
			at++
		case l.text[at] != quote:
		case quote == '\'' && at+1 < len(l.text) && l.text[at+1] == quote:
			at++
		default:
			return at + 1, nil
		}
	}
	return 0, errNotInText
}
