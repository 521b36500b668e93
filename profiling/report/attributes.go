package report

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// attributes lists what a layer's kind knows of it, as hls4ml names it: numbers, words and short lists.
func attributes(n *ir.Node) []fact {
	const longest = 16 // numbers of a list
	var out []fact
	for _, f := range n.Fields() {
		v := reflect.ValueOf(f.Value)
		if f.Ignored || !v.IsValid() || v.IsZero() {
			continue
		}
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		switch v.Kind() {
		case reflect.String, reflect.Bool, reflect.Int, reflect.Float64:
			out = append(out, fact{f.Name, fmt.Sprint(v)})
		case reflect.Slice:
			if v.Type().Elem().Kind() == reflect.Int && v.Len() <= longest {
				out = append(out, fact{f.Name, fmt.Sprint(v)})
			}
		}
	}
	return out
}

// ownSettings are the settings of a layer as a configuration that makes the same model holds them.
// What inference found is auto in it, since a type that stands there keeps layers from being fused, and what
// it found against what was asked for is not in it.
func ownSettings(all []Setting, layer string) []Setting {
	var out []Setting
	for _, s := range all {
		if s.Layer != layer || layer == "" {
			continue
		}
		if asked, inferred := strings.CutPrefix(s.Origin, "inferred"); inferred {
			if !strings.HasPrefix(asked, ", auto") {
				continue
			}
			s.Value = "auto"
		}
		out = append(out, s)
	}
	return out
}

// flagsOf writes settings of layers as a command line takes them, a flag per line.
func flagsOf(settings []Setting) string {
	var b strings.Builder
	for i, s := range settings {
		if i > 0 {
			b.WriteString(" \\\n")
		}
		name := s.Layer
		if !plainName.MatchString(name) {
			name = `"` + name + `"`
		}
		b.WriteString("--set " + shellQuote("LayerName."+name+"."+s.Key+"="+s.Value))
	}
	return b.String()
}

// plainName is a name that stands in a path, in a shell and in YAML as it is.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// shellQuote makes a word of a POSIX shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// yamlOf writes the settings of one layer as a part of a configuration.
func yamlOf(layer string, settings []Setting) string {
	if len(settings) == 0 {
		return ""
	}
	quoted := layer
	if !plainName.MatchString(layer) {
		quoted = strconv.Quote(layer)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "HLSConfig:\n  LayerName:\n    %s:\n", quoted)
	inside := false
	for _, s := range settings {
		key, part, nested := strings.Cut(s.Key, ".")
		switch {
		case !nested:
			fmt.Fprintf(&b, "      %s: %s\n", key, s.Value)
			inside = false
		case !inside:
			fmt.Fprintf(&b, "      %s:\n", key)
			inside = true
			fallthrough
		default:
			fmt.Fprintf(&b, "        %s: %s\n", part, s.Value)
		}
	}
	return b.String()
}

// cureFlag is the setting that gives a suspect the type that cures it; "" where none was found.
func cureFlag(layer, key, kind string) string {
	return flagsOf([]Setting{{Layer: layer, Key: "Precision." + strings.TrimSuffix(key, "_t"), Value: kind}})
}
