package rnn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/rnn"
	"github.com/hlsgo/hlsgo/sim"
)

// network is an input of three steps of two features and a recurrent layer of two units behind it.
func network(kind string, change func(a any), data map[string]*ir.Tensor) (*ir.Graph, error) {
	return longNetwork(3, kind, change, data)
}

func longNetwork(
	steps int, kind string, change func(a any), data map[string]*ir.Tensor,
) (*ir.Graph, error) {
	reg := builtin.Registry()
	k, _ := reg.Kind(kind)
	a := k.NewAttrs()
	for name, v := range map[string]any{"n_timesteps": steps, "n_in": 2, "n_out": 2} {
		if _, err := ir.SetAttr(a, name, v); err != nil {
			return nil, err
		}
	}
	change(a)
	cfg := &ir.Config{
		ProjectName: "p", IOType: "io_parallel",
		HLS: ir.HLSConfig{Model: &ir.Section{Precision: []ir.Precision{{Var: "default", Text: "fixed<16,6>"}}}},
	}
	cfg.SetTool(xilinx.Vitis().Tool)
	return ir.Build(&ir.Parsed{Layers: []*ir.Layer{
		{Name: "x", Kind: "Input", ClassName: "InputLayer", Attrs: &io.Attrs{InputShape: []int{steps, 2}}},
		{Name: "r", Kind: kind, ClassName: kind, Attrs: a, Data: ir.Data{Tensors: data}, Inputs: []string{"x"}},
	}}, cfg, reg)
}

func tensors(prefix string, width int) map[string]*ir.Tensor {
	return map[string]*ir.Tensor{
		prefix + "weight_data":           ir.NewTensor(ir.Float32, 2, width),
		prefix + "recurrent_weight_data": ir.NewTensor(ir.Float32, 2, width),
		prefix + "bias_data":             ir.NewTensor(ir.Float32, width),
		prefix + "recurrent_bias_data":   ir.NewTensor(ir.Float32, width),
	}
}

// TestManySteps refuses what would take more memory than it may, before it is taken: each step has operations
// and sums of its own.
func TestManySteps(t *testing.T) {
	g, err := longNetwork(5000, "LSTM", func(any) {}, tensors("", 8))
	require.NoError(t, err)
	kernels := builtin.Registry().For(codegen.Xilinx)
	_, err = sim.Compile(g, kernels, sim.Options{Memory: 5000 * 8 * 5000})
	require.ErrorContains(t, err, `LSTM "r": memory: got 233 MB or more`)
	_, err = sim.Compile(g, kernels, sim.Options{Memory: 1 << 30})
	require.NoError(t, err)
}

// TestErrors checks that settings without firmware are refused, and why.
func TestErrors(t *testing.T) {
	for want, change := range map[string]func(a *rnn.LSTMAttrs){
		`LSTM "r": yields: got [h d], want some of [sequence h c], once each`: func(a *rnn.LSTMAttrs) {
			a.Yields = []string{"h", "d"}
		},
		`LSTM "r": yields: got [h h], want some of`:  func(a *rnn.LSTMAttrs) { a.Yields = []string{"h", "h"} },
		`LSTM "r": time_major: got true, want false`: func(a *rnn.LSTMAttrs) { a.TimeMajor = true },
		`LSTM "r": n_timesteps, n_in, n_out: got 3, 2, 0, want all positive`: func(a *rnn.LSTMAttrs) {
			a.NOut = 0
		},
		`LSTM "r": input: got shape [3 2], want (4, 2)`: func(a *rnn.LSTMAttrs) { a.NTimesteps = 4 },
		`LSTM "r": TableSize: got 0, want 1 to 1048576`: func(a *rnn.LSTMAttrs) { a.TableSize = 0 },
		`LSTM "r": activation: got "selu", want one of linear, relu, sigmoid, tanh`: func(a *rnn.LSTMAttrs) {
			a.RecurrentActivation = "selu"
		},
		`LSTM "r": weight: wrong shape: got [2 8], want [2 4]`: func(a *rnn.LSTMAttrs) { a.NOut = 1 },
		`LSTM "r": initial states: got 0, want none or 2`: func(a *rnn.LSTMAttrs) {
			a.PassInitialStates = true
		},
	} {
		_, err := network("LSTM", func(a any) { change(a.(*rnn.LSTMAttrs)) }, tensors("", 8))
		require.ErrorContains(t, err, want)
	}
}

// TestBidirectionalErrors does the same for what two directions must agree on.
func TestBidirectionalErrors(t *testing.T) {
	data := tensors("forward_", 6)
	for k, v := range tensors("backward_", 8) {
		data[k] = v
	}
	for want, change := range map[string]func(a *rnn.BidirectionalAttrs){
		"": func(*rnn.BidirectionalAttrs) {},
		`merge_mode: got "max", want concat, sum, mul or ave`: func(a *rnn.BidirectionalAttrs) {
			a.MergeMode, a.NOut = "max", 2
		},
		`merge_mode sum: got 2 and 3 units, want equal numbers`: func(a *rnn.BidirectionalAttrs) {
			a.MergeMode, a.NOut, a.BackwardNStates = "sum", 2, 3
		},
		`n_out: got 3, want 4`: func(a *rnn.BidirectionalAttrs) { a.NOut = 3 },
		`backward_class_name: got "Dense", want SimpleRNN, LSTM or GRU`: func(a *rnn.BidirectionalAttrs) {
			a.BackwardClassName = "Dense"
		},
	} {
		_, err := network("Bidirectional", func(attrs any) {
			a := attrs.(*rnn.BidirectionalAttrs)
			a.NOut, a.ForwardClassName, a.BackwardClassName = 4, "GRU", "LSTM"
			a.ForwardNStates, a.BackwardNStates = 2, 2
			a.ForwardActivation, a.BackwardActivation = "tanh", "relu"
			a.ForwardRecurrentActivation, a.BackwardRecurrentActivation = "sigmoid", "sigmoid"
			change(a)
		}, data)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

// TestResetGate checks that a GRU that hls4ml computes in the other form warns once, and keeps one value of
// each bias as hls4ml does.
func TestResetGate(t *testing.T) {
	data := tensors("", 6)
	for _, role := range []string{"bias_data", "recurrent_bias_data"} {
		data[role] = &ir.Tensor{Data: []float64{0.5}}
	}
	g, err := network("GRU", func(a any) { a.(*rnn.GRUAttrs).ApplyResetGate = "before" }, data)
	require.NoError(t, err)
	require.Len(t, g.Warnings, 1)
	require.Contains(t, g.Warnings[0], `GRU "r": reset_after: got false`)
	require.Empty(t, g.Node("r").Weight("bias").Shape)
}

// TestTypes checks which types the layers have and that none is inferred from others.
func TestTypes(t *testing.T) {
	data := tensors("", 2)
	given, err := network("SimpleRNN", func(any) {}, data)
	require.NoError(t, err)
	require.NotNil(t, given.Node("r").Weight("recurrent_bias"), "PyTorch's has one")
	delete(data, "recurrent_bias_data")
	g, err := network("SimpleRNN", func(any) {}, data)
	require.NoError(t, err)
	n := g.Node("r")
	require.Nil(t, n.Weight("recurrent_bias"))
	require.Equal(t, fixed.Fixed(18, 8), n.Format("table_t"))
	require.Equal(t, fixed.Fixed(16, 6), n.Format("accum_t"))
	require.Equal(t, []int{2}, n.Out().Shape)
}
