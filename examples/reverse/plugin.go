// Package reverse is a plugin: a layer of its own, from a class of Keras to firmware. Everything about the
// layer is in this folder; nothing in hlsgo knows of it.
package reverse

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/frontend/build"
)

// headers holds the C++ that projects get beside the library's.
//
//go:embed headers
var headers embed.FS

// Plugin brings the kind, the class of Keras that it is made of, and its header.
func Plugin() hlsgo.Plugin {
	return hlsgo.Plugin{Name: "reverse", Setup: func(r *hlsgo.Registry) error {
		if err := r.AddLayer(Def()); err != nil {
			return err
		}
		if err := r.AddHandler("keras", build.Handler{Classes: []string{"Reverse"}, Read: read}); err != nil {
			return err
		}
		files, err := fs.Sub(headers, "headers")
		if err != nil {
			return err
		}
		return r.AddSource(codegen.Xilinx, files)
	}}
}

// read makes the layer of a call of the class. Shapes have no batch axis.
func read(c *build.Call) (*build.Out, error) {
	if len(c.Shape()) != 1 {
		return nil, fmt.Errorf("input: got shape %v, want a vector", c.Shape())
	}
	out, err := c.Layer("Reverse", c.Class)
	if err != nil {
		return nil, err
	}
	build.Attrs[Attrs](out).NIn = c.Shape()[0]
	return out.Done()
}
