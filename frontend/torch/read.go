package torch

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// reading is one program on its way to layers.
type reading struct {
	*Reader
	program *program
	scope   *build.Scope
	names   *namer
	values  *values
	inputs  []string
	refused []build.Unsupported
}

func (r *Reader) read(
	p *program, params *parameters, file string, src frontend.Source, schema ir.Schema,
) (*ir.Parsed, error) {
	v := newValues(p, params, file)
	d := &reading{
		Reader: r, program: p, names: v.names, values: v, scope: build.NewScope(schema, src.Stream, v),
	}
	list := r.layers(p.Module.Graph.Nodes)
	if err := d.userInputs(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, l := range list {
		if err := d.layer(l); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	if len(d.refused) > 0 {
		return nil, &build.UnsupportedError{File: file, Layers: d.refused}
	}
	outputs, err := d.outputs()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &ir.Parsed{
		Layers: d.scope.Layers(), Inputs: d.inputs, Outputs: outputs, ChannelsFirst: true,
		Warnings: v.warnings,
	}, nil
}

// userInputs makes the inputs. They have the names of the arguments of the module's forward.
func (d *reading) userInputs() error {
	var given []string
	if calls := d.program.Module.Calls; len(calls) > 0 && calls[0].Signature != nil {
		given = calls[0].Signature.Arguments
	}
	var tensors []string
	for _, in := range d.program.Module.Signature.Inputs {
		if in.User == nil {
			continue
		}
		names := in.User.Arg.tensors()
		if len(names) == 0 && !in.User.Arg.none() {
			return fmt.Errorf("input: got %s, want tensors alone: bind other arguments before the export",
				strings.TrimPrefix(in.User.Arg.kind, "as_"))
		}
		tensors = append(tensors, names...)
	}
	if len(tensors) == 0 {
		return errors.New("inputs: got none, want a tensor at least")
	}
	for i, tensor := range tensors {
		name := tensor
		if len(given) == len(tensors) {
			name = given[i]
		}
		if err := d.input(tensor, d.names.unique(name)); err != nil {
			return fmt.Errorf("input %q: %w", tensor, err)
		}
	}
	return nil
}

func (d *reading) input(tensor, name string) error {
	shape, err := d.shape(tensor)
	if err != nil {
		return err
	}
	c := d.scope.Call("InputLayer", name, nil)
	out, err := c.Layer("Input", "InputLayer")
	if err != nil {
		return err
	}
	out.Set("input_shape", slices.Clone(shape))
	out.Shape = shape
	if out, err = out.Done(); err != nil {
		return err
	}
	d.inputs = append(d.inputs, name)
	return d.scope.Add(tensor, out)
}

// shape is that of a tensor of the program without the batch axis, which is the first.
func (d *reading) shape(tensor string) ([]int, error) {
	meta, ok := d.program.Module.Graph.Tensors[tensor]
	if !ok || len(meta.Sizes) < 2 {
		return nil, fmt.Errorf("sizes: got %d axes, want that of the batch and one more", len(meta.Sizes))
	}
	var shape []int
	for i, size := range meta.Sizes[1:] {
		n, ok := size.known()
		if !ok {
			return nil, fmt.Errorf("axis %d: got a size that is not fixed, want one: of axes but the batch's the "+
				"export must not be dynamic", i+1)
		}
		shape = append(shape, n)
	}
	return shape, build.CheckSize(shape, build.MaxValues)
}

// layer reads one layer: with the handler of its module's class, or else operator by operator. What a
// parameter goes through is computed at once, when a layer reads it.
func (d *reading) layer(l *layer) error {
	var live []*node
	for _, n := range l.nodes {
		if !d.values.fold(n) {
			live = append(live, n)
		}
	}
	if len(live) == 0 {
		return nil
	}
	name := d.names.unique(l.name)
	if _, ok := d.handlers[l.class]; ok && l.class != "" {
		return d.call(l.class, name, live)
	}
	for i, n := range live {
		own := name
		if i > 0 {
			own = d.names.unique(name + "_" + n.operator())
		}
		if err := d.call(n.operator(), own, live[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// call reads the operators with the handler of the class. What cannot be converted is collected; what stands
// behind it then has no tensors to read, and is passed over.
func (d *reading) call(class, name string, nodes []*node) error {
	h, ok := d.handlers[class]
	args := newArguments(d.values, nodes)
	if len(args.outputs) == 0 {
		return fmt.Errorf("%s %q: results: got none, want one", class, name)
	}
	if args.idle() {
		h, ok = build.Handler{Skip: true}, true
	}
	if !ok {
		d.refuse(class, name, nodes, "no such operator is known here"+decomposed(nodes[0]))
		return nil
	}
	var inputs []build.Tensor
	for _, tensor := range args.live {
		if d.values.lost[tensor] {
			d.lose(nodes)
			return nil
		}
		t, err := d.scope.Tensor(build.Ref{Layer: tensor})
		if err != nil {
			return fmt.Errorf("%s %q: input: %w", class, name, err)
		}
		inputs = append(inputs, t)
	}
	if h.Skip {
		return d.pass(class, name, nodes, inputs)
	}
	if h.Unsupported != nil {
		if reason := h.Unsupported(class, args); reason != "" {
			d.refuse(class, name, nodes, reason)
			return nil
		}
	}
	d.values.calls[name] = args
	c := d.scope.Call(class, name, args, inputs...)
	c.Wanted = d.wanted(nodes)
	out, err := h.Make(c)
	var no *unsupported
	switch {
	case errors.As(err, &no):
		d.refuse(class, name, nodes, no.reason)
		return nil
	case err != nil:
		return fmt.Errorf("%s %q: %w", class, name, err)
	}
	if err := d.scope.Add(args.outputs[0], out); err != nil {
		return fmt.Errorf("%s %q: %w", class, name, err)
	}
	for i, tensor := range args.outputs[1:] {
		if t, ok := out.More[i+1]; ok {
			d.scope.Bind(build.Ref{Layer: tensor}, t)
		} else if i < args.same {
			d.scope.Bind(build.Ref{Layer: tensor}, d.scope.Last())
		}
	}
	return nil
}

// decomposed is a hint where the operator is a part of a module that is known whole, or "".
func decomposed(n *node) string {
	for _, f := range n.stack() {
		switch f.short() {
		case "GRU", "LSTM", "RNN", "PReLU", "Threshold", "Linear", "GELU", "Softplus", "SELU", "ELU", "LayerNorm":
			return ", the module " + f.short() + " is: export without run_decompositions()"
		}
	}
	return ""
}

// unsupported is what a handler cannot convert, found while it reads.
type unsupported struct{ reason string }

func (u *unsupported) Error() string { return u.reason }

// refusal is an error of a handler about a layer that cannot be converted.
func refusal(format string, args ...any) error { return &unsupported{fmt.Sprintf(format, args...)} }

func (d *reading) refuse(class, name string, nodes []*node, reason string) {
	d.refused = append(d.refused, build.Unsupported{Name: name, Class: class, Reason: reason})
	d.lose(nodes)
}

// lose marks what the nodes would have answered.
func (d *reading) lose(nodes []*node) {
	for _, n := range nodes {
		for _, tensor := range n.results() {
			d.values.lost[tensor] = true
		}
	}
}

// pass lets a layer that does nothing answer what it reads.
func (d *reading) pass(class, name string, nodes []*node, inputs []build.Tensor) error {
	if len(inputs) == 0 {
		return fmt.Errorf("%s %q: inputs: got none, want one", class, name)
	}
	for _, n := range nodes {
		for _, tensor := range n.results() {
			d.scope.Bind(build.Ref{Layer: tensor}, inputs[0])
		}
	}
	return nil
}

// wanted lists which results of the last node others read or the program answers.
func (d *reading) wanted(nodes []*node) []int {
	var out []int
	for i, tensor := range nodes[len(nodes)-1].results() {
		if d.values.read[tensor] {
			out = append(out, i)
		}
	}
	return out
}

// results lists the tensors that a node makes; "" stands for one that nothing names.
func (n *node) results() []string {
	var out []string
	for _, o := range n.Outputs {
		out = append(out, o.tensors()...)
	}
	return out
}

// outputs names the tensors that the program answers.
func (d *reading) outputs() ([]string, error) {
	var out []string
	for _, spec := range d.program.Module.Signature.Outputs {
		if spec.User == nil {
			continue // what training would change
		}
		for _, tensor := range spec.User.Arg.tensors() {
			t, err := d.scope.Tensor(build.Ref{Layer: tensor})
			if err != nil {
				return nil, fmt.Errorf("output: %w", err)
			}
			if !slices.Contains(out, t.Name) {
				out = append(out, t.Name)
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("outputs: got none, want a tensor at least")
	}
	return d.inOrder(out), nil
}

// inOrder puts outputs in the order of the layers that make them, as hls4ml has them, which takes the
// layers that nothing reads for outputs. It loses outputs that a layer reads: with such the module's order
// stays.
func (d *reading) inOrder(outputs []string) []string {
	place := map[string]int{}
	for i, l := range d.scope.Layers() {
		for _, name := range l.TensorNames() {
			place[name] = i
		}
		if slices.ContainsFunc(l.Inputs, func(in string) bool { return slices.Contains(outputs, in) }) {
			return outputs
		}
	}
	sorted := slices.Clone(outputs)
	slices.SortStableFunc(sorted, func(a, b string) int { return place[a] - place[b] })
	if !slices.Equal(sorted, outputs) {
		d.values.warnings = append(d.values.warnings, fmt.Sprintf("outputs: the module returns %s: as in "+
			"hls4ml they "+
			"come in the order of their layers, %s", strings.Join(outputs, ", "), strings.Join(sorted, ", ")))
	}
	return sorted
}
