package config

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/hlsgo/hlsgo/ir"
)

// WriteYAML writes a configuration in block style with its keys in order, as hls4ml's
// yaml.dump(config, default_flow_style=False, sort_keys=False) does.
func WriteYAML(t *ir.Tree) []byte {
	w := blockWriter{step: defaultStep}
	w.mapping(t, 0)
	return w.Bytes()
}

// defaultStep is by how many columns a mapping stands under its key.
const defaultStep = 2

// blockWriter writes values in block style.
type blockWriter struct {
	bytes.Buffer
	step int
}

func (w *blockWriter) mapping(t *ir.Tree, indent int) {
	for i, key := range t.Keys {
		w.WriteString(strings.Repeat(" ", indent) + scalarText(key) + ":")
		w.under(t.Values[i], indent)
	}
}

// under writes a value behind its key or dash. Lists are not indented under their key.
func (w *blockWriter) under(v any, indent int) {
	switch v := v.(type) {
	case *ir.Tree:
		if v == nil || len(v.Keys) == 0 {
			w.WriteString(" {}\n")
			return
		}
		w.WriteString("\n")
		w.mapping(v, indent+w.step)
	case []any:
		if len(v) == 0 {
			w.WriteString(" []\n")
			return
		}
		w.WriteString("\n")
		w.list(v, indent)
	default:
		w.WriteString(" " + scalarText(v) + "\n")
	}
}

func (w *blockWriter) list(list []any, indent int) {
	for _, e := range list {
		w.WriteString(strings.Repeat(" ", indent) + "-")
		inner := blockWriter{step: w.step}
		switch e := e.(type) {
		case *ir.Tree:
			if e != nil && len(e.Keys) > 0 {
				inner.mapping(e, indent+2) // behind the dash and its space
			}
		case []any:
			if len(e) > 0 {
				inner.list(e, indent+2)
			}
		}
		if inner.Len() == 0 {
			w.under(e, indent)
			continue
		}
		w.WriteString(" " + strings.TrimLeft(inner.String(), " "))
	}
}

// flowText is a value on one line, as it may stand between braces.
func flowText(v any) string {
	var words []string
	switch v := v.(type) {
	case *ir.Tree:
		for i, key := range v.Keys {
			words = append(words, flowText(key)+": "+flowText(v.Values[i]))
		}
		return "{" + strings.Join(words, ", ") + "}"
	case []any:
		for _, e := range v {
			words = append(words, flowText(e))
		}
		return "[" + strings.Join(words, ", ") + "]"
	case string:
		if text := stringText(v); text != v || !strings.ContainsAny(v, ",[]{}:?") {
			return text
		}
		return singleQuoted(v)
	}
	return scalarText(v)
}

func singleQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func scalarText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return floatText(v)
	case string:
		return stringText(v)
	}
	return fmt.Sprint(v)
}

// floatText writes what PyYAML reads as a float again: with a point, and a signed exponent.
func floatText(v float64) string {
	switch {
	case math.IsNaN(v):
		return ".nan"
	case math.IsInf(v, 1):
		return ".inf"
	case math.IsInf(v, -1):
		return "-.inf"
	}
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e16) {
		format = 'e'
	}
	s := strconv.FormatFloat(v, format, -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if exponent != "" {
		exponent = "e" + exponent
	}
	return mantissa + exponent
}

// stringText quotes a text only where it would not be read as itself.
func stringText(s string) string {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return strconv.Quote(s)
		}
	}
	if _, text := plainScalar(s).(string); !text || needsQuotes(s) {
		return singleQuoted(s)
	}
	return s
}

func needsQuotes(s string) bool {
	switch {
	case s == "" || strings.TrimSpace(s) != s:
		return true
	case strings.Contains(s, ": ") || strings.HasSuffix(s, ":") || strings.Contains(s, " #"):
		return true
	case strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...") || s == "=" || s == "<<":
		return true
	case strings.ContainsAny(s[:1], "#,[]{}&*!|>'\"%@`"):
		return true
	case strings.ContainsAny(s[:1], "-?:"):
		return len(s) == 1 || s[1] == ' ' || s[0] != '-'
	}
	return isDate.MatchString(s)
}
