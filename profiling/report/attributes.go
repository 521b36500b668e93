package report

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
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

// written is settings as those of a configuration.
func written(own []Setting) []config.Setting {
	var out []config.Setting
	for _, s := range own {
		out = append(out, config.LayerSetting(s.Layer, s.Key, s.Value))
	}
	return out
}

// cureSetting is the setting that gives a suspect the type, or the size, that cures it.
func cureSetting(s *profiling.Suspect) config.Setting {
	key := s.Key
	if key != profiling.TableSize {
		key = "Precision." + strings.TrimSuffix(key, "_t")
	}
	return config.LayerSetting(s.Layer, key, s.Cure.Type)
}
