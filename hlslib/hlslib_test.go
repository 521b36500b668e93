package hlslib_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/hlslib"
	"github.com/stretchr/testify/require"
)

func writeHeaders(t *testing.T, dir string) {
	t.Helper()
	for name, data := range hlslib.Files("xilinx") {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, data, 0o644))
	}
}

func TestFiles(t *testing.T) {
	all := hlslib.Files("xilinx")
	require.Contains(t, all, "ap_types/ap_fixed.h")
	require.Contains(t, hlslib.Files("xilinx/nnet_utils/"), "nnet_dense.h")
	require.Nil(t, hlslib.Files("no/such/folder"))
	guards := map[string]string{}
	for name, text := range all {
		m := regexp.MustCompile(`^#ifndef (\w+_H_?)\n#define (\w+)\n`).FindStringSubmatch(string(text))
		require.NotNil(t, m, "%s: no include guard at its start", name)
		require.Equal(t, m[1], m[2], name)
		require.Empty(t, guards[m[1]], "%s has the include guard of %s", name, guards[m[1]])
		guards[m[1]] = name
		for i, line := range strings.Split(string(text), "\n") {
			require.LessOrEqual(t, len(line), 110, "%s:%d", name, i+1)
		}
	}
}

// forbidden is what no HLS tool synthesizes.
var forbidden = regexp.MustCompile(`\b(new|delete|malloc|free|throw|try|virtual|dynamic_cast|typeid)\b|` +
	`\bstd::(?:vector|map|string|deque|list|set|cout|cerr|function|unique_ptr|shared_ptr|\w*stream)\b|` +
	`#\s*include\s*<(?:vector|map|string|deque|iostream|fstream|sstream|algorithm|memory)>`)

// synthesized returns the code of a header that an HLS tool sees: comments and text go, as does what stands
// under #ifndef __SYNTHESIS__.
func synthesized(text string) string {
	text = regexp.MustCompile(`//[^\n]*|"[^"\n]*"`).ReplaceAllString(text, "")
	var out []string
	var hidden []bool
	for _, line := range strings.Split(text, "\n") {
		directive := strings.Join(strings.Fields(line), " ")
		switch {
		case strings.HasPrefix(directive, "#if"):
			hidden = append(hidden, directive == "#ifndef __SYNTHESIS__")
		case strings.HasPrefix(directive, "#else") && len(hidden) > 0:
			hidden[len(hidden)-1] = false
		case strings.HasPrefix(directive, "#endif") && len(hidden) > 0:
			hidden = hidden[:len(hidden)-1]
		}
		if !slices.Contains(hidden, true) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func TestLayersAreSynthesizable(t *testing.T) {
	for name, text := range hlslib.Files("xilinx/nnet_utils") {
		m := forbidden.FindString(synthesized(string(text)))
		require.Empty(t, m, "%s: no HLS tool synthesizes this: want it under #ifndef __SYNTHESIS__", name)
	}
}

// TestBaseStructsHoldNoNumbers: a default is used where a project forgets a member, and makes other firmware
// instead of an error. The members below are left out by projects of hls4ml on purpose.
func TestBaseStructsHoldNoNumbers(t *testing.T) {
	want := map[string][]string{
		"activ_config":         {"table_size", "table_t"},
		"conv2d_config":        {"dilation_height", "dilation_width"},
		"bidirectional_config": {"merge"},
	}
	base := regexp.MustCompile(`(?s)\nstruct (\w+_config) \{(.*?)\};\n`)
	member := regexp.MustCompile(`(\w+)(?: = [^;]*)?;`)
	found := map[string]bool{}
	for name, text := range hlslib.Files("xilinx/nnet_utils") {
		for _, m := range base.FindAllStringSubmatch(string(text), -1) {
			var got []string
			for _, d := range member.FindAllStringSubmatch(m[2], -1) {
				got = append(got, d[1])
			}
			require.Equal(t, want[m[1]], got, "%s: struct %s", name, m[1])
			found[m[1]] = true
		}
	}
	require.Subset(t, slices.Collect(maps.Keys(found)), slices.Collect(maps.Keys(want)))
	require.Greater(t, len(found), 20)
}

func TestForbiddenIsFound(t *testing.T) {
	for _, bad := range []string{
		"int *p = new int;", "#include <map>", "std::ostringstream s;",
		"#ifdef X\nstd::vector<int> v;\n#endif", "#ifndef __SYNTHESIS__\n#else\nthrow 1;\n#endif",
	} {
		require.NotEmpty(t, forbidden.FindString(synthesized(bad)), bad)
	}
	good := "#ifndef __SYNTHESIS__\nstd::map<int, int> m;\n#endif // new\n"
	require.Empty(t, forbidden.FindString(synthesized(good)))
}

func TestSimulationHeadersRefuseSynthesis(t *testing.T) {
	for name, text := range hlslib.Files("xilinx/ap_types") {
		base := path.Base(name)
		if base == "ap_bits.h" || base == "hls_stream.h" {
			require.Contains(t, string(text), "#ifdef __SYNTHESIS__\n#error")
		}
	}
}

// TestHeadersCompile includes all headers, in both orders, under C++11 and, where the compiler has it, C++23,
// with all warnings as errors. With HLSGO_FULL=1 every header is also compiled alone.
func TestHeadersCompile(t *testing.T) {
	cxx := compiler(t)
	compilers := []string{cxx}
	if clang, err := exec.LookPath("clang++"); err == nil && clang != cxx {
		compilers = append(compilers, clang)
	}
	dir := t.TempDir()
	writeHeaders(t, dir)
	names := slices.Sorted(maps.Keys(hlslib.Files("xilinx")))
	units := [][]string{names, slices.Clone(names)}
	slices.Reverse(units[1])
	if os.Getenv("HLSGO_FULL") == "1" {
		for _, name := range names {
			units = append(units, []string{name})
		}
	}
	for i, unit := range units {
		var source strings.Builder
		for _, name := range unit {
			fmt.Fprintf(&source, "#include \"%s\"\n", path.Base(name))
		}
		source.WriteString("int main() { return 0; }\n")
		file := filepath.Join(dir, fmt.Sprintf("unit%d.cpp", i))
		require.NoError(t, os.WriteFile(file, []byte(source.String()), 0o644))
		for _, c := range compilers {
			for _, std := range standards(c) {
				args := append([]string{"-std=" + std, "-fsyntax-only", "-I" + filepath.Join(dir, "ap_types"),
					"-I" + filepath.Join(dir, "nnet_utils"), file}, warnings()...)
				out, err := exec.Command(c, args...).CombinedOutput()
				require.NoError(t, err, "%s with %s -std=%s: %.2000s", unit[0], path.Base(c), std, out)
			}
		}
	}
}

// standards are those that the headers promise and the compiler has.
func standards(cxx string) []string {
	if exec.Command(cxx, "-std=c++23", "-xc++", "-fsyntax-only", os.DevNull).Run() != nil {
		return []string{"c++11"}
	}
	return []string{"c++11", "c++23"}
}
