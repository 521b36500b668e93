package keras

import (
	"github.com/hlsgo/hlsgo/frontend/build"
)

// builtinOfKeras3 lists the handlers of classes that hls4ml converts otherwise when Keras 3 wrote them. All
// other classes mean the same for both.
func builtinOfKeras3() []build.Handler { return nil }

// ofKeras3 spells the settings of a layer as Keras 2 does.
func (n *node) ofKeras3() {
	if n.config == nil {
		n.config = Config{}
	}
	if policy, ok := n.config["dtype"].(map[string]any); ok {
		config, _ := policy["config"].(map[string]any)
		n.config["dtype"] = config["name"]
	}
	if shape := n.config["batch_shape"]; shape != nil && n.class == "InputLayer" {
		n.config["batch_input_shape"] = shape
	}
}
