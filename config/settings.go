package config

import "strings"

// LayerSetting is a setting of one layer: a key below it, such as Precision.result, and its value as the flag
// --set takes it.
func LayerSetting(layer, key, text string) Setting {
	path := append([]string{"LayerName", layer}, strings.Split(key, ".")...)
	s := Setting{Path: Join(path...), Value: text}
	if v, err := parseFlag(text); err == nil {
		s.Value = v.any()
	}
	return s
}

// Flags writes settings as arguments of a command line, with sep between two.
func Flags(sep string, settings ...Setting) string {
	words := make([]string, len(settings))
	for i, s := range settings {
		words[i] = s.Flag()
	}
	return strings.Join(words, sep)
}

// Only is the text of a configuration that holds settings and nothing else; "" of none.
func Only(settings ...Setting) (string, error) {
	if len(settings) == 0 {
		return "", nil
	}
	d := &Document{name: "settings", root: &value{isMap: true}}
	if err := d.Set(settings...); err != nil {
		return "", err
	}
	return string(WriteYAML(d.Tree())), nil
}
