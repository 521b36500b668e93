package config

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// strategies are those that hls4ml compares with, in snake case.
var strategies = []string{
	"latency", "resource", "resource_unrolled", "distributed_arithmetic", "da", "compressed",
}

// idleStrategies are accepted in 1.3.0 and mean latency there, with what to write instead.
var idleStrategies = map[string]string{
	"unrolled": "Strategy: Resource_Unrolled", "stable": "Implementation: stable",
	"argmax": "Implementation: argmax", "legacy": "Implementation: legacy",
}

// setting checks the value of a key other than Precision. Keys of single kinds are checked with the kind.
func (r *configReader) setting(level, where string, e entry) {
	v, name := e.value, where+e.key
	if v.isNull() {
		return
	}
	switch e.key {
	case "ReuseFactor", "TargetCycles", "ParallelizationFactor", "PipelineInterval", "TableSize":
		if i, ok := v.scalar.(int); !ok || i < 1 {
			r.failAt(v, "%s: got %s, want a whole number from 1%s", name, v, numberHint(v))
		}
	case "BramFactor":
		if f, ok := v.number(); !ok || f < 0 {
			r.failAt(v, "%s: got %s, want a number from 0%s", name, v, numberHint(v))
		}
	case "Trace", "TraceOutput", "Compression", "BitExact", "AllowDAFallback", "AllowV2Fallback",
		"TransposeOutputs", "Skip":
		if _, ok := v.truth(); !ok {
			r.failAt(v, "%s: got %s, want true or false", name, v)
		}
	case "Strategy":
		r.strategy(name, v)
	case "ConvImplementation":
		r.choice(name, v, "LineBuffer", "Encoded")
	case "PipelineStyle":
		r.choice(name, v, "auto", "pipeline", "dataflow")
	case "ChannelsLastConversion":
		r.choice(name, v, "full", "internal", "off")
	default:
		r.typeSetting(name, v)
	}
	if level == "Model" && e.key == "TraceOutput" && v.scalar == true {
		r.warn(e.line, "%s: has no effect in hls4ml 1.3.0; set TraceOutput at the top, or Trace of layers", name)
	}
}

func (r *configReader) strategy(name string, v *value) {
	s, ok := v.scalar.(string)
	snake := ir.SnakeCase(s)
	if instead, idle := idleStrategies[snake]; idle {
		r.warn(v.line, "%s: %s has no effect in hls4ml 1.3.0 and means Latency; set %s", name, s, instead)
		return
	}
	if !ok || !slices.Contains(strategies, snake) {
		want := []string{"Latency", "Resource", "Resource_Unrolled", "distributed_arithmetic"}
		r.failAt(v, "%s: got %s, want one of %s%s", name, v, strings.Join(want, ", "), nearest(s, want))
	}
}

// choice compares without regard to case, as the passes of hls4ml do.
func (r *configReader) choice(name string, v *value, choices ...string) {
	s, _ := v.scalar.(string)
	if !slices.ContainsFunc(choices, func(c string) bool { return strings.EqualFold(c, s) }) {
		r.failAt(v, "%s: got %s, want one of %s%s", name, v, strings.Join(choices, ", "), nearest(s, choices))
	}
}

// typeSetting checks keys such as table_t, which hold a type.
func (r *configReader) typeSetting(name string, v *value) {
	key := name[strings.LastIndex(name, ".")+1:]
	if !strings.HasSuffix(ir.SnakeCase(key), typeSuffix) {
		return
	}
	s, ok := v.scalar.(string)
	if !ok {
		r.failAt(v, "%s: got %s, want a type such as fixed<18,8>", name, v)
		return
	}
	if _, err := fixed.Parse(s); err != nil {
		r.failAt(v, "%s: %v", name, err)
	}
}
