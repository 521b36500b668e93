package hlsgo

import (
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/ir"
)

// The types of package config that the API of this package speaks of.
type (
	// Overrides are settings that win over the configuration; zero values leave it as it is.
	Overrides = config.Overrides
	// ConfigEnv is what reading a configuration must know of the toolkit.
	ConfigEnv = config.Env
	// ConfigError lists everything wrong in a configuration, one line each.
	ConfigError = config.Error
	// ConfigProblem is one thing wrong in a configuration.
	ConfigProblem = config.Problem
	// Effective is one setting as it counts, and where it came from.
	Effective = config.Effective
)

// ReadConfigFile reads a configuration with overrides, and the warnings about it; see config.ReadFile.
func ReadConfigFile(path string, o Overrides, env ConfigEnv) (*ir.Config, []string, error) {
	return config.ReadFile(path, o, env)
}

// ReadConfig is ReadConfigFile for text that is there already; name stands for the file in messages.
func ReadConfig(name string, text []byte, o Overrides, env ConfigEnv) (*ir.Config, []string, error) {
	return config.Read(name, text, o, env)
}

// ConfigSource returns the model files that cfg names, for a front end to open; relative paths are joined
// with dir, the folder of the configuration.
func ConfigSource(cfg *ir.Config, dir string) frontend.Source {
	src := frontend.Source{frontend.IOType: string(cfg.IOType)}
	for key, path := range cfg.Source {
		src[key] = config.RelativeTo(dir, path)
	}
	return src
}
