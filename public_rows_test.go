package hlsgo_test

import "github.com/hlsgo/hlsgo"

// publicScripts are configurations written by hand, as those of tutorials.
var publicScripts = []publicConfig{
	{
		what:  "pair in a folder",
		files: beside("keras/a.json", "json", "keras/a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: keras/a.json", "KerasH5:   keras/a_weights.h5", "#InputData: keras/a_features.dat",
			"OutputDir: my-hls-test", "ProjectName: myproject", "XilinxPart: xcku115-flvb2104-2-i",
			"ClockPeriod: 5", "", "IOType: io_parallel # options: io_serial/io_parallel", plainModel,
			"#  LayerType:", "#    Dense:", "#      ReuseFactor: 2",
		),
	},
	{
		what:  "pair beside the configuration, path of a folder",
		files: beside("a.json", "json", "a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: keras/a.json", "KerasH5:   keras/a_weights.h5", "XilinxPart: xcvu9p-flga2104-2L-e",
			"Backend: Vivado", plainModel,
		),
	},
	{
		what:  "pair below another folder",
		files: beside("models/v2/a.json", "json", "models/v2/a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: models/v2/a.json", "KerasH5:   models/v2/a_weights.h5", plainModel,
		),
	},
	{
		what:  "configuration in a folder, pair in another",
		at:    "configs/c.yml",
		files: beside("models/a.json", "json", "models/a_w.h5", "weights"),
		text: textOf(
			"KerasJson: ./models/a.json", "KerasH5:   ./models/a_w.h5", plainModel,
		),
	},
	{
		what:  "pair with paths of another machine",
		at:    "configs/c.yml",
		files: beside("configs/a.json", "json", "configs/a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: /nowhere/project/models/a.json", "KerasH5:   /nowhere/project/models/a_weights.h5",
			plainModel,
		),
	},
	{
		what:  "pair with double slashes",
		files: beside("models/a.json", "json", "models/a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: ./models//a.json", "KerasH5:   ./models//a_weights.h5", plainModel,
		),
	},
	{
		what:  "pair under a variable of the shell",
		files: beside("a.json", "json", "a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: $PROJECT_DIR/a.json", "KerasH5:   $PROJECT_DIR/a_weights.h5", plainModel,
		),
	},
	{
		what:  "pair with backslashes",
		files: beside("keras/a.json", "json", "keras/a_weights.h5", "weights"),
		text: textOf(
			`KerasJson: keras\a.json`, `KerasH5:   keras\a_weights.h5`, plainModel,
		),
	},
	{
		what:  "pair with a drive",
		files: beside("a.json", "json", "a_weights.h5", "weights"),
		text: textOf(
			`KerasJson: C:\work\a.json`, `KerasH5:   C:\work\a_weights.h5`, plainModel,
		),
	},
	{
		what:  "architecture found, weights moved beside it",
		files: beside("keras/a.json", "json", "keras/a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: keras/a.json", "KerasH5:   old/a_weights.h5", plainModel,
		),
	},
	{
		what:  "architecture alone",
		files: beside("keras/a.json", "json", "keras/a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: keras/a.json", plainModel,
		),
	},
	{
		what:  "whole model, blank architecture",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasJson:", "KerasH5: m.h5", plainModel,
		),
	},
	{
		what:  "whole model",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "OutputDir: my-hls-test", "ProjectName: myproject",
			"Part: xcku115-flvb2104-2-i", "ClockPeriod: 5", "IOType: io_stream", plainModel,
		),
	},
	{
		what:  "training run with a best model",
		files: beside("resnet_v1/model_best.h5", "cnn"),
		text: textOf(
			"KerasH5:   resnet_v1/model_best.h5", "XilinxPart: xc7z020clg400-1", "ClockPeriod: 10",
			"Backend: Vivado", "", "IOType: io_stream", hlsLine, modelLine, "    Precision: ap_fixed<8,4>",
			"    ReuseFactor: 2304", "    Strategy: Resource",
		),
	},
	{
		what:  "comments in another language, blanks at ends",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"# Arquivo do modelo", "KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, ap16, reuse1,
			"    Strategy: Latency # menor tempo",
		),
	},
	{
		what:  "parent folder",
		at:    "run/c.yml",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: ../m.h5", plainModel,
		),
	},
	{
		what:  "data of another machine",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "InputData: /nowhere/x.npy", "OutputPredictions: /nowhere/y.npy", plainModel,
		),
	},
	{
		what:  "settings of a version without HLSConfig",
		files: beside("a.json", "json", "a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: a.json", "KerasH5:   a_weights.h5", "XilinxPart: xc7vx690tffg1927-2",
			"IOType: io_parallel", "ReuseFactor: 1", "DefaultPrecision: ap_fixed<18,8>",
		),
	},
	{
		what:  "a dictionary that Python printed",
		files: beside("nets/a.json", "json", "nets/a_weights.h5", "weights"),
		text: textOf(
			"{'Backend': 'Vivado',", " 'ClockPeriod': 5,",
			" 'HLSConfig': {'LayerName': {'fc1': {'Precision': {'bias': 'ap_fixed<6,1>',",
			"                                                   'weight': 'ap_fixed<6,1>'},",
			"                                     'ReuseFactor': 1, 'Trace': True},",
			"                             'softmax': {'Precision': 'ap_ufixed<16,6>', 'table_size': 1024,",
			"                                         'exp_table_t': 'ap_fixed<18,8>'}},",
			"               'Model': {'Precision': 'ap_fixed<16,6>', 'ReuseFactor': 1}},",
			" 'IOType': 'io_parallel',", " 'KerasH5': 'nets/a_weights.h5',", " 'KerasJson': 'nets/a.json',",
			" 'Part': 'xcku115-flvb2104-2-i',", " 'XilinxPart': 'xcku115-flvb2104-2-i'}", "",
		),
	},
	{
		what:  "models of a checkout above",
		at:    "workspace/ex/keras-config.yml",
		files: beside("example-models/keras/a.json", "json", "example-models/keras/a_weights.h5", "weights"),
		text: textOf(
			"KerasJson: ../../example-models/keras/a.json", "KerasH5:   ../../example-models/keras/a_weights.h5",
			"InputData: ../../example-models/keras/a_inputs.dat", "OutputDir: mlp", "ProjectName: mlp",
			"XilinxPart: xcku115-flvb2104-2-i", hlsLine, modelLine, "    Precision: ap_fixed<18,8>",
			"    ReuseFactor: 784",
		),
	},
	{
		what:  "blanks before colons",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"Backend : Vivado", "KerasH5 : m.h5", "IOType : io_stream", hlsLine, modelLine,
			"    Precision: ap_fixed<16, 6>", reuse1, "    Strategy: Latency",
		),
	},
	{
		what:  "a file of a disk of another place, in quotes, with comments between",
		files: beside("keras_model.h5", "mlp"),
		text: textOf(
			"# Example of a configuration", "", "Backend: Vivado", "Board: zcu102", plainModel,
			"IOType: io_stream", "# InputData: X.npy", `KerasH5: "/nowhere/n/run_2/x_ap_fixed_8-4__/keras_model.h5"`,
			"# OutputPredictions: y.npy", "Stamp: 0123abcd",
		),
	},
	{
		what:  "no settings at all",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5",
		),
	},
}

// publicProjects are those that hls4ml writes into its projects, with the paths of the folder where it ran.
var publicProjects = []publicConfig{
	{
		what:  "project, model beside it",
		at:    "prj/hls4ml_config.yml",
		files: beside("prj/keras_model.h5", "mlp"),
		text: textOf(
			"Backend: Vivado", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model 'prj/keras_model.h5'", "OutputDir: prj",
			"OutputPredictions: null", "Part: xcu250-figd2104-2L-e", "ProjectName: myproject",
			"Stamp: 0123abcd",
		),
	},
	{
		what:  "project in deeper folders",
		at:    "hls4ml_config.yml",
		files: beside("keras_model.h5", "mlp"),
		text: textOf(
			"Backend: Vivado", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model 'prj_tmp/hls4mlprj_a/keras_model.h5'",
			"OutputDir: prj", "OutputPredictions: null", "Part: xcu250-figd2104-2L-e",
			"ProjectName: myproject", "Stamp: 0123abcd",
		),
	},
	{
		what:  "project with dots",
		files: beside("keras_model.h5", "mlp"),
		text: textOf(
			"Backend: Vivado", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model './hls_model/lfad_16/keras_model.h5'",
			"OutputDir: prj", "OutputPredictions: null", "Part: xcu250-figd2104-2L-e",
			"ProjectName: myproject", "Stamp: 0123abcd",
		),
	},
	{
		what:  "project with double slashes",
		files: beside("keras_model.h5", "mlp"),
		text: textOf(
			"Backend: Vitis", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model 'vitis_cnn//keras_model.h5'", "OutputDir: prj",
			"OutputPredictions: null", "Part: xcu250-figd2104-2L-e", "ProjectName: myproject",
			"Stamp: 0123abcd",
		),
	},
	{
		what:  "project of another machine",
		files: beside("keras_model.h5", "mlp"),
		text: textOf(
			"Backend: Vivado", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model '/nowhere/Desktop/fix/keras_model.h5'",
			"OutputDir: prj", "OutputPredictions: null", "Part: xcu250-figd2104-2L-e",
			"ProjectName: myproject", "Stamp: 0123abcd",
		),
	},
	{
		what:  "project of hls4ml 1.x with a .keras file",
		at:    "model_1/hls4ml_prj/hls4ml_config.yml",
		files: beside("model_1/hls4ml_prj/keras_model.keras", "keras"),
		text: textOf(
			"Backend: Vitis", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model 'model_1/hls4ml_prj/keras_model.keras'",
			"OutputDir: prj", "OutputPredictions: null", "Part: xcu250-figd2104-2L-e",
			"ProjectName: myproject", "Stamp: 0123abcd", "Version: 1.0.0",
		),
	},
	{
		what:  "the same, moved",
		files: beside("keras_model.keras", "keras"),
		text: textOf(
			"Backend: Vitis", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model 'model_1/hls4ml_prj/keras_model.keras'",
			"OutputDir: prj", "OutputPredictions: null", "Part: xcu250-figd2104-2L-e",
			"ProjectName: myproject", "Stamp: 0123abcd", "Version: 1.0.0", "WriterConfig:",
			"  Namespace: null", "  WriteTar: false", "  WriteWeightsTxt: true",
		),
	},
	{
		what:  "project with a board of none",
		files: beside("keras_model.h5", "mlp"),
		text: textOf(
			"Backend: Vivado", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_stream",
			"InputData: null", "KerasModel: !keras_model 'd/keras_model.h5'", "OutputDir: prj",
			"OutputPredictions: null", "XilinxPart: xczu9eg-ffvb1156-2-e", "ProjectName: myproject",
			"Stamp: 0123abcd", "Board: null",
		),
	},
	{
		what:  "project with shapes",
		files: beside("keras_model.keras", "keras"),
		text: textOf(
			"Backend: Vitis", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model 'prj/keras_model.keras'", "OutputDir: prj",
			"OutputPredictions: null", "Part: xcu250-figd2104-2L-e", "ProjectName: myproject",
			"Stamp: 0123abcd", "InputShapes:", "  fc1_input:", "  - 5", "OutputShapes:", "  layer4_out:",
			"  - 3",
		),
	},
	{
		what:  "project with IOType among the settings",
		files: beside("keras_model.h5", "mlp"),
		text: textOf(
			"Backend: Vivado", "ClockPeriod: 5", hlsLine, modelLine, "    IOType: io_stream", ap16,
			"    ReuseFactor: 2000", "    Strategy: Resource", "IOType: io_parallel", "InputData: null",
			"KerasModel: !keras_model 'p/keras_model.h5'", "OutputDir: prj", "OutputPredictions: null",
			"XilinxPart: xc7a100tcsg324-1", "ProjectName: myproject", "Stamp: 0123abcd",
		),
	},
	{
		what:  "project from a pair",
		files: beside("keras_a.json", "json", "keras_a_weights.h5", "weights"),
		text: textOf(
			"Backend: Vivado", "ClockPeriod: 5", plainModel, "IOType: io_stream",
			"KerasH5: keras/keras_a_weights.h5", "KerasJson: keras/keras_a.json", "OutputDir: stream_test",
			"Stamp: c3FfbE0E", "XilinxPart: xcku115-flvb2104-2-i",
		),
	},
	{
		what:  "project of a recurrent network, digits for a stamp, no bits",
		at:    "net/prj/hls4ml_config.yml",
		files: beside("net/prj/keras_model.h5", "rnn"),
		text: textOf(
			"Backend: Vivado", "ClockUncertainty: 12.5%", hlsLine, modelLine, "    BitExact: null",
			"    BramFactor: 1000000000", "    Precision:", "      default: ap_fixed<16,6>", reuse1,
			"InputShapes:", "  layer1_input:", "  - 4", "  - 3",
			"KerasModel: !keras_model 'net/prj/keras_model.h5'", "OutputShapes:", "  layer6_out:", "  - 2",
			"Part: xc7vx690tffg1761-2", "Stamp: '34209621'", "WriterConfig:", "  Namespace: null",
			"  TBOutputStream: both", "  WriteTar: false", "  WriteWeightsTxt: true",
		),
	},
	{
		what:  "project of four bits",
		files: beside("keras_model.h5", "rnn"),
		text: textOf(
			"Backend: Vivado", hlsLine, modelLine, "    Precision: ap_fixed<4,2>", "    ReuseFactor: 30",
			"    Strategy: Resource", "KerasModel: !keras_model 'hls/gru_hls4ml_prj/keras_model.h5'",
			"Stamp: 1234567e", "Version: 1.0.0",
		),
	},
	{
		what:  "project of adders",
		files: beside("keras_model.keras", "keras"),
		text: textOf(
			"Backend: Vitis", "ClockUncertainty: 27%", hlsLine, modelLine, "    BitExact: null", "    Precision:",
			"      default: fixed<16,6>", reuse1, "    Strategy: distributed_arithmetic",
			"KerasModel: !keras_model '/nowhere/export/1/prj/keras_model.keras'",
			"Part: xck26-sfvc784-2LV-c", "WriterConfig:", "  WriteEmulationConstants: false",
		),
	},
	{
		what:  "project with test data of another place",
		at:    "prj/hls4ml_config.yml",
		files: beside("prj/keras_model.h5", "cnn"),
		text: textOf(
			"Backend: Vitis", hlsLine, modelLine, "    PipelineStyle: dataflow", "    Precision: ap_fixed<8,2>",
			reuse1, "    Strategy: Resource", "    TraceOutput: true", "IOType: io_stream",
			"InputData: ./model/net/x_test.npy", "KerasModel: !keras_model './paper/net/keras_model.h5'",
			"OutputDir: ./paper/net", "OutputPredictions: ./model/net/y_test.npy", "ProjectName: resnet",
		),
	},
	{
		what:  "project with data that is there",
		at:    "p/hls4ml_config.yml",
		files: beside("p/keras_model.h5", "mlp", "p/x_test.npy", "data"),
		text: textOf(
			"Backend: Vitis", plainModel, "InputData: ./model/x_test.npy",
			"KerasModel: !keras_model './p/keras_model.h5'", "OutputDir: ./p",
		),
	},
}

// publicSettings say more under HLSConfig.
var publicSettings = []publicConfig{
	{
		what:  "per layer, as generated",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, "    BramFactor: 0", ap16,
			"    ReuseFactor: 8", "    Strategy: Resource", layerLine, "    fc1_input:", "      Precision:",
			"        result: ap_fixed<16,6>", "      ReuseFactor: 8", "    fc1:", "      Precision:",
			"        bias: ap_fixed<16,6>", "        result: ap_fixed<16,6>",
			"        weight: ap_fixed<16,6>", "      ReuseFactor: 8", "    fc1_relu:",
			"      Precision: ap_fixed<16,6>", "      ReuseFactor: 8", "      table_size: 1024",
			"      table_t: ap_fixed<18,8>",
		),
	},
	{
		what:  "traces and tables of hls4ml 0.x",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, ap16, reuse1, layerLine, "    fc1:",
			"      Trace: true", "      Precision:", "        bias: ap_fixed<6,1>",
			"        weight: ap_fixed<6,1>", "    softmax:",
			"      exp_table_t: ap_fixed<18,12,AP_RND,AP_SAT>",
			"      inv_table_t: ap_fixed<18,4,AP_RND,AP_SAT>", "      table_size: 1024",
		),
	},
	{
		what:  "strategy of a softmax",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, ap16, reuse1, layerLine,
			"    output_softmax:", "      Precision:", "        result: fixed<16,6>",
			"      Strategy: Stable", "      Trace: false",
		),
	},
	{
		what:  "settings of generated 1.x configurations",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, "    PipelineStyle: dataflow", ap16,
			reuse1, "    TraceOutput: true", layerLine, "    fc1:", "      Trace: false",
			"      Precision:", "        result: auto", "        accum: auto", "      ReuseFactor: 48",
			"      ParallelizationFactor: 1", "      Strategy: Resource", "    fc1_relu:",
			"      Precision:", "        result: ap_fixed<8,2>", "        table: fixed<18,8>",
			"      Strategy: Resource", "      TableSize: 1024", "    activation_20:",
			"      Implementation: stable", "      Skip: false", "      Precision:",
			"        exp_table: fixed<18,8,RND,SAT>",
		),
	},
	{
		what:  "depths of streams of a fork",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, "    FIFO_opt: 0",
			"    Precision: ap_fixed<8,4>", "    ReuseFactor: 6", "    Strategy: Resource", layerLine,
			"    fc1:", "      StreamDepth: 10001", "    fc1_cpy1:", "      StreamDepth: 2",
		),
	},
	{
		what:  "keys of other programs",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"HyperoptHandshake: false", "KerasH5: m.h5", hlsLine, "  ContextLength: null", modelLine,
			"    Precision: ac_fixed<16,6>", "    ReuseFactor: 4", "    SparseWeights: true",
		),
	},
	{
		what:  "lower case of a key of layers",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, ap16, reuse1, layerLine, "    fc1:",
			"      ReuseFactor: 1", "      implementation: BRAM",
		),
	},
	{
		what:  "sections by kind",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", hlsLine, modelLine, ap16, reuse1, "    Strategy: Latency", "  LayerType:",
			"    Dense:", "      ReuseFactor: 2", "      Strategy: Resource",
		),
	},
	{
		what:  "graph network, blanks in types",
		files: beside("m.h5", "garnet"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, "    Precision: ap_fixed<16, 6>",
			reuse1, "    Strategy: Resource", "  LayerType:", "    GarNet:", "      ReuseFactor: 4",
			"      Precision:", "        default: ap_fixed<16, 6, AP_RND, AP_SAT>",
			"        result: ap_fixed<16, 6>", layerLine, "     input_1:", "       Precision:",
			"         result: ap_fixed<14, 5, AP_RND, AP_SAT>",
		),
	},
	{
		what:  "quantized network",
		files: beside("m.h5", "qkeras"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", "IOType: io_stream", hlsLine, modelLine, ap16,
			"    ReuseFactor: 16", "    Strategy: Latency", layerLine, "    q_activation:",
			"      Precision:", "        result: ap_fixed<7,1,AP_RND,AP_SAT>", "      Trace: true",
			"    max_pooling2d:", "      Precision: ap_fixed<16,6>",
		),
	},
	{
		what:  "types of recurrent layers of a fork",
		files: beside("m.h5", "rnn"),
		text: textOf(
			"KerasH5: m.h5", hlsLine, modelLine, ap16, reuse1, "    Strategy: Resource", layerLine,
			"    lstm:", "      ApplyResetGate: after", "      Direction: forward", "      Precision:",
			"        act: ap_fixed<16,6>", "        recr_act: ap_fixed<16,6>",
			"        recurrent_bias: fixed<16,2>", "        state: fixed<16,7>",
			"        forward_weight: ap_fixed<16,6>",
		),
	},
	{
		what:  "names of another network",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, ap16, reuse1, layerLine,
			"    conv2d_1:", "      ConvImplementation: Encoded", "    add_7:", "      Precision:",
			"        result: ap_fixed<8,2>",
		),
	},
	{
		what:  "strategies in small letters",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", hlsLine, modelLine, "    Precision: ap_fixed<32,16>", reuse1,
			"    Strategy: resource",
		),
	},
	{
		what:  "clock in quotes",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "ClockPeriod: '5'", "ClockUncertainty: 12.5%", plainModel,
		),
	},
	{
		what:  "compression that is off",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", hlsLine, modelLine, "    Precision: ap_fixed<18,8>", reuse1,
			"    Strategy: Resource", "    Compression: False", layerLine, "    fc1:", "      ReuseFactor: 4",
			"      Strategy: Resource", "      Compression: False",
		),
	},
	{
		what:  "accumulators of hls4ml 0.x",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, "    Precision: ap_fixed<12,7>", reuse1,
			layerLine, "    fc1_input:", "      Precision: ap_ufixed<8,0>", "    fc1:",
			"      accum_t: ap_fixed<17,7>", "      Precision:", "        weight: ap_fixed<8,3>",
			"        result: ap_fixed<12,7>", "        default: ap_fixed<12,7>",
			"      ConvImplementation: 'LineBuffer'",
		),
	},
	{
		what:  "a type for the biases of a kind",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", hlsLine, modelLine, "    Precision:", "      default: ap_fixed<16,10>", reuse1,
			"  LayerType:", "    Dense:", "      Precision:", "        bias: ap_fixed<32,26>",
		),
	},
	{
		what:  "every layer Resource, layers that have no strategy too",
		files: beside("m.h5", "cnn"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", "IOType: io_stream", hlsLine, modelLine, ap16, reuse1,
			"    Strategy: Resource", layerLine, "    pool:", "      Precision: ap_fixed<16,6>",
			"      Strategy: Resource", "      Trace: false", "    flatten:", "      Strategy: Resource",
		),
	},
	{
		what:  "types that are all to be found",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", hlsLine, modelLine, "    Precision:", "      default: ac_fixed<16, 6>", reuse1,
			layerLine, "    fc1:", "      Precision:", "        bias: auto", "        result: auto",
			"        weight: auto", "    fc1_linear:", "      Precision:", "        result: auto",
		),
	},
	{
		what:  "keys of an accelerator for another backend",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", "Board: pynq-z2", "AcceleratorConfig:", "  Driver: python",
			"  Interface: axi_stream", "  Precision:", "    Input: float", "    Output: float", plainModel,
		),
	},
}

// publicRefused are those that do not load, with the reason, and what loads them all the same.
var publicRefused = []publicConfig{
	{
		what:  "accelerator",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: VivadoAccelerator", "AcceleratorConfig:", "  Driver: python",
			"  Interface: axi_stream", "Board: pynq-z2", plainModel,
		),
		refused: `Backend: got "VivadoAccelerator", want one of Vivado, Vitis`,
	},
	{
		what:    "the same with --backend",
		files:   beside("m.h5", "mlp"),
		options: hlsgo.Overrides{Backend: "Vivado"},
		text: textOf(
			"KerasH5: m.h5", "Backend: VivadoAccelerator", "AcceleratorConfig:", "  Driver: python",
			"  Interface: axi_stream", "Board: pynq-z2", plainModel,
		),
	},
	{
		what:  "another maker",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Quartus", "Part: 5CSEMA5F31C6", plainModel,
		),
		refused: `Backend: got "Quartus", want one of Vivado, Vitis: --backend puts one of these in its place`,
	},
	{
		what:  "the maker's newer tool",
		files: beside("keras_model.keras", "keras"),
		text: textOf(
			"Backend: oneAPI", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model 'model_1/keras_model.keras'", "OutputDir: prj",
			"OutputPredictions: null", "Part: Agilex7", "ProjectName: myproject", "Stamp: 0123abcd",
		),
		refused: `Backend: got "oneAPI"`,
	},
	{
		what:    "the same with --backend Vitis",
		files:   beside("keras_model.keras", "keras"),
		options: hlsgo.Overrides{Backend: "Vitis"},
		text: textOf(
			"Backend: oneAPI", "ClockPeriod: 5", hlsLine, modelLine, "    BramFactor: 1000000000", ap16,
			reuse1, "    Strategy: Latency", "    TraceOutput: false", "IOType: io_parallel",
			"InputData: null", "KerasModel: !keras_model 'model_1/keras_model.keras'", "OutputDir: prj",
			"OutputPredictions: null", "Part: Agilex7", "ProjectName: myproject", "Stamp: 0123abcd",
		),
	},
	{
		what:  "a tool of hls4ml to come",
		files: beside("keras_model.keras", "keras"),
		text: textOf(
			"Backend: VitisUnified", "ClockPeriod: '5'", plainModel,
			"KerasModel: !keras_model '/nowhere/prj/keras_model.keras'", "VitisUnifiedConfig:", "  Board: kv260",
			"  axi_mode: axi_master",
		),
		refused: `Backend: got "VitisUnified", want one of Vivado, Vitis: --backend puts one of these in its place`,
	},
	{
		what:    "the same with --backend, a strategy in words",
		files:   beside("keras_model.keras", "keras"),
		options: hlsgo.Overrides{Backend: "Vitis"},
		text: textOf(
			"Backend: VitisUnified", "ClockPeriod: '5'", plainModel, "    Strategy: Distributed Arithmetic",
			"KerasModel: !keras_model '/nowhere/prj/keras_model.keras'", "VitisUnifiedConfig:", "  Board: kv260",
			"  axi_mode: axi_master",
		),
	},
	{
		what:    "settings without a network",
		files:   beside("m.h5", "mlp"),
		text:    textOf(plainModel, "  LayerType:", "    Dense:", "      Precision:", "        bias: ap_fixed<32,26>"),
		refused: `no model file: got none, want one of KerasH5, KerasJson, KerasModel`,
	},
	{
		what:  "settings that a script joins with the rest",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"LayerName:", "  fc1:", "    Precision:", "      weight: ap_fixed<13,1>", "Model:",
			"  Precision: ap_fixed<16,8>", "  ReuseFactor: 4608",
		),
		refused: `no model file: got none, want one of KerasH5, KerasJson, KerasModel: settings such as ` +
			`Model and LayerName stand under HLSConfig`,
	},
	{
		what:  "a configuration of another program",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"save_dir: resnet", "model:", "  filters:", "  - 32", "convert:", "  Backend: VivadoAccelerator",
			"  XilinxPart: xc7z020clg400-1", "  Precision: ap_fixed<12,7>",
		),
		refused: `no model file: got none, want one of KerasH5, KerasJson, KerasModel`,
	},
	{
		what:  "a form with gaps that a script fills",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", hlsLine, modelLine, "    Precision: >>>DATA_TYPE<<<", reuse1,
		),
		refused: `c.yml: yaml: line 4`,
	},
	{
		what:  "a model of Keras 3 inside the configuration",
		files: nil,
		text: textOf(
			"Backend: Vivado", plainModel,
			"KerasModel: !!python/object/apply:keras.src.saving.keras_saveable._unpickle_model",
			"- !!python/object/new:_io.BytesIO", "  state: !!python/tuple", "  - !!binary |",
			"    UEsDBBQAAAA=", "  - 0",
		),
		refused: `KerasModel: got an object of Python, want the path of a file`,
	},
	{
		what:  "a network in ONNX, no settings",
		files: nil,
		text: textOf(
			"ModelType: QONNX", "OnnxModel: models/x.onnx", "Backend: Vivado", "DefaultReuseFactor: 64",
		),
		refused: `OnnxModel: no front end reads it`,
	},
	{
		what:  "a kernel that 1.3.0 no longer has",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: Vivado", hlsLine, modelLine, ap16, reuse1, layerLine, "    fc1:",
			"      ConvImplementation: Pointwise",
		),
		refused: `ConvImplementation: got "Pointwise", want one of LineBuffer, Encoded`,
	},
	{
		what:  "compression",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", plainModel, "  LayerType:", "    Dense:", "      Strategy: Resource",
			"      Compression: True",
		),
		refused: `Compression: got true, which hls4ml 1.3.0 cannot build either, want false`,
	},
	{
		what:  "an io type of hls4ml 0.2",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "IOType: io_serial", plainModel,
		),
		refused: `IOType: got "io_serial"`,
	},
	{
		what:  "an io type of a fork",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "IOType: io_array_stream", plainModel,
		),
		refused: `IOType: got "io_array_stream"`,
	},
	{
		what:  "a name that C++ does not take",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "ProjectName: CNN-hls", plainModel,
		),
		refused: `ProjectName: got "CNN-hls", want a name of C++`,
	},
}
