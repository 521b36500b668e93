package xilinx_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/stretchr/testify/require"
)

// compiled lists the projects of testdata/projects.json that every test run compiles: each kind, strategy and
// io type, and what changes the C++ without changing the answer. HLSGO_FULL=1 compiles all of them.
func compiled() []string {
	return []string{
		"latency_vivado_stream_traced", "resource_gt_nin_file", "resource_vitis_stream_namespace",
		"latency_vitis_stream_headers_only", "unrolled_vivado_pruned", "unrolled_gt_nin", "unrolled_namespace",
		"unrolled_vivado_stream", "bram_vivado", "bram_vitis_stream", "mixed_strategies_softmax",
		"pointwise1d_one_partition", "pointwise2d_vivado", "pointwise2d_stream", "activations", "prelu_stream",
		"softmax_multidim", "softmax_small_table", "bn_stream", "transpose", "shapes", "shapes_stream",
		"two_inputs", "alpha", "ternary",
	}
}

// TestCompiledProjectsAnswerAsHLS4ML compiles projects with g++ and compares what they answer with hls4ml's
// predict, bit for bit. It calls them through the bridge, as hls4ml's Python would; the raw integers of every
// layer are compared where the simulator meets csim.
func TestCompiledProjectsAnswerAsHLS4ML(t *testing.T) {
	cxx := compiler(t)
	full := os.Getenv("HLSGO_FULL") == "1"
	rows := tabletest.New(t)
	for _, e := range entries(t) {
		// those of many places are recorded cases, which answer for one of them: compiled below
		if full && len(e.IO) == 0 || slices.Contains(compiled(), e.Name) {
			rows.Run(e.Name, func(t *tabletest.T) {
				g, o := e.graph(t)
				answers(t, cxx, g, o, oracletest.LoadDir(t, e.dir()))
			})
		}
	}
	if !full {
		return
	}
	for _, name := range oracletest.Runnable(t) {
		rows.Run(name, func(t *tabletest.T) {
			g, o := entry{Case: name}.graph(t)
			answers(t, cxx, g, o, oracletest.Load(t, name))
		})
	}
}

// TestProjectsCompileWithoutWarnings takes firmware, bridge and test bench of projects through every
// compiler there is: windows in both forms, FIFOs, weights on ports, inputs of short names.
func TestProjectsCompileWithoutWarnings(t *testing.T) {
	compilers := []string{compiler(t)}
	if clang, err := exec.LookPath("clang++"); err == nil {
		compilers = append(compilers, clang)
	}
	names := []string{
		"conv2d_resource_rf9_vitis_parallel", "conv2d_same_stride2_vivado_stream", "conv1d_encoded_vivado_stream",
		"sepconv2d_vitis_stream", "bram_conv2d_vivado_stream", "bram_conv1d_vitis_parallel",
		"bram_dense_vivado_parallel", "garnet_mean_types_vivado_parallel",
	}
	for _, e := range entries(t) {
		if !slices.Contains(names, e.Name) {
			continue
		}
		names = slices.DeleteFunc(names, func(s string) bool { return s == e.Name })
		g, o := e.graph(t)
		p := emitted(t, g, o)
		dir := t.TempDir()
		write(t, p, dir)
		args := append(warnings(dir), "-fsyntax-only")
		for _, file := range []string{"firmware/" + p.Name, p.Name + "_bridge", p.Name + "_test"} {
			args = append(args, filepath.Join(dir, file+".cpp"))
		}
		for _, cxx := range compilers {
			out, err := exec.Command(cxx, args...).CombinedOutput()
			require.NoError(t, err, "%s: %s: %.3000s", cxx, e.Name, out)
			require.Empty(t, out, "%s: %s", cxx, e.Name)
		}
	}
	require.Empty(t, names)
}

// warnings are the flags of a compiler that takes every warning for an error, but for pragmas and labels,
// which are for the synthesis.
func warnings(dir string) []string {
	return []string{
		"-O1", "-std=c++11", "-Wall", "-Werror", "-Wno-unknown-pragmas", "-Wno-unused-label",
		"-I" + filepath.Join(dir, "firmware/ap_types"),
		`-DWEIGHTS_DIR="` + filepath.Join(dir, "firmware/weights") + `"`,
	}
}

// answers compiles the graph and compares what it says to the case's samples with the case's answers.
func answers(t testing.TB, cxx string, g *ir.Graph, o codegen.Options, c *oracletest.Case) {
	t.Helper()
	x := inputs(t, c, len(g.Inputs))
	got := run(t, build(t, cxx, emitted(t, g, o), g, x.DType), x)
	compare(t, c, g, x, got)
}

// inputs reads the samples of a case. Those of several inputs stand side by side in the result.
func inputs(t testing.TB, c *oracletest.Case, n int) *ir.Tensor {
	t.Helper()
	if n == 1 {
		x := c.Array(t, "X")
		require.NotNil(t, x)
		return x
	}
	out := &ir.Tensor{}
	var parts []*ir.Tensor
	for k := range n {
		x := c.Array(t, fmt.Sprintf("X_%d", k))
		require.NotNil(t, x)
		parts = append(parts, x)
		out.Shape, out.DType = x.Shape[:1], x.DType
	}
	for s := range out.Shape[0] {
		for _, x := range parts {
			width := len(x.Data) / x.Shape[0]
			out.Data = append(out.Data, x.Data[s*width:(s+1)*width]...)
		}
	}
	return out
}

// compiler returns the C++ compiler, or skips the test when there is none.
func compiler(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("g++")
	if err != nil && os.Getenv("HLSGO_REQUIRE_CXX") == "1" {
		t.Fatal("HLSGO_REQUIRE_CXX is set, and there is no g++")
	}
	if err != nil {
		t.Skip("no g++: projects are not compiled")
	}
	return path
}

// build compiles the project with a main that reads samples from stdin and writes answers to stdout.
func build(t testing.TB, cxx string, p *codegen.Project, g *ir.Graph, d ir.DType) string {
	t.Helper()
	dir := t.TempDir()
	write(t, p, dir)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.cpp"), []byte(driver(p, g, d)), 0o644))
	program := filepath.Join(dir, "program")
	args := append(warnings(dir), filepath.Join(dir, "firmware", p.Name+".cpp"),
		filepath.Join(dir, p.Name+"_bridge.cpp"), filepath.Join(dir, "main.cpp"), "-o", program)
	out, err := exec.Command(cxx, args...).CombinedOutput()
	require.NoError(t, err, "%.3000s", out)
	return program
}

func write(t testing.TB, p *codegen.Project, dir string) {
	t.Helper()
	for _, f := range p.Files() {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, f.Data, 0o644))
	}
}

func driver(p *codegen.Project, g *ir.Graph, d ir.DType) string {
	ctype := map[ir.DType]string{ir.Float32: "float", ir.Float64: "double"}[d]
	var decl, args, read, put []string
	add := func(tensor string, read *[]string, format string) {
		v := g.Var(tensor)
		decl = append(decl, fmt.Sprintf("static %s %s[%d];", ctype, v.Name, v.Size()))
		args = append(args, v.Name)
		*read = append(*read, fmt.Sprintf(format, v.Name, ctype, v.Size()))
	}
	for _, in := range g.Inputs {
		add(in, &read, "fread(%[1]s, sizeof(%[2]s), %[3]d, stdin) == %[3]d")
	}
	for _, out := range g.Outputs {
		add(out, &put, "fwrite(%s, sizeof(%s), %d, stdout);")
	}
	params := make([]string, len(args))
	for i := range params {
		params[i] = ctype + " *"
	}
	return fmt.Sprintf(`#include <cstdio>
extern "C" void %[1]s_%[2]s(%[3]s);
%[4]s
int main() {
    while (%[5]s) {
        %[1]s_%[2]s(%[6]s);
        %[7]s
    }
}
`, p.Name, ctype, strings.Join(params, ", "), strings.Join(decl, "\n"), strings.Join(read, " && "),
		strings.Join(args, ", "), strings.Join(put, "\n        "))
}

// run feeds the samples to the program and returns all answers, sample by sample.
func run(t testing.TB, program string, x *ir.Tensor) []float64 {
	t.Helper()
	var in bytes.Buffer
	for _, v := range x.Data {
		if x.DType == ir.Float32 {
			require.NoError(t, binary.Write(&in, binary.LittleEndian, float32(v)))
		} else {
			require.NoError(t, binary.Write(&in, binary.LittleEndian, v))
		}
	}
	cmd := exec.Command(program)
	cmd.Stdin = &in
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	var y []float64
	if x.DType == ir.Float64 {
		for b := range slices.Chunk(out, 8) {
			y = append(y, math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
		return y
	}
	for b := range slices.Chunk(out, 4) {
		y = append(y, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	}
	return y
}

// compare wants the answers of every output equal to the recorded ones, in every bit.
func compare(t testing.TB, c *oracletest.Case, g *ir.Graph, x *ir.Tensor, got []float64) {
	t.Helper()
	samples, width := x.Shape[0], 0
	for _, out := range g.Outputs {
		width += g.Var(out).Size()
	}
	require.Len(t, got, samples*width)
	at := 0
	for k, out := range g.Outputs {
		stem := "y"
		if len(g.Outputs) > 1 {
			stem = fmt.Sprintf("y_%d", k)
		}
		want := c.Array(t, stem)
		require.NotNil(t, want, stem)
		n := g.Var(out).Size()
		for s := range samples {
			for i := range n {
				g, w := got[s*width+at+i], want.Data[s*n+i]
				require.Equal(t, math.Float64bits(w), math.Float64bits(g),
					"%s: sample %d value %d: got %v, want %v", stem, s, i, g, w)
			}
		}
		at += n
	}
}
