package passes

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/shape"
)

func lower(s string) string { return strings.ToLower(s) }

// produce says with how many bits n makes its output. mirrors _produce_kif of hls4ml's
// model/optimizer/passes/bit_exact.py.
func (e *exact) produce(n *ir.Node) (kif, error) {
	if m, ok := e.memo[n]; ok && m.at == e.changes {
		return m.kif, nil
	}
	before := e.changes
	x, err := e.rule(n)
	if err != nil {
		return x, err
	}
	if before == e.changes {
		e.memo[n] = remembered{e.changes, x}
	}
	return x, nil
}

func (e *exact) rule(n *ir.Node) (kif, error) {
	switch {
	case n.Kind == "Input":
		if trusted(n) {
			return ofType(n), nil
		}
		return anyKIF(n.Out().Shape), nil
	case n.Kind == quantizer:
		return e.quantize(n)
	case n.Kind == "Reshape":
		x, err := e.made(inputs(n)[0])
		return kif{n.Out().Shape, x.k, x.i, x.f}, sized(n, x, err)
	case n.Kind == "UnaryLUT":
		k, i, f := minimalKIF(n.Weight("table").Data.Data...)
		return newKIF(n.Out().Shape, k, i, f), nil
	case n.Kind == "Softmax":
		exp, inv := n.Format("exp_table_t"), n.Format("inv_table_t")
		return newKIF(n.Out().Shape, 0, exp.I+inv.I, exp.F()+inv.F()), nil
	case isActivation(n) && trusted(n) && n.Kind != "ParametrizedActivation":
		return ofType(n), nil
	}
	var in []kif
	for _, p := range inputs(n) {
		x, err := e.produce(p)
		if err != nil {
			return x, err
		}
		in = append(in, x)
	}
	out, err := e.ruleOf(n, in)
	if err != nil {
		return out, n.Errorf("%w", err)
	}
	return out, nil
}

// sized wants as many values as n has.
func sized(n *ir.Node, x kif, err error) error {
	if err == nil && len(x.k) != n.Out().Size() {
		return n.Errorf("precision: got %d values, want %d", len(x.k), n.Out().Size())
	}
	return err
}

// ofType is what the result type of n holds.
func ofType(n *ir.Node) kif {
	k, i, f := n.Out().Type.Format.KIF()
	return newKIF(n.Out().Shape, k, i, f)
}

func (e *exact) ruleOf(n *ir.Node, in []kif) (kif, error) {
	switch {
	case n.Kind == "Dense":
		return withBias(in[0].interval().matmul(n.Weight("weight").Data))(n.Weight("bias"))
	case isConv1D(n) || isConv2D(n):
		return convolve(n, in[0])
	case isBatchNorm(n):
		s := n.Weight("scale").Data
		return withBias(in[0].interval().times(constant(s)))(n.Weight("bias"))
	case isPooling(n):
		return pooled(n, in[0])
	case n.Kind == "Transpose":
		return permuted(in[0], ir.Attrs[shape.TransposeAttrs](n).Perm), nil
	case n.Kind == "Concatenate":
		return concatenate(n, in[0], in[1])
	case n.Kind == "Merge", n.Kind == "Dot":
		return merged(n, in)
	case n.Kind == "ParametrizedActivation":
		return e.parametrized(n, in[0]), nil
	case isActivation(n):
		return activated(n, in[0]), nil
	}
	return kif{}, wrongKind(n)
}

// withBias adds a bias to sums.
func withBias(x interval, err error) func(bias *ir.Weight) (kif, error) {
	return func(bias *ir.Weight) (kif, error) {
		if err == nil && bias != nil {
			x, err = x.plus(constant(bias.Data))
		}
		if err != nil {
			return kif{}, err
		}
		return x.kif()
	}
}

// permuted is numpy's transpose.
func permuted(x kif, perm []int) kif {
	places := make([]int, len(x.k))
	dims := make([]int, len(perm))
	for i, p := range perm {
		dims[i] = x.shape[p]
	}
	for i := range places {
		rest, at := i, 0
		for k := len(perm) - 1; k >= 0; k-- {
			at += rest % dims[k] * ir.Size(x.shape[perm[k]+1:])
			rest /= dims[k]
		}
		places[i] = at
	}
	return x.take(dims, places)
}

// axisOf is the axis of a concatenation in shapes without batch.
func axisOf(n *ir.Node) int {
	a := ir.Attrs[merge.ConcatenateAttrs](n)
	if a.Axis < 0 {
		return len(n.Out().Shape) + a.Axis
	}
	return a.Axis - 1
}

func concatenate(n *ir.Node, a, b kif) (kif, error) {
	axis := axisOf(n)
	out := kif{shape: n.Out().Shape}
	if len(a.k)+len(b.k) != n.Out().Size() {
		return out, wrongKind(n)
	}
	ra, rb := ir.Size(a.shape[axis:]), ir.Size(b.shape[axis:])
	for i := range ir.Size(a.shape[:axis]) {
		out.k = slices.Concat(out.k, a.k[i*ra:][:ra], b.k[i*rb:][:rb])
		out.i = slices.Concat(out.i, a.i[i*ra:][:ra], b.i[i*rb:][:rb])
		out.f = slices.Concat(out.f, a.f[i*ra:][:ra], b.f[i*rb:][:rb])
	}
	return out, nil
}

// merged is the rule of layers that combine tensors value by value.
func merged(n *ir.Node, in []kif) (kif, error) {
	v, _ := ir.GetAttr(n.Attrs, "op")
	op, _ := v.(string)
	switch op = lower(op); op {
	case "maximum", "minimum":
		return reduce(in, func(a, b kif) (kif, error) { return combine(a, b, larger) })
	case "add", "average", "subtract", "multiply":
	case "dot1d":
		return dot(in)
	default:
		return kif{}, wrongKind(n)
	}
	sets := make([]interval, len(in))
	for i, x := range in {
		sets[i] = x.interval()
	}
	out, err := reduce(sets, func(a, b interval) (interval, error) {
		switch op {
		case "subtract":
			return a.plus(b.negated())
		case "multiply":
			return a.times(b)
		}
		return a.plus(b)
	})
	if err != nil {
		return kif{}, err
	}
	x, err := out.kif()
	if op == "average" {
		x = averaged(x, len(in))
	}
	return x, err
}

// averaged divides sums of n tensors.
func averaged(x kif, n int) kif {
	shift := 0 // of log2(n), cut
	for 2<<shift <= n {
		shift++
	}
	for i := range x.f {
		x.i[i] -= shift
		if 1<<shift == n {
			x.f[i] += shift
		} else {
			x.f[i] = unlimited
		}
	}
	return x
}

// dot is the rule of a product of two vectors.
func dot(in []kif) (kif, error) {
	p, err := in[0].interval().times(in[1].interval())
	if err != nil {
		return kif{}, err
	}
	sum := newInterval([]int{1})
	sum.delta[0] = slices.Min(p.delta)
	for i := range p.lo {
		sum.lo[0] += p.lo[i]
		sum.hi[0] += p.hi[i]
	}
	return sum.checked().kif()
}

func reduce[T any](in []T, f func(a, b T) (T, error)) (T, error) {
	out := in[0]
	var err error
	for _, x := range in[1:] {
		if out, err = f(out, x); err != nil {
			return out, err
		}
	}
	return out, nil
}

// activated is the rule of activations without parameters. A relu and a linear one share the arrays of their
// input.
func activated(n *ir.Node, x kif) kif {
	none := make([]int, len(x.k))
	switch lower(function(n)) {
	case "linear":
		return x
	case "relu":
		return kif{x.shape, none, x.i, x.f}
	case "tanh":
		return kif{x.shape, x.k, atMost(x.i, 1), filled(len(x.k), unlimited)}
	case "sigmoid":
		return kif{x.shape, none, atMost(x.i, 1), filled(len(x.k), unlimited)}
	}
	return anyKIF(x.shape)
}

func atMost(v []int, limit int) []int {
	out := slices.Clone(v)
	for i := range out {
		out[i] = min(out[i], limit)
	}
	return out
}

// passesOn reports whether an activation keeps the integer and fractional bits of its input.
func passesOn(function string) bool { return function == "relu" || function == "linear" }

// shares reports whether the arrays that n reads are those that a node before it keeps: a reshape hands them
// on, and so do a relu and a linear activation behind it.
func shares(n *ir.Node) bool {
	p := inputs(n)[0]
	switch {
	case p.Kind == "Reshape":
		return true
	case p.Kind == "Activation" && !trusted(p) && passesOn(lower(function(p))):
		return shares(p)
	}
	return false
}

// parametrized is the rule of activations with one number. A leaky relu widens the arrays of its input in
// place, so that whoever keeps them sees it.
func (e *exact) parametrized(n *ir.Node, x kif) kif {
	v, _ := ir.GetAttr(n.Attrs, "activ_param")
	p, _ := v.(float64)
	pk, pi, pf := minimalKIF(p)
	keep := x.k
	if p <= 0 {
		keep = make([]int, len(x.k))
	}
	switch lower(function(n)) {
	case "leakyrelu":
		if !shares(n) {
			x.i, x.f = slices.Clone(x.i), slices.Clone(x.f)
		} else if pi > 1 || pf > 0 {
			e.changes++
		}
		for i := range x.i {
			x.i[i] += max(0, pi-1)
			x.f[i] += max(0, pf)
		}
		return kif{x.shape, keep, x.i, x.f}
	case "thresholdedrelu":
		out, _ := combine(x, newKIF(x.shape, pk, pi, pf), larger)
		out.k = make([]int, len(x.k))
		for i := range out.k {
			out.k[i] = x.k[i] & pk
		}
		return out
	case "elu":
		out := kif{x.shape, keep, slices.Clone(x.i), filled(len(x.k), unlimited)}
		for i := range out.i {
			out.i[i] = max(out.i[i], pi)
		}
		return out
	}
	return anyKIF(x.shape)
}
