package config

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// level is a place in a configuration; a key may stand at several.
type level uint8

const (
	atTop           level = 1 << iota // beside HLSConfig
	atWriter                          // in WriterConfig
	atHLS                             // in HLSConfig
	atModel                           // in HLSConfig.Model
	atLayer                           // in an entry of LayerType or LayerName, for every kind of layer
	atKind                            // the same, for some kinds
	atVariable                        // in Precision of an entry of LayerType or LayerName
	atModelVariable                   // in Precision of HLSConfig.Model
)

// key is all that is known of one key, or of one entry of Precision. What reading and checking do with it
// stands in its row of the table, so that a key is added, and understood, at one place.
type key struct {
	name string
	at   level
	form form                 // what a value must be; nil: anything
	keep func(any)            // takes over what form returns; settings of layers stay as they are written
	in   func(*reader, entry) // reads a mapping that has keys of its own, in place of form and keep

	// idle keys are read by hls4ml 1.3.0, or written by its generators, and do nothing; instead names what has
	// the effect.
	idle    bool
	instead string
	// lost reports whether a value of an idle key says anything that generated configurations, which have the
	// key too, do not; nil: always.
	lost func(*value) bool
	// renamed is the name under which hls4ml 1.3.0 reads the key; where both are there the old one is ignored.
	renamed string
	// quantizers lists the kinds for whose quantizers hls4ml writes the entry of Precision and never reads it.
	quantizers []string
}

// keys is the table for one reading: the rows of this package, and what the toolkit's backends, front ends
// and kinds of layers bring.
type keys struct {
	rows     []*key
	at       map[level]map[string]*key
	declared map[string]bool // settings of some kind, in snake case
	spelled  []string        // those of generated configurations, as these spell them; for hints
}

// newKeys makes the table for reading into c.
func newKeys(env Env, c *ir.Config) *keys {
	t := &keys{at: map[level]map[string]*key{}, declared: map[string]bool{}}
	for l := atTop; l != 0; l <<= 1 {
		t.at[l] = map[string]*key{}
	}
	for _, rows := range [][]key{projectKeys(env, c), sectionKeys(c), settingKeys(), variableKeys()} {
		for _, k := range rows {
			t.add(k)
		}
	}
	return t
}

// add appends a row. The first row of a name counts: what kinds declare does not change what is known.
func (t *keys) add(k key) {
	added := false
	for l, rows := range t.at {
		if k.at&l != 0 && rows[k.name] == nil {
			rows[k.name], added = &k, true
		}
	}
	if added {
		t.rows = append(t.rows, &k)
	}
}

// declare adds what the kinds of layers declare for a tool: their settings, and the variables that have a
// type.
func (t *keys) declare(schema ir.Schema, tool ir.Tool) {
	for _, name := range schema.KindNames() {
		k, ok := schema.Kind(name)
		if !ok {
			continue
		}
		own := newKindKeys(k, tool)
		for setting := range own.settings {
			t.declared[setting] = true
		}
		t.spelled = append(t.spelled, own.spelled()...)
		for _, v := range own.variables {
			t.add(key{name: v, at: atVariable | atModelVariable, form: typed})
		}
	}
}

// row returns the row of a key at a level, or nil.
func (t *keys) row(at level, name string) *key { return t.at[at][name] }

// setting returns the row of a key in a section of settings, or nil. In the model's section it may be that of
// a key of layers, whose level is another.
func (t *keys) setting(at level, name string) *key {
	for _, l := range []level{at, atLayer, atKind} {
		if k := t.row(l, name); k != nil {
			return k
		}
	}
	// hls4ml makes an attribute of any key of a layer by turning it into snake case.
	snake := ir.SnakeCase(name)
	if !t.declared[snake] {
		return nil
	}
	k := &key{name: name, at: atKind}
	if strings.HasSuffix(snake, typeSuffix) {
		k.form = typeOfTable
	}
	return k
}

// elsewhere says where a key that has no place at a level belongs, or "".
func (t *keys) elsewhere(name string, at level) string {
	if at&(atVariable|atModelVariable) != 0 {
		return ""
	}
	const ofLayers = "under LayerType or LayerName"
	for _, l := range []struct {
		at    level
		place string
	}{
		{atTop, "at the top"}, {atWriter, "under WriterConfig"}, {atHLS, "under HLSConfig"},
		{atModel, "under HLSConfig.Model"}, {atLayer, ofLayers}, {atKind, ofLayers},
	} {
		if l.at != at && t.row(l.at, name) != nil {
			return l.place
		}
	}
	if at != atLayer && t.declared[ir.SnakeCase(name)] {
		return ofLayers
	}
	return ""
}

// names lists the keys of a level, for hints.
func (t *keys) names(at level) []string {
	var names []string
	for _, k := range t.rows {
		if k.at&at != 0 {
			names = append(names, k.name)
		}
	}
	if at&atKind != 0 {
		names = append(names, t.spelled...)
	}
	return names
}

// projectKeys are the keys of the project: the outermost ones and the writer's.
func projectKeys(env Env, c *ir.Config) []key {
	rows := []key{
		{name: "OutputDir", at: atTop, form: text, keep: to(&c.OutputDir)},
		{name: "ProjectName", at: atTop, form: identifier, keep: to(&c.ProjectName)},
		{name: "Backend", at: atTop, form: backendOf(env.Backends), keep: func(v any) {
			c.SetTool(v.(Backend).Tool)
		}},
		{name: "Version", at: atTop, form: version, keep: to(&c.Version)},
		{name: "Part", at: atTop, form: text, keep: to(&c.Part)},
		{name: "XilinxPart", at: atTop, form: text, keep: to(&c.Part), renamed: "Part"}, // until hls4ml 0.5
		{name: "ClockPeriod", at: atTop, form: period, keep: to(&c.ClockPeriod)},
		{name: "ClockUncertainty", at: atTop, form: uncertainty, keep: to(&c.ClockUncertainty)},
		{
			name: "IOType", at: atTop, form: oneOf(string(ir.Parallel), string(ir.Stream)),
			keep: to((*string)(&c.IOType)),
		},
		{name: "TraceOutput", at: atTop, form: truth, keep: to(&c.TraceOutput)},
		{name: "InputData", at: atTop, form: text, keep: to(&c.InputData)},
		{name: "OutputPredictions", at: atTop, form: text, keep: to(&c.OutputPredictions)},
		{name: "HLSConfig", at: atTop, in: (*reader).hls},
		{name: "WriterConfig", at: atTop, in: (*reader).writer},
		{name: "Namespace", at: atWriter, form: identifier, keep: to(&c.Writer.Namespace)},
		{name: "WriteWeightsTxt", at: atWriter, form: truth, keep: to(&c.Writer.WriteWeightsTxt)},
		{name: "WriteTar", at: atWriter, form: truth, keep: to(&c.Writer.WriteTar)},
		{
			name: "TBOutputStream", at: atWriter, form: oneOf("stdout", "file", "both"),
			keep: to(&c.Writer.TBOutputStream),
		},
		{
			name: "WriteEmulationConstants", at: atWriter, form: truth,
			keep: to(&c.Writer.WriteEmulationConstants),
		},
	}
	// These hls4ml writes for itself, or only some of its tools and converters read: they are let pass.
	for _, name := range slices.Concat([]string{
		"ProjectDir", "Stamp", "InputShape", "InputShapes", "OutputShapes", "MaximumSize", "DontCopyNNET",
		"OriginalProjectName", "StitchedProjectName",
	}, env.otherKeys()) {
		rows = append(rows, key{name: name, at: atTop})
	}
	for _, name := range env.Sources {
		rows = append(rows, key{name: name, at: atTop, form: modelPath, keep: func(v any) {
			if path := v.(string); path != "" {
				c.Source[name] = path
			}
		}})
	}
	return rows
}

// to returns a function that stores a value of type T.
func to[T any](p *T) func(any) { return func(v any) { *p = v.(T) } }

// sectionKeys are the keys of HLSConfig.
func sectionKeys(c *ir.Config) []key {
	return []key{
		{name: "Model", at: atHLS, in: (*reader).model},
		{name: "LayerType", at: atHLS, in: (*reader).types},
		{name: "LayerName", at: atHLS, in: (*reader).names},
		{name: "Flows", at: atHLS, form: texts, keep: to(&c.HLS.Flows)},
		{name: "Optimizers", at: atHLS, idle: true, instead: "Flows instead"},
		{name: "SkipOptimizers", at: atHLS, idle: true, instead: "Flows instead"},
	}
}

// settingKeys are the keys of sections of settings, apart from those that kinds declare.
func settingKeys() []key {
	const layers = "TraceOutput at the top, or Trace of layers"
	rows := []key{
		{name: precisionKey, at: atModel | atLayer},
		{name: "ReuseFactor", at: atModel | atLayer, form: whole},
		{name: "Strategy", at: atModel | atLayer, form: strategy},
		{name: "BramFactor", at: atModel, form: number},
		{name: "TargetCycles", at: atModel | atLayer, form: whole},
		{name: "ConvImplementation", at: atModel | atLayer, form: folded("LineBuffer", "Encoded")},
		{name: "Compression", at: atModel | atLayer, form: truth},
		{name: "PipelineStyle", at: atModel, form: style},
		{name: "PipelineInterval", at: atModel, form: whole},
		// Generated configurations hold it with false, and hls4ml reads the outermost one.
		{name: "TraceOutput", at: atModel, form: truth, idle: true, instead: layers, lost: isTrue},
		{name: "BitExact", at: atModel, form: truth},
		{name: "AllowDAFallback", at: atModel, form: truth},
		{name: "AllowV2Fallback", at: atModel, form: truth},
		{name: "ChannelsLastConversion", at: atModel, form: folded("full", "internal", "off")},
		{name: "TransposeOutputs", at: atModel, form: truth},
		{name: "ParallelizationFactor", at: atModel | atLayer, form: whole},
		{name: "Trace", at: atLayer, form: truth},
		{name: "TableSize", at: atKind, form: whole},
		{name: "Implementation", at: atModel | atKind},
		{name: "Skip", at: atKind, form: truth},
		{name: "Static", at: atKind},
		{name: "TableRangePower2", at: atKind},
		{name: "TimeStepLoopParallelism", at: atKind},
	}
	// hls4ml takes ReuseFactor in their place.
	for _, name := range []string{
		"RecurrentReuseFactor", "ForwardReuseFactor", "BackwardReuseFactor", "ForwardRecurrentReuseFactor",
		"BackwardRecurrentReuseFactor",
	} {
		rows = append(rows, key{name: name, at: atKind, idle: true, instead: "ReuseFactor"})
	}
	for _, name := range []string{
		"table_t", "exp_table_t", "inv_table_t", "inv_inp_t", "inp_norm_t", "accum_t",
	} {
		rows = append(rows, key{name: name, at: atKind, form: typeOfTable})
	}
	return rows
}

// variableKeys are the entries of Precision, apart from those that kinds declare.
func variableKeys() []key {
	rows := []key{
		{name: "default", at: atVariable, form: typed},
		{name: "default", at: atModelVariable, form: explicitType}, // the end of every look-up
		{name: "result", at: atVariable | atModelVariable, form: typed},
		{name: "maximum", at: atModelVariable, form: boundedType},
	}
	for _, name := range []string{
		"weight", "bias", "accum", "param", "scale", "recurrent_weight", "recurrent_bias", "embeddings",
		"pointwise", "depthwise_accum", "pointwise_accum", "depthwise_result", "expr", "edge_weight",
		"edge_weight_aggr", "aggr", "norm",
	} {
		rows = append(rows, key{name: name, at: atVariable | atModelVariable, form: typed})
	}
	// Generated configurations have entries for tables; what hls4ml reads is the type's own name as a key.
	for _, name := range []string{"table", "exp_table", "inv_table", "inv_inp", "inp_norm"} {
		rows = append(rows, key{
			name: name, at: atVariable | atModelVariable, form: typed, idle: true,
			instead: name + typeSuffix + " of the layer",
		})
	}
	// Separable convolutions are split before hls4ml's tools of Xilinx would ask for it.
	rows = append(rows, key{
		name: "dw_output", at: atVariable | atModelVariable, form: typed, idle: true,
		instead: "Precision.depthwise_result of the layer",
	})
	for _, name := range []string{"slope", "shift"} { // numbers, whose types come from their values
		rows = append(rows, key{name: name, at: atVariable | atModelVariable, form: typed, idle: true})
	}
	// The weights of these kinds have other names, or the quantizers no use.
	for _, name := range []string{"mean", "variance", "beta", "gamma"} {
		rows = append(rows, key{
			name: name, at: atVariable | atModelVariable, form: typed, quantizers: []string{"BatchNormalization"},
		})
	}
	return append(rows, key{
		name: "depthwise", at: atVariable | atModelVariable, form: typed,
		quantizers: []string{"DepthwiseConv1D", "DepthwiseConv2D"},
	})
}
