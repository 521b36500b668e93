package passes_test

import (
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/rnn"
)

func recurrent(steps, nIn, units int) rnn.Single {
	return rnn.Single{
		Common: rnn.Common{
			DataFormat: "channels_last", Direction: "forward", NTimesteps: steps, NIn: nIn, NOut: units,
			Static: true, TableSize: 1024,
		},
		Activation: "tanh", UseBias: true,
	}
}

func (b *net) lstm(name string, steps, nIn, units int) *net {
	a := &rnn.LSTMAttrs{Single: recurrent(steps, nIn, units), RecurrentActivation: "sigmoid"}
	return b.add("LSTM", name, a, recurrentData("", 4*units, nIn, units))
}

func (b *net) gru(name string, steps, nIn, units int) *net {
	a := &rnn.GRUAttrs{
		Single: recurrent(steps, nIn, units), RecurrentActivation: "sigmoid", ApplyResetGate: "after",
	}
	return b.add("GRU", name, a, recurrentData("", 3*units, nIn, units))
}

// bidirectional joins an LSTM and a GRU.
func (b *net) bidirectional(name string, steps, nIn, units int) *net {
	a := &rnn.BidirectionalAttrs{
		Common: recurrent(steps, nIn, 2*units).Common, MergeMode: "concat",
		ForwardName: "cell", ForwardClassName: "LSTM", ForwardActivation: "tanh",
		ForwardRecurrentActivation: "sigmoid", ForwardNStates: units,
		BackwardName: "cell", BackwardClassName: "GRU", BackwardActivation: "tanh",
		BackwardRecurrentActivation: "sigmoid", BackwardNStates: units,
	}
	data := recurrentData("forward_", 4*units, nIn, units)
	for k, v := range recurrentData("backward_", 3*units, nIn, units) {
		data[k] = v
	}
	return b.add("Bidirectional", name, a, data)
}

func recurrentData(prefix string, width, nIn, units int) map[string]*ir.Tensor {
	return map[string]*ir.Tensor{
		prefix + "weight_data": ramp(nIn, width), prefix + "recurrent_weight_data": ramp(units, width),
		prefix + "bias_data": ramp(width), prefix + "recurrent_bias_data": ramp(width),
	}
}

// four asks for a reuse factor that the products with the input do not have.
const four = "      result: auto\n    ReuseFactor: 4\n    Strategy: resource\n"

func rnnExamples() []example {
	return []example{
		{
			pass: xilinx.InitLSTM, prep: initialized, more: four, net: input(5, 3).lstm("r", 5, 3, 4),
			other: input(5, 3).gru("r", 5, 3, 4),
		},
		{
			pass: xilinx.InitGRU, prep: initialized, more: four, net: input(5, 3).gru("r", 5, 3, 4),
			other: input(5, 3).lstm("r", 5, 3, 4),
		},
		{
			pass: xilinx.InitBidirectional, prep: initialized, more: four,
			net: input(5, 3).bidirectional("r", 5, 3, 4), other: input(5, 3).lstm("r", 5, 3, 4),
		},
	}
}
