package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Overrides are settings that win over the configuration; zero values leave it as it is.
type Overrides struct {
	Backend     string
	IOType      string
	Precision   string // the model's default type
	Strategy    string // the model's
	Part        string
	OutputDir   string
	ProjectName string
	// Weights is the file of the weights of a model whose own file holds the architecture alone. A configuration
	// names both itself.
	Weights     string
	ReuseFactor int     // the model's
	ClockPeriod float64 // ns
	// StrictConfig makes errors of names and keys that hls4ml passes over; without it they are warnings.
	StrictConfig bool
	// Set holds any other key as Key.Path=value, with the value in YAML. A path that starts with Model,
	// LayerType or LayerName lies below HLSConfig, one that starts with a layer below LayerName. Types go by
	// any of their names: fc1.result_t is LayerName.fc1.Precision.result.
	Set []string
}

// override changes the configuration before it is read, so that flags are judged like the file.
func (f *findings) override(root *value, o Overrides) {
	for _, s := range []struct {
		flag, key string
		on        bool
		value     any
	}{
		{"--backend", "Backend", o.Backend != "", o.Backend},
		{"--io-type", "IOType", o.IOType != "", o.IOType},
		{"--part", "Part", o.Part != "", o.Part},
		{"--output-dir", "OutputDir", o.OutputDir != "", o.OutputDir},
		{"--project-name", "ProjectName", o.ProjectName != "", o.ProjectName},
		{"--clock-period", "ClockPeriod", o.ClockPeriod != 0, wholeOr(o.ClockPeriod)},
		{"--precision", "HLSConfig.Model.Precision", o.Precision != "", o.Precision},
		{"--strategy", "HLSConfig.Model.Strategy", o.Strategy != "", o.Strategy},
		{"--reuse-factor", "HLSConfig.Model.ReuseFactor", o.ReuseFactor != 0, o.ReuseFactor},
	} {
		if text, ok := s.value.(string); ok && !f.isText(s.flag, text) {
			continue
		}
		if s.on {
			f.setPath(root, s.key, &value{scalar: s.value, flag: s.flag})
		}
	}
	for _, s := range o.Set {
		f.set(root, s)
	}
}

// isText refuses what no YAML file can hold: a shell passes on any bytes, and the configuration is written
// into the project.
func (f *findings) isText(flag, text string) bool {
	if utf8.ValidString(text) {
		return true
	}
	f.failAt(&value{flag: flag}, "got %q, want UTF-8", text)
	return false
}

func (f *findings) set(root *value, text string) {
	path, raw, ok := strings.Cut(text, "=")
	flag := "--set " + path
	if !ok || path == "" {
		f.failAt(&value{flag: "--set " + text}, "got no key or no value, want Key.Path=value")
		return
	}
	if !f.isText(flag, text) {
		return
	}
	v, err := parseFlag(raw)
	if err != nil {
		f.failAt(&value{flag: flag}, "%v", err)
		return
	}
	v.from(flag)
	f.setPath(root, path, v)
}

// parseFlag reads the value of --set as YAML.
func parseFlag(text string) (*value, error) {
	v, _, err := parseYAML("value", []byte("v: "+text+"\n"))
	if err != nil {
		return nil, fmt.Errorf("got %q, want one value of YAML", text)
	}
	if len(v.entries) != 1 {
		return nil, fmt.Errorf("got %q, want one value of YAML", text)
	}
	return v.entries[0].value, nil
}

// from marks a value, and all inside, as set by a flag.
func (v *value) from(flag string) {
	v.flag, v.line = flag, 0
	for i := range v.entries {
		v.entries[i].line = 0
		v.entries[i].value.from(flag)
	}
	for _, e := range v.list {
		e.from(flag)
	}
}

// setPath walks down the path and makes the mappings that are missing on the way.
func (f *findings) setPath(root *value, path string, to *value) {
	at, path := root, root.canonical(path)
	for {
		key, rest := at.split(path)
		if rest == "" {
			at.put(key, to)
			return
		}
		next := at.get(key)
		switch {
		case next == nil || next.isNull():
			next = &value{isMap: true, flag: to.flag}
			at.set(key, next)
		case !next.isMap && key == "Precision":
			next = &value{isMap: true, line: next.line, entries: []entry{{"default", next.line, next}}}
			at.set(key, next)
		case !next.isMap:
			f.failAt(to, "%s: got %s there, want a mapping", key, next)
			return
		}
		at, path = next, rest
	}
}

// split cuts the first key off a path: one in double quotes, or the longest one that is there, since names
// may contain dots.
func (v *value) split(path string) (key, rest string) {
	if quoted, ok := strings.CutPrefix(path, `"`); ok {
		name, behind, ok := strings.Cut(quoted, `"`)
		if ok && name != "" && (behind == "" || behind[0] == '.') {
			return name, strings.TrimPrefix(behind, ".")
		}
	}
	for _, e := range v.entries {
		if path == e.key {
			return path, ""
		}
		if strings.HasPrefix(path, e.key+".") && len(e.key) > len(key) {
			key, rest = e.key, path[len(e.key)+1:]
		}
	}
	if key == "" {
		key, rest, _ = strings.Cut(path, ".")
	}
	return key, rest
}

// put sets the last key of a path. One type for a Precision that has a type per variable is its default.
func (v *value) put(key string, to *value) {
	if old := v.get(key); key == "Precision" && old != nil && old.isMap && !to.isMap {
		old.set("default", to)
		return
	}
	v.set(key, to)
}

// shadowed warns of flags for the whole model that settings of single layers win over.
func (r *reader) shadowed(o Overrides) {
	for _, f := range []struct {
		flag, key string
		on        bool
		value     any
	}{
		{"--reuse-factor", "ReuseFactor", o.ReuseFactor != 0, o.ReuseFactor},
		{"--strategy", "Strategy", o.Strategy != "", o.Strategy},
	} {
		count := 0
		for _, s := range slices.Concat(r.cfg.HLS.Types, r.cfg.HLS.Names) {
			if own, ok := s.Get(f.key); ok && own != f.value {
				count++
			}
		}
		if f.on && count > 0 {
			r.warnings = append(r.warnings, fmt.Sprintf(
				"%s: %d entries of LayerType and LayerName have another %s of their own, which wins",
				f.flag, count, f.key))
		}
	}
}
