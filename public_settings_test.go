package hlsgo_test

import "github.com/hlsgo/hlsgo"

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
	},
	{
		what:  "accelerator with a bus of fixed point",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"KerasH5: m.h5", "Backend: VivadoAccelerator", "AcceleratorConfig:", "  Precision:",
			"    Input: ap_fixed<16,6>", "    Output: float", plainModel,
		),
		refused: `AcceleratorConfig.Precision.Input: got ap_fixed<16,6>, which hls4ml 1.3.0 cannot compile`,
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
		refused: `Backend: got "Quartus", want one of Vivado, Vitis, VivadoAccelerator: --backend puts one of ` +
			`these in its place`,
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
		refused: `Backend: got "VitisUnified", want one of Vivado, Vitis, VivadoAccelerator: --backend puts one ` +
			`of these in its place`,
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
		what:  "settings without a network",
		files: beside("m.h5", "mlp"),
		text: textOf(
			plainModel, "  LayerType:", "    Dense:", "      Precision:", "        bias: ap_fixed<32,26>",
		),
		refused: `no model file: got none, want one of KerasH5, KerasJson, KerasModel`,
	},
	{
		what:  "settings that a script joins with the rest",
		files: beside("m.h5", "mlp"),
		text: textOf(
			"LayerName:", "  fc1:", "    Precision:", "      weight: ap_fixed<13,1>", "Model:",
			"  Precision: ap_fixed<16,8>", "  ReuseFactor: 4608",
		),
		refused: `no model file: got none, want one of KerasH5, KerasJson, KerasModel, OnnxModel, PytorchModel: ` +
			`settings such as Model and LayerName stand under HLSConfig`,
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
		refused: `OnnxModel: got "models/x.onnx", want a file`,
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
