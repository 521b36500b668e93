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
	var b bytes.Buffer
	writeMapping(&b, t, 0)
	return b.Bytes()
}

func writeMapping(b *bytes.Buffer, t *ir.Tree, indent int) {
	for i, key := range t.Keys {
		b.WriteString(strings.Repeat(" ", indent) + scalarText(key) + ":")
		writeUnder(b, t.Values[i], indent)
	}
}

// writeUnder writes a value behind its key or dash. Lists are not indented under their key.
func writeUnder(b *bytes.Buffer, v any, indent int) {
	switch v := v.(type) {
	case *ir.Tree:
		if v == nil || len(v.Keys) == 0 {
			b.WriteString(" {}\n")
			return
		}
		b.WriteString("\n")
		writeMapping(b, v, indent+2)
	case []any:
		if len(v) == 0 {
			b.WriteString(" []\n")
			return
		}
		b.WriteString("\n")
		writeList(b, v, indent)
	default:
		b.WriteString(" " + scalarText(v) + "\n")
	}
}

func writeList(b *bytes.Buffer, list []any, indent int) {
	for _, e := range list {
		b.WriteString(strings.Repeat(" ", indent) + "-")
		var inner bytes.Buffer
		switch e := e.(type) {
		case *ir.Tree:
			if e != nil && len(e.Keys) > 0 {
				writeMapping(&inner, e, indent+2)
			}
		case []any:
			if len(e) > 0 {
				writeList(&inner, e, indent+2)
			}
		}
		if inner.Len() == 0 {
			writeUnder(b, e, indent)
			continue
		}
		b.WriteString(" " + strings.TrimLeft(inner.String(), " "))
	}
}

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
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
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
