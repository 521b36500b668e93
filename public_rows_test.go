package hlsgo_test

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
