// Package hlsgo turns a trained neural network into fixed-point FPGA firmware, a C++ HLS project, and
// predicts bit for bit, without a C++ compiler, what that firmware will answer.
//
//	tk, err := hlsgo.New()
//	m, err := tk.Load("config.yml", hlsgo.Overrides{})
//	x, err := hlsgo.ReadArray("X.npy")
//	y, err := m.Predict(ctx, x)
//	err = m.Write(ctx, "project")
//
// Data goes in and out as arrays in memory (Predict, Trace, Reference, Compare, Profile, Health) or, of any
// size, as files (the same names with Files). The examples show each of them, examples/library several in one
// program. Any number of goroutines may share a Toolkit or a Model.
//
// Configurations, names and numbers are those of hls4ml 1.3.0: for the same model, configuration and backend
// every bit of the answer equals hls4ml's predict().
package hlsgo

import (
	"errors"
	"fmt"
)

// Plugin brings layer kinds, their code for further dialects, passes, backends, C++ sources or front ends.
// Built-ins are plugins too.
type Plugin struct {
	Name  string
	Setup func(*Registry) error
}

// Toolkit holds what is known: layer kinds, passes, flows, backends, front ends. Toolkits never share
// anything; one may be used by many goroutines at once.
type Toolkit struct {
	reg *Registry
}

// New returns a toolkit with the built-ins and the given plugins.
func New(plugins ...Plugin) (*Toolkit, error) {
	return NewBare(append([]Plugin{Builtin()}, plugins...)...)
}

// NewBare returns a toolkit with the given plugins alone: New(p...) is NewBare(Builtin(), p...).
func NewBare(plugins ...Plugin) (*Toolkit, error) {
	reg := newRegistry()
	for _, p := range plugins {
		if p.Setup == nil {
			return nil, fmt.Errorf("plugin %q: got no Setup, want a function", p.Name)
		}
		reg.plugin = p.Name
		if err := p.Setup(reg); err != nil {
			return nil, fmt.Errorf("plugin %q: %w", p.Name, err)
		}
	}
	if err := errors.Join(reg.checkSources(), reg.extend()); err != nil {
		return nil, err
	}
	return &Toolkit{reg: reg}, nil
}
