package act

import (
	"math"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// ParametrizedAttrs are the attributes of ParametrizedActivation.
type ParametrizedAttrs struct {
	Base
	// ActivParam is the slope (LeakyReLU), threshold (ThresholdedReLU) or factor (ELU).
	ActivParam float64 `hls:"activ_param"`
	// Meant is the number by which the framework computes, where hls4ml takes another; nil: the same.
	Meant *float64 `hls:"meant_param,ignored"`
}

// Function is the function computed: "leaky_relu", "thresholded_relu" or "elu". It mirrors
// ParametrizedActivation._get_act_function_name.
func (a *ParametrizedAttrs) Function() string {
	switch f := strings.ToLower(a.Activation); f {
	case "leakyrelu":
		return "leaky_relu"
	case "thresholdedrelu":
		return "thresholded_relu"
	default:
		return f
	}
}

var parametrizedDef = layers.Def{
	Kind:    "ParametrizedActivation",
	Doc:     "activation with one number: leaky_relu, thresholded_relu, elu",
	Traits:  layers.Activation,
	Attrs:   func() any { return &ParametrizedAttrs{Base: Base{TableSize: DefaultTable}} },
	Options: options(layers.TypeRole("param_t")),
	Init:    initParametrized,
	Infer:   inferParametrized,
	Bits:    parametrizedBits,
	Ref:     parametrizedRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: parametrizedKernel, Emit: parametrizedEmit},
	},
}

// initParametrized mirrors ParametrizedActivation.initialize.
func initParametrized(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[ParametrizedAttrs](n)
	if err := initBase(n, &a.Base); err != nil {
		return err
	}
	if math.IsNaN(a.ActivParam) || math.IsInf(a.ActivParam, 0) {
		return n.Errorf("activ_param: got %v, want a finite number", a.ActivParam)
	}
	t, err := n.Graph().LookupType(n, "param")
	if err != nil {
		return err
	}
	n.SetType("param_t", t)
	return nil
}

// inferParametrized gives the parameter the input's type (a threshold) or the smallest type that holds it.
// Mirrors _infer_par_act_precision; the result takes the model's default.
func inferParametrized(n *ir.Node, _ layers.InferEnv) error {
	a := ir.Attrs[ParametrizedAttrs](n)
	f := constantFormat(a.ActivParam)
	if a.Function() == "thresholded_relu" {
		f = n.In(0).Type.Format
	}
	layers.ResolveQuiet(n, "param_t", f)
	return nil
}

// maxConstantBits limits the magnitude bits of a constant's type.
const maxConstantBits = 8

// constantFormat is the type for a constant: the smallest exact one, cut to its highest bits when it needs
// more than maxConstantBits. Mirrors _get_precision_from_constant and utils/qinterval.py::minimal_kif.
func constantFormat(v float64) fixed.Format {
	if v == 0 {
		return fixed.UFixed(1, 1)
	}
	frac, exp := math.Frexp(v)
	// |v| = m * 2^(exp-53) with m a whole number; f is what is left of 53 after m's trailing zeros.
	m := uint64(math.Abs(frac) * (1 << 53))
	f := 53 - exp
	for m&1 == 0 {
		m >>= 1
		f--
	}
	i := exp
	if v < 0 && m == 1 {
		i-- // a negative power of two is the lowest value of its width
	}
	s := 0
	if v < 0 {
		s = 1
	}
	return fixed.Format{W: min(s+i+f, s+maxConstantBits), I: s + i, Signed: v < 0}
}
