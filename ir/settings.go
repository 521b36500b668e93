package ir

import (
	"math"
	"strings"
)

// Strategy is how a layer shall multiply; a backend may decide otherwise. It mirrors HLSConfig.get_strategy.
func (c *Config) Strategy(layer, kind string) Strategy {
	v, _ := c.Setting(layer, kind, "Strategy")
	s, ok := v.(string)
	if !ok {
		return Latency
	}
	return Strategy(strings.ToLower(SnakeCase(s)))
}

// Compression says whether the layer asks for compressed weights. It mirrors HLSConfig.get_compression.
func (c *Config) Compression(layer, kind string) bool {
	v, _ := c.Setting(layer, kind, "Compression")
	return truth(v)
}

// ReuseFactor is how often one multiplier is used per sample, before any snapping; ok is false when neither
// the layer nor the model sets a whole positive number. It mirrors HLSConfig.get_reuse_factor.
func (c *Config) ReuseFactor(layer, kind string) (rf int, ok bool) {
	v, _ := c.Setting(layer, kind, "ReuseFactor")
	rf, ok = whole(v)
	return rf, ok && rf > 0
}

// TargetCycles is the wanted latency in cycles, nil when unset. Like hls4ml, which looks layer types up
// under a class name that no configuration has, it knows the layer's name and the model only.
func (c *Config) TargetCycles(layer string) *int {
	v, ok := c.named(layer, "TargetCycles")
	if !ok {
		return nil
	}
	if n, ok := whole(v); ok {
		return &n
	}
	return nil
}

// ConvImplementation is how a layer gathers windows; layer types are passed over as in TargetCycles.
func (c *Config) ConvImplementation(layer string) ConvImplementation {
	v, _ := c.named(layer, "ConvImplementation")
	s, ok := v.(string)
	if !ok {
		return LineBuffer
	}
	return ConvImplementation(strings.ToLower(s))
}

func (c *Config) named(layer, key string) (any, bool) {
	for _, s := range []*Section{c.ByName(layer), c.HLS.Model} {
		if v, ok := s.Get(key); ok && v != nil {
			return v, true
		}
	}
	return nil, false
}

// BramFactor is the number of values above which a weight leaves the chip's registers for a BRAM port.
func (c *Config) BramFactor() float64 {
	v, _ := c.HLS.Model.Get("BramFactor")
	switch n := v.(type) {
	case int:
		return float64(n)
	case float64:
		return n
	}
	// No weight is larger than that, so none leaves.
	return math.Inf(1)
}

// BitExact says whether types follow from quantizers and weights; set is false when the model leaves it open.
func (c *Config) BitExact() (enabled, set bool) {
	v, _ := c.HLS.Model.Get("BitExact")
	return truth(v), v != nil
}

// ChannelsLastConversion says what to do about networks with channels first: "full", "internal" (their inputs
// come converted) or "off".
func (c *Config) ChannelsLastConversion() string {
	if s, ok := mustGet(c.HLS.Model, "ChannelsLastConversion").(string); ok {
		return s
	}
	return "off"
}

// TransposesOutputs reports whether the outputs of a network with channels first shall have channels first,
// whatever is inside.
func (c *Config) TransposesOutputs() bool {
	v, _ := c.HLS.Model.Get("TransposeOutputs")
	return truth(v)
}

// PipelineStyle is the model's wish: AutoStyle when it has none.
func (c *Config) PipelineStyle() PipelineStyle {
	if s, ok := mustGet(c.HLS.Model, "PipelineStyle").(string); ok {
		return PipelineStyle(s)
	}
	return AutoStyle
}

// PipelineInterval is the wanted initiation interval in cycles, nil when unset.
func (c *Config) PipelineInterval() *int {
	if n, ok := whole(mustGet(c.HLS.Model, "PipelineInterval")); ok {
		return &n
	}
	return nil
}

// mustGet is Get where a key that is missing and one that is null mean the same.
func mustGet(s *Section, key string) any {
	v, _ := s.Get(key)
	return v
}

// whole takes 4.0 for 4, as YAML written by other programs has it.
func whole(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case float64:
		if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
			return int(n), true
		}
	}
	return 0, false
}

// truth is Python's bool: any text but the empty one is true, "false" included, and hls4ml asks no further.
func truth(v any) bool {
	switch b := v.(type) {
	case bool:
		return b
	case int:
		return b != 0
	case float64:
		return b != 0
	case string:
		return b != ""
	}
	return false
}
