package xilinx_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/hlslib"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/stretchr/testify/require"
)

// TestProjectNamesThatAreTaken calls a project like files, types, macros and functions of its own.
func TestProjectNamesThatAreTaken(t *testing.T) {
	const everywhere = "a name that C++ or the files of every project use"
	for name, by := range map[string]string{
		"defines": "that of the header defines.h", "parameters": "that of the header parameters.h",
		"Defines": "that of the header defines.h", "NNET_Dense": "that of the header nnet_dense.h",
		"hls_stream": "that of the header hls_stream.h", "nnet_common": "that of the header nnet_common.h",
		"std": everywhere, "nnet": everywhere, "hls": everywhere, "main": everywhere, "exp": everywhere,
		"tanh": everywhere, "malloc": everywhere, "printf": everywhere, "NULL": everywhere, "EOF": everywhere,
		"INFINITY": everywhere, "M_PI": everywhere, "errno": everywhere, "stdin": everywhere,
		"int32_t": everywhere, "MIN": everywhere, "DIV_ROUNDUP": everywhere, "AP_TRN": everywhere,
		"tb_numbers": everywhere, "RTL_SIM": everywhere, "csim": everywhere,
		"for": "a word of C++'s own", "concept": "a word of C++'s own", "xor": "a word of C++'s own",
		"__LINE__": "a name that C++ keeps for its compilers", "_Bool": "a name that C++ keeps for its compilers",
		"result_t": "that of a type of the firmware", "fc1_weight_t": "that of a type of the firmware",
		"w2": "that of a weight of the firmware", "B2": "that of a weight of the firmware",
		"config2": "that of a configuration of the firmware",
	} {
		err := emitError(t, plain, func(g *ir.Graph) { g.Config.ProjectName = name })
		require.EqualError(t, err, `ProjectName "`+name+`": taken: got `+by+`, want another name`, name)
	}
	err := emitError(t, plain, func(g *ir.Graph) { g.Config.ProjectName = g.Var(g.Outputs[0]).Name })
	require.ErrorContains(t, err, ": taken: got that of an input or output of the firmware, want another name")
	// The guard of a header is the namespace, _ and the name.
	err = emitError(t, plain, func(g *ir.Graph) {
		g.Config.ProjectName, g.Config.Writer.Namespace = "dense", "nnet"
	})
	require.EqualError(t, err,
		`ProjectName "dense": taken: got that of the header nnet_dense.h, want another name`)
}

// TestMacrosOfTheLibraryAreReserved: the library's own macros break a name as those of C++ do.
func TestMacrosOfTheLibraryAreReserved(t *testing.T) {
	define := regexp.MustCompile(`(?m)^\s*#\s*define (\w+)`)
	guard := regexp.MustCompile(`_H_?$`)
	for file, text := range hlslib.Files("xilinx") {
		for _, m := range define.FindAllStringSubmatch(string(text), -1) {
			if guard.MatchString(m[1]) {
				continue
			}
			err := emitError(t, plain, func(g *ir.Graph) { g.Config.ProjectName = m[1] })
			require.ErrorContains(t, err, "taken", "%s: macro %s", file, m[1])
		}
	}
}

// TestNamesOfTheHeaders tries every name that the test bench of a project sees as that of a top function:
// those that do not compile are taken.
func TestNamesOfTheHeaders(t *testing.T) {
	cxx := compiler(t)
	c := oracletest.Load(t, plain)
	reg := builtin.Registry()
	p, err := tool(t, c.Backend).Emit(c.Graph(t, reg), reg.For(codegen.Xilinx), codegen.Options{})
	require.NoError(t, err)
	dir := t.TempDir()
	write(t, p, dir)
	args := append(warnings(dir), "-I"+filepath.Join(dir, "firmware"))
	bench := filepath.Join(dir, p.Name+"_test.cpp")
	text, err := exec.Command(cxx, append(args, "-E", "-P", bench)...).Output()
	require.NoError(t, err)
	names := regexp.MustCompile(`\b[A-Za-z]\w*\b`).FindAllString(string(text), -1)
	slices.Sort(names)
	names = slices.Compact(names)
	require.Greater(t, len(names), 2000)
	refused := 0
	for _, name := range notCompiled(t, cxx, args, bench, names) {
		err := emitError(t, plain, func(g *ir.Graph) { g.Config.ProjectName = name })
		require.ErrorContains(t, err, "taken: got ", name)
		refused++
	}
	require.Greater(t, refused, 200)
}

// notCompiled lists the names that no function of its own can have behind a file.
func notCompiled(t *testing.T, cxx string, args []string, file string, names []string) []string {
	var b strings.Builder
	fmt.Fprintf(&b, "#include %q\nstruct hlsgo_x;\nstruct hlsgo_y;\n", file)
	const before = 3
	for _, name := range names {
		fmt.Fprintf(&b, "void %s(hlsgo_x *, hlsgo_y *);\n", name)
	}
	tops := filepath.Join(filepath.Dir(file), "tops.cpp")
	require.NoError(t, os.WriteFile(tops, []byte(b.String()), 0o644))
	said, err := exec.Command(cxx, append(args, "-fsyntax-only", "-fmax-errors=0", tops)...).CombinedOutput()
	require.Error(t, err, "some of them are words of C++")
	var out []string
	for _, m := range regexp.MustCompile(`tops\.cpp:(\d+):\d+: error`).FindAllStringSubmatch(string(said), -1) {
		line, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		out = append(out, names[line-before-1])
	}
	return slices.Compact(out)
}

// TestNamesThatLookTaken compiles projects whose names are used in other scopes only.
func TestNamesThatLookTaken(t *testing.T) {
	cxx := compiler(t)
	reg := builtin.Registry()
	for _, name := range []string{"myproject_test", "layer3_out", "index", "vector"} {
		c := oracletest.Load(t, plain)
		g := c.Graph(t, reg)
		g.Config.ProjectName = name
		p, err := tool(t, c.Backend).Emit(g, reg.For(codegen.Xilinx), codegen.Options{})
		require.NoError(t, err)
		dir := t.TempDir()
		write(t, p, dir)
		args := append(warnings(dir), "-fsyntax-only")
		for _, file := range []string{"firmware/" + p.Name, p.Name + "_bridge", p.Name + "_test"} {
			args = append(args, filepath.Join(dir, file+".cpp"))
		}
		out, err := exec.Command(cxx, args...).CombinedOutput()
		require.NoError(t, err, "%s: %.3000s", name, out)
	}
}
