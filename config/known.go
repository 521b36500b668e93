package config

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// keyClass says what hls4ml 1.3.0 does with a key.
type keyClass uint8

const (
	unknownKey keyClass = iota
	usedKey
	idleKey // accepted, without effect
)

// topKeys are the keys of the outermost level, besides those of single tools and of the model files.
var topKeys = []string{
	"OutputDir", "ProjectName", "Backend", "Version", "Part", "XilinxPart", "ClockPeriod", "ClockUncertainty",
	"IOType", "TraceOutput", "InputData", "OutputPredictions", "HLSConfig", "WriterConfig",
	"ProjectDir", "Stamp", "InputShape", "InputShapes", "OutputShapes", "MaximumSize", "DontCopyNNET",
	"OriginalProjectName", "StitchedProjectName",
}

// hlsKeys are the keys of HLSConfig. Optimizers and SkipOptimizers are read and never used.
var hlsKeys = []string{"Model", "LayerType", "LayerName", "Flows", "Optimizers", "SkipOptimizers"}

var writerKeys = []string{
	"Namespace", "WriteWeightsTxt", "WriteTar", "TBOutputStream", "WriteEmulationConstants",
}

// modelKeys are the keys of HLSConfig.Model.
var modelKeys = []string{
	"Precision", "ReuseFactor", "Strategy", "BramFactor", "TargetCycles", "ConvImplementation", "Compression",
	"PipelineStyle", "PipelineInterval", "TraceOutput", "BitExact", "AllowDAFallback", "AllowV2Fallback",
	"ChannelsLastConversion", "TransposeOutputs", "ParallelizationFactor", "Implementation",
}

// layerKeys are the keys of a LayerType or LayerName entry that every kind takes.
var layerKeys = []string{
	"Precision", "ReuseFactor", "Strategy", "TargetCycles", "ConvImplementation", "Compression",
	"ParallelizationFactor", "Trace",
}

// kindKeys are keys that belong to some kinds only, apart from those that the kinds declare.
var kindKeys = []string{
	"TableSize", "Implementation", "Skip", "Static", "TableRangePower2", "TimeStepLoopParallelism",
	"RecurrentReuseFactor", "table_t", "exp_table_t", "inv_table_t", "inv_inp_t", "accum_t",
}

// overwritten are the keys of recurrent layers in whose place hls4ml 1.3.0 takes ReuseFactor.
var overwritten = []string{
	"RecurrentReuseFactor", "ForwardReuseFactor", "BackwardReuseFactor", "ForwardRecurrentReuseFactor",
	"BackwardRecurrentReuseFactor",
}

// idleVars are the entries of Precision that hls4ml 1.3.0 writes and does not read. The key that works is the
// type's own name as a key of the layer.
var idleVars = map[string]string{
	"table": "table_t", "exp_table": "exp_table_t", "inv_table": "inv_table_t", "inv_inp": "inv_inp_t",
	"slope": "", "shift": "",
}

// quantizerVars are the entries of Precision, by kind, that hls4ml writes for quantizers of QKeras and does
// not read: the weights have other names, or the quantizers no use.
var quantizerVars = map[string][]string{
	"BatchNormalization": {"mean", "variance", "beta", "gamma"},
	"DepthwiseConv1D":    {"depthwise"}, "DepthwiseConv2D": {"depthwise"},
}

// sharedVars are the entries of Precision that every layer and the model take.
var sharedVars = []string{"default", "result"}

// typeSuffix ends the names of type attributes.
const typeSuffix = "_t"

// kindKey says what a key of a layer entry does for layers of the kind.
func kindKey(k *ir.Kind, backend, key string) keyClass {
	if slices.Contains(overwritten, key) {
		return idleKey
	}
	if slices.Contains(layerKeys, key) {
		return usedKey
	}
	name := ir.SnakeCase(key)
	for _, o := range k.Options(backend) {
		if o.Name == name && o.Class != ir.WeightOption {
			return usedKey
		}
	}
	for _, f := range ir.Fields(k.NewAttrs()) {
		if f.Name == name && !f.Ignored {
			return usedKey
		}
	}
	return unknownKey
}

// anyKindKey says whether some kind takes the key.
func (r *configReader) anyKindKey(backend, key string) bool {
	if slices.Contains(kindKeys, key) {
		return true
	}
	for _, name := range r.env.Schema.KindNames() {
		if k, ok := r.env.Schema.Kind(name); ok && kindKey(k, backend, key) != unknownKey {
			return true
		}
	}
	return false
}

// layerKeyNames lists every key that a layer entry may have, as generated configurations spell it.
func (r *configReader) layerKeyNames(backend string) []string {
	names := slices.Concat(layerKeys, kindKeys)
	for _, kind := range r.env.Schema.KindNames() {
		k, _ := r.env.Schema.Kind(kind)
		for _, o := range k.Options(backend) {
			if o.Class == ir.Configurable || o.Class == ir.Choice {
				names = append(names, ir.PascalCase(o.Name))
			} else if o.Class == ir.TypeOption {
				names = append(names, o.Name)
			}
		}
	}
	return names
}

// kindVars lists the entries of Precision that a kind has types for.
func kindVars(k *ir.Kind, backend string) []string {
	vars := slices.Clone(sharedVars)
	for _, o := range k.Options(backend) {
		if name, ok := strings.CutSuffix(o.Name, typeSuffix); ok && o.Class == ir.TypeOption {
			vars = append(vars, name)
		} else if o.Class == ir.WeightOption {
			vars = append(vars, o.Name)
		}
	}
	return vars
}

// allVars lists the entries of Precision of every kind.
func (r *configReader) allVars(backend string) []string {
	vars := slices.Concat(sharedVars, []string{
		"weight", "bias", "accum", "param", "scale", "recurrent_weight", "recurrent_bias", "embeddings",
		"depthwise", "pointwise", "depthwise_accum", "pointwise_accum", "depthwise_result", "expr",
		"edge_weight", "edge_weight_aggr", "aggr", "norm",
	})
	for name := range idleVars {
		vars = append(vars, name)
	}
	for _, names := range quantizerVars {
		vars = append(vars, names...)
	}
	for _, kind := range r.env.Schema.KindNames() {
		k, _ := r.env.Schema.Kind(kind)
		vars = append(vars, kindVars(k, backend)...)
	}
	return vars
}

// nearest returns the hint `, did you mean "x"?` for a misspelt name, or "".
func nearest(got string, known []string) string {
	best, distance := "", 1+max(1, len(got)/3)
	for _, k := range known {
		if d := editDistance(strings.ToLower(got), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return `, did you mean "` + best + `"?`
}

// editDistance is the number of letters put in, left out, replaced or swapped with their neighbour on the way
// from a to b.
func editDistance(a, b string) int {
	const far = 80
	if len(a) > far || len(b) > far {
		return far
	}
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
