package hlsgo

import (
	"errors"

	"github.com/hlsgo/hlsgo/backend/catapult"
	"github.com/hlsgo/hlsgo/backend/intel"
	"github.com/hlsgo/hlsgo/backend/libero"
	"github.com/hlsgo/hlsgo/backend/symbolic"
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/frontend/onnx"
	"github.com/hlsgo/hlsgo/frontend/torch"
	"github.com/hlsgo/hlsgo/layers"
	families "github.com/hlsgo/hlsgo/layers/builtin"
)

// Builtin is what comes with hlsgo: layer kinds, backends and front ends. It enters by the same door as a
// user's plugin; see NewBare.
func Builtin() Plugin {
	return Plugin{Name: "hlsgo", Setup: func(r *Registry) error {
		if err := r.AddLayer(Builtins()...); err != nil {
			return err
		}
		for _, b := range Backends() {
			if err := r.AddBackend(b); err != nil {
				return err
			}
		}
		return addReaders(r)
	}}
}

// addReaders adds the front ends.
func addReaders(r *Registry) error {
	k, err := keras.New()
	if err != nil {
		return err
	}
	o, err := onnx.New()
	if err != nil {
		return err
	}
	t, err := torch.New()
	if err != nil {
		return err
	}
	return errors.Join(r.AddReader(k), r.AddReader(o), r.AddReader(t))
}

// Builtins lists the layer kinds that come with hlsgo. They enter a registry by the same door as a plugin's.
func Builtins() []layers.Def { return families.Defs() }

// Backends lists the backends of hls4ml 1.3.0. Not all of them can generate here; see codegen.Backend.
func Backends() []codegen.Backend {
	return []codegen.Backend{
		xilinx.Vivado(), xilinx.Vitis(), xilinx.VivadoAccelerator(), intel.Quartus(), intel.OneAPI(),
		catapult.Catapult(), libero.Libero(), symbolic.Expression(),
	}
}
