package torch

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// sourceKey is hls4ml's configuration key of models of PyTorch.
const sourceKey = "PytorchModel"

// Reader reads exported programs of PyTorch. It is a value that nothing changes once it is made.
type Reader struct {
	handlers map[string]build.Handler
}

var _ frontend.Extensible = (*Reader)(nil)

// New returns a reader of all built-in operators and modules.
func New() (*Reader, error) { return (&Reader{}).with(builtin()) }

// With implements frontend.Extensible. A class is the name of a module's class, such as Linear, or that of
// an operator, such as linear of torch.ops.aten.linear.default or mine::op of torch.ops.mine.op.default. One
// that is handled already is an error that names it.
func (r *Reader) With(handlers ...build.Handler) (frontend.Extensible, error) {
	return r.with(handlers)
}

func (r *Reader) with(handlers []build.Handler) (*Reader, error) {
	c := &Reader{handlers: map[string]build.Handler{}}
	maps.Copy(c.handlers, r.handlers)
	for _, h := range handlers {
		if h.Read == nil && !h.Skip {
			return nil, fmt.Errorf("torch operators %q: got a handler without Read, want one, or Skip", h.Classes)
		}
		for _, class := range h.Classes {
			if _, twice := c.handlers[class]; twice {
				return nil, fmt.Errorf("torch operator %q: got a second handler, want one", class)
			}
			c.handlers[class] = h
		}
	}
	return c, nil
}

// Name implements frontend.Reader.
func (r *Reader) Name() string { return "torch" }

// Framework implements frontend.Extensible.
func (r *Reader) Framework() string { return "torch" }

// Keys implements frontend.Reader.
func (r *Reader) Keys() []string { return []string{sourceKey} }

// Extensions implements frontend.Reader. The last two are for files that are refused with the way to export.
func (r *Reader) Extensions() map[string]string {
	return map[string]string{".pt2": sourceKey, ".pt": sourceKey, ".pth": sourceKey}
}

// Classes implements frontend.Extensible.
func (r *Reader) Classes() []string { return slices.Sorted(maps.Keys(r.handlers)) }

// Accepts implements frontend.Reader: it wants a program in a zip archive.
func (r *Reader) Accepts(src frontend.Source) error {
	a, err := openArchive(src.Files[sourceKey])
	if err != nil {
		return err
	}
	defer a.Close()
	if a.form != programForm && a.form != flatForm {
		return a.refuse()
	}
	return nil
}

// Read implements frontend.Reader.
func (r *Reader) Read(src frontend.Source, schema ir.Schema) (*ir.Parsed, error) {
	a, err := openArchive(src.Files[sourceKey])
	if err != nil {
		return nil, err
	}
	defer a.Close()
	p, params, err := a.program()
	if err != nil {
		return nil, err
	}
	return r.read(p, params, a.path, src, schema)
}

// program reads the graph, and lists the tensors of the file by their kind and name.
func (a *archive) program() (*program, *parameters, error) {
	switch a.form {
	case programForm:
	case flatForm:
		return a.flatProgram()
	default:
		return nil, nil, a.refuse()
	}
	model, err := a.model()
	if err != nil {
		return nil, nil, err
	}
	text, err := a.Text(a.root + "models/" + model + ".json")
	if err != nil {
		return nil, nil, err
	}
	p, err := decodeProgram(text)
	if err != nil {
		return nil, nil, a.Errorf("%w", err)
	}
	params := &parameters{}
	if params.weights, err = a.storedTensors("weights", model); err != nil {
		return nil, nil, err
	}
	params.constants, err = a.storedTensors("constants", model)
	return p, params, err
}

// parameters are the tensors of a file: those of the state_dict, and the constants, buffers among them that
// are not part of it.
type parameters struct{ weights, constants map[string]*stored }

// find looks a tensor up under its name in the network.
func (p *parameters) find(name string) *stored {
	if t := p.weights[name]; t != nil {
		return t
	}
	return p.constants[name]
}
