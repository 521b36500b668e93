package rnn

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Common are the attributes that all recurrent layers have. Inputs are (n_timesteps, n_in); outputs are
// (n_timesteps, n_out), or (n_out) without ReturnSequences. States are (n_out).
type Common struct {
	DataFormat      string `hls:"data_format"`
	Direction       string `hls:"direction"` // "forward" or "bidirectional"
	ReturnSequences bool   `hls:"return_sequences"`
	ReturnState     bool   `hls:"return_state"`
	TimeMajor       bool   `hls:"time_major"` // always false
	// PassInitialStates says that the inputs behind the first are the states before the first step.
	PassInitialStates bool `hls:"pass_initial_states"`
	// Yields lists what the layer answers, one tensor each; none: the sequence, and with ReturnState all
	// states.
	Yields     []string `hls:"yields"`
	NTimesteps int      `hls:"n_timesteps"`
	NIn        int      `hls:"n_in"`
	NOut       int      `hls:"n_out"`
	// Static keeps the state in the function, so that all steps share one block of hardware.
	Static    bool `hls:"static"`
	TableSize int  `hls:"table_size"`
}

// Single are the attributes that the layers of one direction have.
type Single struct {
	Common
	Activation string `hls:"activation"`
	UseBias    bool   `hls:"use_bias"`
	// PyTorch says that a GRU has its gates in the order reset, update, candidate.
	PyTorch bool `hls:"pytorch"`
	// RecurrentReuseFactor is the reuse factor of the product with the state. hls4ml takes ReuseFactor for
	// it, whatever is configured.
	RecurrentReuseFactor int `hls:"recurrent_reuse_factor"`
	// GoBackwards is that of Keras, which hls4ml reads past.
	GoBackwards bool `hls:"go_backwards,ignored"`
}

func (s *Single) backwards() bool { return s.GoBackwards }

// goesBackwards reports the setting of a layer of one direction; one of both has none of this name.
func goesBackwards(attrs any) bool {
	s, ok := attrs.(interface{ backwards() bool })
	return ok && s.backwards()
}

// SimpleRNNAttrs are the attributes of SimpleRNN.
type SimpleRNNAttrs struct {
	Single
}

// LSTMAttrs are the attributes of LSTM.
type LSTMAttrs struct {
	Single
	RecurrentActivation string `hls:"recurrent_activation"`
}

// GRUAttrs are the attributes of GRU.
type GRUAttrs struct {
	Single
	RecurrentActivation string `hls:"recurrent_activation"`
	// ApplyResetGate is "after" or "before" the product with the state. The firmware computes "after".
	ApplyResetGate string `hls:"apply_reset_gate"`
}

// BidirectionalAttrs are the attributes of Bidirectional: two layers over one input, the second from its end.
type BidirectionalAttrs struct {
	Common
	MergeMode string `hls:"merge_mode"` // "concat", "sum", "mul" or "ave"

	ForwardName                 string `hls:"forward_name"`
	ForwardClassName            string `hls:"forward_class_name"`
	ForwardActivation           string `hls:"forward_activation"`
	ForwardRecurrentActivation  string `hls:"forward_recurrent_activation"`
	ForwardDataFormat           string `hls:"forward_data_format"`
	ForwardUseBias              bool   `hls:"forward_use_bias"`
	ForwardApplyResetGate       string `hls:"forward_apply_reset_gate"`
	ForwardNStates              int    `hls:"forward_n_states"`
	ForwardReuseFactor          int    `hls:"forward_reuse_factor"`
	ForwardRecurrentReuseFactor int    `hls:"forward_recurrent_reuse_factor"`

	BackwardName                 string `hls:"backward_name"`
	BackwardClassName            string `hls:"backward_class_name"`
	BackwardActivation           string `hls:"backward_activation"`
	BackwardRecurrentActivation  string `hls:"backward_recurrent_activation"`
	BackwardDataFormat           string `hls:"backward_data_format"`
	BackwardUseBias              bool   `hls:"backward_use_bias"`
	BackwardApplyResetGate       string `hls:"backward_apply_reset_gate"`
	BackwardNStates              int    `hls:"backward_n_states"`
	BackwardReuseFactor          int    `hls:"backward_reuse_factor"`
	BackwardRecurrentReuseFactor int    `hls:"backward_recurrent_reuse_factor"`

	// ForwardGoBackwards says that Keras runs the layer that is first here from the end, and the other one
	// from the start; hls4ml reads past it.
	ForwardGoBackwards bool `hls:"forward_go_backwards,ignored"`
	// Swapped says that the first layer is the backward one of Keras.
	Swapped bool `hls:"swapped,ignored"`
}

func newCommon() Common {
	return Common{DataFormat: "channels_last", Direction: "forward", Static: true, TableSize: 1024}
}

func newSingle() Single {
	return Single{Common: newCommon(), Activation: "tanh", UseBias: true, RecurrentReuseFactor: 1}
}

// options lists the expected attributes: own, then the weights' under a prefix per direction, then the
// backends', reuse the reuse factors among them.
func options(own []ir.Option, prefixes, weights, reuse []string) []ir.Option {
	out := own
	for _, p := range prefixes {
		for _, w := range weights {
			out = append(out, ir.Option{Name: p + w, Class: ir.WeightOption})
		}
		for _, w := range weights {
			out = append(out, layers.TypeRole(p+w+"_t"))
		}
	}
	out = append(out, layers.AccumOption(), layers.ReuseFactorOption())
	for _, name := range reuse {
		out = append(out, ir.Option{Name: name, Class: ir.Configurable, Default: 1, Needs: layers.RecurrentState})
	}
	return append(out,
		ir.Option{Name: "static", Class: ir.Configurable, Default: true, Needs: layers.RecurrentState},
		ir.Option{Name: "table_size", Class: ir.Configurable, Default: 1024, Needs: layers.RecurrentState},
		ir.Option{Name: "table_t", Class: ir.TypeOption, Default: fixed.Fixed(18, 8), Needs: layers.RecurrentState},
	)
}

func plain(names ...string) []ir.Option {
	var out []ir.Option
	for _, name := range names {
		out = append(out, ir.Option{Name: name})
	}
	return out
}

func singleOptions(own []ir.Option, weights ...string) []ir.Option {
	return options(own, []string{""}, weights, []string{"recurrent_reuse_factor"})
}

func direction(configurable bool) ir.Option {
	return ir.Option{
		Name: "direction", Class: ir.Choice, Default: "forward", Choices: []string{"forward", "backward"},
		NotConfigurable: !configurable,
	}
}

var gateWeights = []string{"weight", "bias", "recurrent_weight", "recurrent_bias"}

var simpleRNNDef = layers.Def{
	Kind:  "SimpleRNN",
	Doc:   "recurrent layer without gates",
	Attrs: func() any { return &SimpleRNNAttrs{Single: newSingle()} },
	Options: singleOptions(
		append(plain("n_out", "activation", "return_sequences", "return_state", "pass_initial_states"),
			direction(true)),
		"weight", "bias", "recurrent_weight"),
	Init: initSingle,
	Ref:  recurrentRef,
	Impl: implementation(single()),
}

var lstmDef = layers.Def{
	Kind:   "LSTM",
	Doc:    "long short-term memory",
	Traits: layers.Gated,
	Attrs:  func() any { return &LSTMAttrs{Single: newSingle(), RecurrentActivation: "sigmoid"} },
	Options: singleOptions(
		append(plain("n_out", "activation", "recurrent_activation", "return_sequences", "return_state",
			"pass_initial_states"), direction(false), ir.Option{Name: "time_major"}),
		gateWeights...),
	Init: initSingle,
	Ref:  recurrentRef,
	Impl: implementation(single()),
}

var gruDef = layers.Def{
	Kind:   "GRU",
	Doc:    "gated recurrent unit",
	Traits: layers.Gated,
	Attrs: func() any {
		return &GRUAttrs{Single: newSingle(), RecurrentActivation: "sigmoid", ApplyResetGate: "after"}
	},
	Options: singleOptions(
		append(plain("n_out", "activation", "recurrent_activation", "return_sequences", "return_state",
			"pass_initial_states"), direction(false), ir.Option{Name: "time_major"},
			ir.Option{
				Name: "apply_reset_gate", Class: ir.Choice, Default: "after", Choices: []string{"before", "after"},
				NotConfigurable: true,
			}),
		gateWeights...),
	Init: initSingle,
	Ref:  recurrentRef,
	Impl: implementation(single(layers.Limit{
		Setting: "reset_after false",
		Why: "as in hls4ml the other form is computed, with nearly all biases lost, and a warning: train with " +
			"reset_after",
	})),
}

var bidirectionalDef = layers.Def{
	Kind:  "Bidirectional",
	Doc:   "two recurrent layers, one from the start and one from the end",
	Attrs: func() any { return newBidirectional() },
	Options: options(
		plain("n_out", "return_sequences", "return_state", "pass_initial_states", "time_major",
			"forward_activation", "forward_recurrent_activation",
			"backward_activation", "backward_recurrent_activation"),
		[]string{"forward_", "backward_"}, gateWeights,
		[]string{
			"forward_reuse_factor", "backward_reuse_factor",
			"forward_recurrent_reuse_factor", "backward_recurrent_reuse_factor",
		}),
	Init: initBidirectional,
	Ref:  recurrentRef,
	Impl: implementation(layers.Impl{
		Setup:      setupBidirectional,
		Strategies: []ir.Strategy{ir.Latency, ir.Resource},
		Limits: append(cellLimits(),
			layers.Limit{Strategy: ir.ResourceUnrolled, Why: "as in hls4ml, Resource is taken"},
			layers.Limit{Setting: "return_state", Why: "layers of one direction have it alone: use two of them"},
		),
		Emit: codegen.Emitter{Emit: emitBidirectional},
	}),
}

// cellLimits are the limits of all recurrent layers.
func cellLimits() []layers.Limit {
	return []layers.Limit{
		{
			Setting: "activations other than linear, relu, sigmoid and tanh",
			Why:     "the cells have no others: train with one of these",
		},
		{Setting: "time_major", Why: "the first axis is that of the steps: permute before the layer"},
	}
}

func newBidirectional() *BidirectionalAttrs {
	return &BidirectionalAttrs{
		Common: newCommon(), MergeMode: "concat",
		ForwardReuseFactor: 1, ForwardRecurrentReuseFactor: 1,
		BackwardReuseFactor: 1, BackwardRecurrentReuseFactor: 1,
	}
}

// implementation is the kernel of all recurrent layers with what a kind has of its own.
func implementation(own layers.Impl) map[codegen.Dialect]layers.Impl {
	own.Kernel, own.State = recurrentKernel, layers.NewMatrixState
	return map[codegen.Dialect]layers.Impl{codegen.Xilinx: own}
}

// single is what the layers of one direction share, with the limits of more.
func single(more ...layers.Limit) layers.Impl {
	return layers.Impl{
		Setup: setupSingle, Strategies: ir.MatrixStrategies(), Limits: append(cellLimits(), more...),
		Emit: codegen.Emitter{Emit: emitSingle},
	}
}

// CommonOf returns the attributes that all recurrent layers have, or nil for other kinds.
func CommonOf(n *ir.Node) *Common {
	switch a := n.Attrs.(type) {
	case *SimpleRNNAttrs:
		return &a.Common
	case *LSTMAttrs:
		return &a.Common
	case *GRUAttrs:
		return &a.Common
	case *BidirectionalAttrs:
		return &a.Common
	}
	return nil
}
