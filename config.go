package hlsgo

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/ir"
)

// The types of package config that the API of this package speaks of.
type (
	// Overrides are settings that win over the configuration; zero values leave it as it is. Backend, IOType,
	// Precision, ReuseFactor and so on are keys of the whole model, Set holds any other as Key.Path=value. See
	// [config.Overrides].
	Overrides = config.Overrides
	// ConfigEnv is what reading a configuration must know of the toolkit. See [config.Env].
	ConfigEnv = config.Env
	// ConfigError lists everything wrong in a configuration, as Problems. See [config.Error].
	ConfigError = config.Error
	// ConfigProblem is one thing wrong in a configuration: Place and Text. See [config.Problem].
	ConfigProblem = config.Problem
	// Effective is one setting as it counts, and where it came from. See [config.Effective].
	Effective = config.Effective
)

// ConfigEnv is what reading a configuration must know of the toolkit: its kinds of layers, and the keys of
// its backends and front ends beside those of hls4ml's others.
func (t *Toolkit) ConfigEnv() ConfigEnv {
	env := ConfigEnv{
		Schema: t.reg.layers, Backends: ofConfigs(t.reg.predicting()), Sources: t.reg.sourceKeys(),
		Classes: kerasClasses(),
	}
	for _, key := range foreignSources() {
		if !slices.Contains(env.Sources, key) {
			env.Sources = append(env.Sources, key)
		}
	}
	for _, b := range t.reg.backends {
		env.Keys = append(env.Keys, b.Keys...)
	}
	return env
}

// ofHLS4ML is env with the backends, the keys of model files and the classes of hls4ml 1.3.0 where it names
// none: what reads a configuration without converting it needs no toolkit.
func ofHLS4ML(env ConfigEnv) ConfigEnv {
	// Part by part, so that a caller may give the backends alone, as a plugin's test does.
	if len(env.Backends) == 0 {
		env.Backends = ofConfigs(Backends())
	}
	if len(env.Sources) == 0 {
		env.Sources = append([]string{"KerasModel", "KerasH5", "KerasJson"}, foreignSources()...)
	}
	if len(env.Classes) == 0 {
		env.Classes = kerasClasses()
	}
	return env
}

// ReadConfigFile reads a configuration with overrides, and the warnings about it; see config.ReadFile. An env
// that names no backends or model files means those of hls4ml.
func ReadConfigFile(path string, o Overrides, env ConfigEnv) (*ir.Config, []string, error) {
	return config.ReadFile(path, o, ofHLS4ML(env))
}

// ReadConfig is ReadConfigFile for text that is there already; name stands for the file in messages.
func ReadConfig(name string, text []byte, o Overrides, env ConfigEnv) (*ir.Config, []string, error) {
	return config.Read(name, text, o, ofHLS4ML(env))
}

// ConfigSource finds the model files that cfg names, for a front end to open. dir is the folder of the
// configuration; where files are looked for says config.Search. The notes name those that were found where
// one would not look first.
func ConfigSource(cfg *ir.Config, dir string) (src frontend.Source, notes []string, err error) {
	src = frontend.Source{Files: map[string]string{}, Stream: cfg.IOType == ir.Stream}
	search := config.Search{Dir: dir}
	var missing []string
	for _, key := range slices.Sorted(maps.Keys(cfg.Source)) {
		path, note, err := search.File(cfg.Source[key])
		if err != nil {
			missing = append(missing, key)
			continue
		}
		src.Files[key] = path
		search.Beside = append(search.Beside, filepath.Dir(path))
		if note != "" {
			notes = append(notes, key+": "+note)
		}
	}
	// What is not where its path says may have moved along with the others.
	for _, key := range missing {
		path, note, err := search.File(cfg.Source[key])
		if err != nil {
			return src, nil, fmt.Errorf("%s: %w", key, err)
		}
		src.Files[key] = path
		notes = append(notes, key+": "+note)
	}
	return src, notes, nil
}
