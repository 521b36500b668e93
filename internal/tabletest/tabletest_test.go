package tabletest

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTable fails on purpose, in a process of its own.
func TestTable(t *testing.T) {
	if os.Getenv("TABLETEST") != "1" {
		t.Skip("run by TestFailuresAreCounted")
	}
	rows := New(t)
	for i := range 40 {
		rows.Run(fmt.Sprintf("row%d", i), func(t *T) {
			t.Parallel()
			switch {
			case i < 30: // alike: row, names and numbers differ
				require.Equal(t, i, -1-i, "row%d: layer %q", i, strings.Repeat("x", i))
			case i == 30:
				t.Errorf("alone: got %d, want 7", i)
			case i == 31:
				t.Cleanup(func() { t.Log("cleanup sees a failure:", t.Failed()) })
				t.Fatal("stops here")
			case i == 32:
				t.Skip("left out")
			}
			t.Log("passes")
		})
	}
}

// TestFailuresAreCounted reads what a failing table prints: each kind of failure five times at most, and how
// many there are.
func TestFailuresAreCounted(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(program, "-test.run=^TestTable$")
	cmd.Env = append(os.Environ(), "TABLETEST=1")
	out, err := cmd.CombinedOutput()
	text := string(out)
	require.Error(t, err, "a table with failing rows passes")
	assert.Equal(t, 5+1+1, strings.Count(text, "--- FAIL: TestTable/"), text)
	assert.Equal(t, 5, strings.Count(text, "Not equal"), text)
	assert.Contains(t, text, "and 25 more like it: row")
	assert.Contains(t, text, "tabletest_test.go:27: alone: got 30, want 7")
	assert.Contains(t, text, "stops here")
	assert.Contains(t, text, "cleanup sees a failure: true")
	assert.NotContains(t, text, "more that fail otherwise")
}

// TestKindsAreLimited: rows that all fail in a way of their own are not all printed either.
func TestKindsAreLimited(t *testing.T) {
	r := &Rows{kinds: map[string]*kind{}}
	printed := 0
	for i := range 100 {
		if r.admit(fmt.Sprintf("Test/r%d", i), strings.Repeat("a", i)) {
			printed++
		}
	}
	require.Equal(t, distinct, printed)
	want := "and 88 more that fail otherwise: r12, r13, r14, r15, r16, r17, r18, r19, ..."
	require.Equal(t, []string{want}, r.summary())
}

// TestShape says which failures are alike.
func TestShape(t *testing.T) {
	first := shape("Test/a_case", `layer "ln": got -6.225e+10 (bits 0xff), want 1`)
	assert.Equal(t, first, shape("Test/b", `layer "soft": got 3 (bits 0x1), want -2.5`))
	assert.NotEqual(t, first, shape("Test/b", `layer "soft": got 3 (bits 0x1), want nothing`))
	assert.Equal(t, shape("Test/a_case", "a_case: no file"), shape("Test/other", "other: no file"))
}
