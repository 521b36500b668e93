package keras

import (
	"fmt"
	"maps"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/quant"
)

var quantizedRecurrentHandlers = []build.Handler{{
	Classes: []string{"QSimpleRNN", "QLSTM", "QGRU"}, OwnActivation: true,
	Unsupported: checked(quantizersProblem(qrecurrentProblem, "kernel", "recurrent", "state")),
	Variables:   cellVariables, Read: readQRecurrent,
}}

// cellActivations are the settings of a cell that may be quantizers.
var cellActivations = []string{"activation", "recurrent_activation"}

// plainCell is the configuration with the names of functions in place of the quantizers of activations, which
// it returns apart.
func plainCell(c Config) (Config, map[string]*quant.Activation, error) {
	out, quantizers := maps.Clone(c), map[string]*quant.Activation{}
	for _, key := range cellActivations {
		if _, object := c[key].(map[string]any); !object {
			continue
		}
		q, err := activationQuantizer(c[key])
		if err != nil {
			return nil, nil, err
		}
		if f := q.Function(); strings.HasPrefix(f, "hard_") {
			return nil, nil, fmt.Errorf("%s: got %s, whose linear approximation recurrent layers of the firmware "+
				"do not have, want use_real_%s=True", key, q, strings.TrimPrefix(f, "hard_"))
		}
		out[key], quantizers[key] = q.Function(), q
	}
	return out, quantizers, nil
}

func qrecurrentProblem(class string, c Config) string {
	cell, _, err := plainCell(c)
	if err != nil {
		return err.Error()
	}
	return recurrentProblem(strings.TrimPrefix(class, "Q"), cell)
}

// readQRecurrent reads a recurrent layer of QKeras. Its quantizers say types and no more: hls4ml stores the
// weights as they are. Mirrors parse_qrnn_layer.
func readQRecurrent(c *build.Call) (*build.Out, error) {
	cell, quantizers, err := plainCell(raw(c))
	if err != nil {
		return nil, err
	}
	own := *c
	own.Config = cell
	out, err := readRecurrent(&own, strings.TrimPrefix(c.Class, "Q"))
	if err != nil {
		return nil, err
	}
	if q := quantizers["activation"]; q != nil {
		out.Quantizer("activation_quantizer", q)
	}
	if q := quantizers["recurrent_activation"]; q != nil {
		out.Quantizer("recurrent_activation_config", q)
	}
	return out, quantize(c, out, "weight", "kernel", "recurrent_weight", "recurrent", "bias", "bias",
		"accum", "state")
}
