package xilinx_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/stretchr/testify/require"
)

// emitError changes the final graph of a case and returns the error of emitting it.
func emitError(t *testing.T, name string, edit func(*ir.Graph)) error {
	t.Helper()
	reg := builtin.Registry()
	c := oracletest.Load(t, name)
	g := c.Graph(t, reg)
	edit(g)
	_, err := tool(t, c.Backend).Emit(g, reg.For(codegen.Xilinx), codegen.Options{})
	return err
}

const (
	plain    = "keras2_dense_latency_fixed16_6_vitis_parallel"
	streamed = "keras2_dense_latency_fixed16_6_vitis_stream"
)

func TestErrorsNameLayerKindBackendAndIOType(t *testing.T) {
	for _, c := range []struct {
		what, name string
		edit       func(*ir.Graph)
		want       string
	}{
		{"strategy", plain, func(g *ir.Graph) { g.Node("fc1").Strategy = "compressed" },
			`Dense "fc1": strategy "compressed": no C++ for backend Vitis with io_parallel`},
		{"activation", plain,
			func(g *ir.Graph) { ir.Attrs[act.ActivationAttrs](g.Node("relu1")).Activation = "swish" },
			`Activation "relu1": activation "swish": no C++ for backend Vitis with io_parallel`},
		{"stream activation", streamed,
			func(g *ir.Graph) { ir.Attrs[act.ActivationAttrs](g.Node("relu1")).Activation = "relu6" },
			`Activation "relu1": activation "relu6": no C++ for backend Vitis with io_stream`},
		{"kind", plain, func(g *ir.Graph) { g.Node("relu1").Kind = "Fourier" },
			`Fourier "relu1": layer kind Fourier: no C++ for backend Vitis with io_parallel`},
		{"all at once", plain, func(g *ir.Graph) {
			g.Node("fc1").Strategy = "compressed"
			g.Node("fc3").Strategy = ""
		}, `Dense "fc1": strategy "compressed": no C++ for backend Vitis with io_parallel` + "\n" +
			`Dense "fc3": strategy "": no C++ for backend Vitis with io_parallel`},
		{"layer name", plain, func(g *ir.Graph) { g.Node("fc1").Name = "fc1\n#include </etc/passwd>" },
			"Dense \"fc1\\n#include </etc/passwd>\": name: not for C++: " +
				"got a quote, backslash or line break, want none of them"},
		{"type name", plain, func(g *ir.Graph) { g.Node("fc1").Out().Type.Name = "fc-1_t" },
			`Dense "fc1": name: not for C++: got "fc-1_t", want letters, digits and _, and no word of C++'s own`},
		{"input like a weight", plain, func(g *ir.Graph) { g.Var(g.Inputs[0]).Name = "w2" },
			`input "w2": name: got that of a weight of the firmware, want another for the layer`},
		{"input like a type", plain, func(g *ir.Graph) { g.Var(g.Inputs[0]).Name = "fc1_weight_t" },
			`input "fc1_weight_t": name: got that of a type of the firmware, want another for the layer`},
		{"two types of a name", plain, func(g *ir.Graph) { g.Node("fc2").Out().Type.Name = "fc1_weight_t" },
			`Dense "fc2": type "fc1_weight_t": two types of that name: ` +
				`got ap_fixed<37,17>, want ap_fixed<16,6> as before`},
		{"ap_float", plain, func(g *ir.Graph) { g.Node("fc2").Out().Type.Format = fixed.StdFloat(16, 5) },
			`type "fc2_result_t": no header for it: got ap_float<16,5>, want a fixed-point, integer or C++ type`},
		{"output", plain, func(g *ir.Graph) { g.Outputs = []string{"none"} },
			`model: output "none": got no such tensor in the final graph`},
		{"no output", plain, func(g *ir.Graph) { g.Outputs = nil },
			`model: no output: got none, want at least one`},
		{"reuse factor", plain, func(g *ir.Graph) {
			g.Node("fc1").Strategy, g.Node("fc1").ReuseFactor = "resource_unrolled", 7
		},
			`Dense "fc1": reuse_factor: strategy resource_unrolled: got 7, want more than 1 and a divisor or ` +
				`multiple of n_in = 10 that divides n_in*n_out = 120`},
		{"copies", plain, func(g *ir.Graph) { g.Node("relu1").Kind = "Clone" },
			`Clone "relu1": copies of a tensor: no C++ for backend Vitis with io_parallel`},
		{"ternary", plain, func(g *ir.Graph) { g.Node("relu1").Kind = "TernaryTanh" },
			`TernaryTanh "relu1": ternary_tanh without a batch normalization before it: ` +
				`no C++ for backend Vitis with io_parallel`},
		{"project name", plain, func(g *ir.Graph) { g.Config.ProjectName = "my-project" },
			`ProjectName "my-project": not a C++ name: got "my-project", want letters, digits and _`},
		{"namespace", plain, func(g *ir.Graph) { g.Config.Writer.Namespace = "a::b" },
			`Namespace "a::b": not a C++ name: got "a::b", want letters, digits and _`},
		{"namespace of C++", plain, func(g *ir.Graph) { g.Config.Writer.Namespace = "ap_fixed" },
			`Namespace "ap_fixed": taken: got a name that C++ or the files of every project use, want another name`},
		{"namespace and word", plain, func(g *ir.Graph) { g.Config.Writer.Namespace = "int" },
			`Namespace "int": taken: got a word of C++'s own, want another name`},
		{"namespace and project", plain, func(g *ir.Graph) { g.Config.Writer.Namespace = "myproject" },
			`Namespace "myproject": taken: got ProjectName, that of the top function, want another name`},
		{"namespace and type", plain, func(g *ir.Graph) { g.Config.Writer.Namespace = "fc1_weight_t" },
			`Namespace "fc1_weight_t": taken: got that of a type of the firmware, want another name`},
		{"namespace and output", plain, func(g *ir.Graph) {
			g.Config.Writer.Namespace = g.Var(g.Outputs[0]).Name
		}, `Namespace "layer8_out": taken: got that of an input or output of the firmware, want another name`},
		{"io type", plain, func(g *ir.Graph) { g.Config.IOType = "io_serial" },
			`IOType "io_serial": unknown: got "io_serial", want io_parallel or io_stream`},
		{"stream of the bench", plain, func(g *ir.Graph) { g.Config.Writer.TBOutputStream = "none" },
			`TBOutputStream "none": unknown: got "none", want stdout, file or both`},
		{"Tcl", plain, func(g *ir.Graph) { g.Config.Part = "x\" ; exec rm" },
			`Part "x\" ; exec rm": not for Tcl: got "x\" ; exec rm", want no quotes, brackets or line breaks`},
	} {
		t.Run(c.what, func(t *testing.T) { require.EqualError(t, emitError(t, c.name, c.edit), c.want) })
	}
}

// TestEmissionIsPure emits the same graph twice and wants the same bytes and the graph unchanged.
func TestEmissionIsPure(t *testing.T) {
	reg := builtin.Registry()
	c := oracletest.Load(t, plain)
	g := c.Graph(t, reg)
	first, err := tool(t, c.Backend).Emit(g, reg.For(codegen.Xilinx), codegen.Options{})
	require.NoError(t, err)
	second, err := tool(t, c.Backend).Emit(g, reg.For(codegen.Xilinx), codegen.Options{})
	require.NoError(t, err)
	require.Equal(t, first.Files(), second.Files())
	require.Equal(t, first.Stamp, second.Stamp)
}

func TestTraceAllTracesEveryCall(t *testing.T) {
	reg := builtin.Registry()
	c := oracletest.Load(t, plain)
	p, err := tool(t, c.Backend).Emit(c.Graph(t, reg), reg.For(codegen.Xilinx), codegen.Options{TraceAll: true})
	require.NoError(t, err)
	top, _ := p.Read("firmware/myproject.cpp")
	bridge, _ := p.Read("myproject_bridge.cpp")
	for _, layer := range []string{"fc1", "relu1", "fc2", "relu2", "fc3"} {
		require.Contains(t, string(top), `, "`+layer+`", `)
		require.Contains(t, string(bridge), `["`+layer+`"] = malloc(`)
	}
}
