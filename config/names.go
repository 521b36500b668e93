package config

import (
	"slices"
	"strings"
	"sync"

	"github.com/hlsgo/hlsgo/ir"
)

// Types have several names. hls4ml's graph, and so every command that prints one, calls them result_t,
// weight_t, exp_table_t; its configurations have most under Precision without the ending, and those of tables
// by their own name as a key of the layer. The latter is the spelling of this package, see PlaceOfType; flags
// take all of them.

// typeNames are the names of types that are known whatever the kinds of layers.
var typeNames = sync.OnceValue(func() (t struct{ variables, keys, settings map[string]bool }) {
	t.variables, t.keys, t.settings = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, k := range variableKeys() {
		t.variables[k.name] = true
		if own := k.name + typeSuffix; k.idle && strings.HasPrefix(k.instead, own) {
			t.keys[own] = true
		}
	}
	for _, k := range settingKeys() {
		t.settings[k.name] = k.at&(atLayer|atKind) != 0
	}
	return t
})

// rolesOfTypes are the tensors that health reports name, where they are no names of types.
var rolesOfTypes = map[string]string{"input": "result", "product": "accum"}

// PlaceOfType returns the keys, below the entry of a layer, under which hls4ml reads the type that a command,
// or a configuration, calls name: Precision.result for result_t, Precision.result_t, result and input;
// exp_table_t for Precision.exp_table. Names that are none of a type it returns as they are.
func PlaceOfType(name string) string {
	known := typeNames()
	variable, under := strings.CutPrefix(name, precisionKey+".")
	variable, ended := strings.CutSuffix(variable, typeSuffix)
	if role, ok := rolesOfTypes[variable]; ok {
		variable = role
	}
	switch {
	case known.keys[variable+typeSuffix]:
		return variable + typeSuffix
	case known.variables[variable] || under && ended:
		return precisionKey + "." + variable
	}
	return name
}

// canonical is a path as hls4ml has it: a type may go by any of its names, and a path may begin with the name
// of a layer, as what commands print does.
func (v *value) canonical(path string) string {
	path = v.rooted(path)
	var keys []string
	at, rest := v, path
	for len(keys) < 3 {
		var key string
		if key, rest = at.split(rest); rest == "" {
			return path
		}
		keys = append(keys, key)
		if at = at.get(key); at == nil {
			at = &value{}
		}
	}
	if keys[0] != hlsKey || !slices.Contains([]string{"LayerType", "LayerName"}, keys[1]) {
		return path
	}
	place := PlaceOfType(rest)
	// hls4ml takes some types by both names, and the layer's own key wins over Precision: where a file has it,
	// a flag must change it.
	if variable, ok := strings.CutPrefix(place, precisionKey+"."); ok && variable != "result" {
		if at.get(variable+typeSuffix) != nil {
			place = variable + typeSuffix
		}
	}
	return Join(keys...) + "." + place
}

const hlsKey = "HLSConfig"

// sections are the keys of HLSConfig that paths may begin with.
var sections = []string{"Model", "LayerType", "LayerName"}

// rooted is a path from the top of a configuration: one that begins with a section of HLSConfig lies below
// that, and one that is a layer and a key of layers below LayerName.
func (v *value) rooted(path string) string {
	for _, section := range sections {
		if path == section || strings.HasPrefix(path, section+".") {
			return hlsKey + "." + path
		}
	}
	if first, _ := v.split(path); v.get(first) != nil || first == hlsKey || slices.Contains(topKeys(), first) {
		return path
	}
	if strings.HasPrefix(path, `"`) {
		if layer, rest := v.split(path); rest != "" {
			return Join(hlsKey, "LayerName", layer) + "." + rest
		}
	}
	for i, c := range path {
		if c != '.' {
			continue
		}
		// A section behind a name is that of a misspelt HLSConfig, and no part of a layer's name.
		if before := path[strings.LastIndexByte(path[:i], '.')+1 : i]; slices.Contains(sections, before) {
			break
		}
		if isLayerKey(path[i+1:]) {
			return Join(hlsKey, "LayerName", path[:i]) + "." + path[i+1:]
		}
	}
	return path
}

// isLayerKey says that a path is one below the entry of a layer.
func isLayerKey(path string) bool {
	place := PlaceOfType(path)
	first, rest, deeper := strings.Cut(place, ".")
	switch {
	case first == precisionKey:
		return !strings.Contains(rest, ".")
	case deeper:
		return false
	}
	return typeNames().settings[first] || strings.HasSuffix(place, typeSuffix)
}

// topKeys are the outermost keys that belong to no tool and no front end.
var topKeys = sync.OnceValue(func() []string {
	var names []string
	for _, k := range projectKeys(Env{}, &ir.Config{}) {
		if k.at&atTop != 0 {
			names = append(names, k.name)
		}
	}
	return names
})
