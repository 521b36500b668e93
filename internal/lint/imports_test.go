package lint_test

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A rule says what the packages of a folder may import from this module and elsewhere.
type rule struct {
	folder string   // "layers/*": the packages below layers, but not layers itself
	may    []string // folders, which stand for themselves and what is below them
	std    bool     // no third-party module
}

// rules is the import table of docs/architecture.md; the first match counts.
var rules = []rule{
	{folder: "fixed", may: []string{"fixed"}, std: true},
	{folder: "ir", may: []string{"fixed", "ir"}, std: true},
	{folder: "hlslib", std: true},
	{folder: "sim", may: []string{"fixed", "ir", "sim", "internal"}},
	{folder: "layerstest", may: []string{"fixed", "ir", "sim", "codegen", "layers", "."}},
	{folder: "codegen/*", may: []string{"fixed", "ir", "codegen"}}, // layers import it
	{folder: "backend", may: []string{"fixed", "ir", "hlslib", "codegen", "layers", "passes", "internal"}},
	{folder: "codegen", may: []string{"fixed", "ir", "hlslib", "internal"}},
	{folder: "layers/*", may: []string{"fixed", "ir", "sim", "codegen", "layers", "internal"}},
	{folder: "layers", may: []string{"fixed", "ir", "sim", "codegen", "internal"}},
	{folder: "passes", may: []string{"fixed", "ir", "layers"}},
	{folder: "frontend/build", may: []string{"fixed", "ir", "internal"}},
	{folder: "frontend", may: []string{"fixed", "ir", "layers", "frontend", "internal"}},
	{folder: "config", may: []string{"fixed", "ir", "config", "internal"}},
	{folder: "profiling", may: []string{"fixed", "ir", "sim", "config", "profiling", "internal"}},
	{folder: "cmd/*", may: []string{"cmd"}},
	{folder: "cmd", may: []string{"."}},
	{folder: "conformance"}, // tests only
	{folder: "examples", may: []string{
		".", "fixed", "ir", "sim", "codegen", "layers", "frontend", "cmd", "examples",
	}}, // as a plugin elsewhere, which sees nothing internal
	{folder: "benchmarks", may: []string{".", "sim"}},
	{folder: "scripts", std: true},
	{folder: "internal/oracletest", may: []string{"fixed", "ir", "internal"}}, // for tests only, see below
	{folder: "internal/tabletest"},                                            // for tests only
	{folder: "internal", may: []string{"fixed", "internal"}},
}

func find(dir string) (rule, bool) {
	for _, r := range rules {
		base, below := strings.CutSuffix(r.folder, "/*")
		if strings.HasPrefix(dir, base+"/") || dir == base && !below {
			return r, true
		}
	}
	return rule{}, false
}

func (r rule) allows(dir string) bool {
	return slices.ContainsFunc(r.may, func(f string) bool { return dir == f || strings.HasPrefix(dir, f+"/") })
}

// TestImports keeps the arrows between folders pointing one way. Tests in external packages may import
// what they like.
func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		r, ok := find(s.dir())
		if s.isTest() && s.external() || s.dir() == "." {
			continue
		}
		if !assert.True(t, ok, "%s: a folder without a rule: add one here and in docs/architecture.md", s.path) {
			continue
		}
		for _, imp := range s.file.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			if msg := r.judge(s, name); msg != "" {
				t.Errorf("%s: imports %q: %s", s.path, name, msg)
			}
		}
	}
}

// TestTestSupportStaysInTests keeps packages that exist for tests out of the binary.
func TestTestSupportStaysInTests(t *testing.T) {
	for _, s := range sources(t) {
		for _, imp := range s.file.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			support := path.Base(path.Dir(name)) == "internal" && strings.HasSuffix(name, "test") ||
				name == module+"/layerstest"
			if support && !s.isTest() && !strings.HasSuffix(s.dir(), "test") {
				t.Errorf("%s: imports %q outside tests", s.path, name)
			}
		}
	}
}

// judge says what is wrong with one import, or nothing.
func (r rule) judge(s source, name string) string {
	own, inside := strings.CutPrefix(name, module)
	switch {
	case inside && own == "":
		own = "."
	case inside:
		own = own[1:]
	case r.std && !s.isTest() && strings.Contains(strings.Split(name, "/")[0], "."):
		return "want the standard library only in " + r.folder
	default:
		return ""
	}
	if own == s.dir() || r.allows(own) {
		return foreignFamily(s.dir(), own)
	}
	return "want one of " + strings.Join(r.may, ", ")
}

// foreignFamily reports an import of one layer family by another, or by the list that names them all.
func foreignFamily(from, to string) string {
	// The list is no family: it names every family, and no family names it.
	const list = "layers/builtin"
	if path.Dir(from) == "layers" && path.Dir(to) == "layers" && from != to && from != list {
		return "a layer family imports no other family"
	}
	return ""
}

// TestRuleCanFail makes sure that the table refuses what it should.
func TestRuleCanFail(t *testing.T) {
	for _, c := range []struct{ from, imp string }{
		{"fixed", module + "/ir"},
		{"fixed", "gonum.org/v1/gonum"},
		{"ir", module + "/layers"},
		{"sim", module + "/codegen"},
		{"codegen", module + "/sim"},
		{"layers/dense", module + "/layers/conv"},
		{"layers/dense", module + "/layers/builtin"},
		{"layers/builtin", module},
		{"passes", module + "/sim"},
		{"frontend/keras", module + "/passes"},
		{"frontend/build", module + "/frontend/keras"},
		{"config", module + "/frontend"},
		{"cmd", module + "/ir"},
		{"cmd/hlsgo", module},
		{"internal/hdf5", module + "/ir"},
	} {
		r, ok := find(c.from)
		assert.True(t, ok, c.from)
		assert.NotEmpty(t, r.judge(source{path: c.from + "/x.go"}, c.imp), "%s imports %s", c.from, c.imp)
	}
}
