package layerstest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
)

// texts compares the C++ of every kind and io type with its file in testdata/check of the package under
// test. HLSGO_UPDATE=1 writes the files; the difference is to be read.
func (c *checker) texts(t *testing.T, trials []*trial) {
	files := map[string]string{}
	for _, tr := range trials {
		name := fmt.Sprintf("%s_%s.txt", tr.sample.Kind, strings.TrimPrefix(string(tr.place.io), "io_"))
		files[name] += c.text(t, tr)
	}
	dir := filepath.Join("testdata", "check")
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, name)
		if os.Getenv("HLSGO_UPDATE") == "1" {
			require.NoError(t, os.MkdirAll(dir, 0o755))
			require.NoError(t, os.WriteFile(path, []byte(files[name]), 0o644))
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v: HLSGO_UPDATE=1 writes it", err)
			continue
		}
		if line := firstLine(files[name], string(want)); line != "" {
			t.Errorf("%s: %s\nHLSGO_UPDATE=1 writes it anew; read the difference", path, line)
		}
	}
}

// firstLine tells where two texts part; "": nowhere.
func firstLine(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	section := ""
	for i := range max(len(a), len(b)) {
		x, y := "(end)", "(end)"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if strings.HasPrefix(x, "-- ") {
			section = x
		}
		if x != y {
			return fmt.Sprintf("line %d, in %s: got %q, want %q", i+1, section, x, y)
		}
	}
	return ""
}

// text is what a project says of its layers: types, configurations, generated code and the calls.
func (c *checker) text(t *testing.T, tr *trial) string {
	t.Helper()
	p, err := tr.model.Project()
	require.NoError(t, err, "%s", tr)
	g, err := tr.model.Graph()
	require.NoError(t, err)
	var b strings.Builder
	fmt.Fprintf(&b, "-- %s on %s\n", tr.sample.name(), tr.place)
	for _, file := range []string{"defines.h", "parameters.h", "nnet_utils/nnet_code_gen.h", p.Name + ".cpp"} {
		if data, ok := p.Read("firmware/" + file); ok {
			b.WriteString(code(string(data), g))
		}
	}
	return b.String()
}

// code keeps the lines of a generated file that differ between networks.
func code(text string, _ *ir.Graph) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		if bare == "" || strings.HasPrefix(bare, "#") || strings.HasPrefix(bare, "//") {
			continue
		}
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}
