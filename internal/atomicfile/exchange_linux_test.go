package atomicfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTreeExchanges the folder for another where it holds nothing else and nobody is inside.
func TestTreeExchanges(t *testing.T) {
	for _, c := range []struct {
		what      string
		prepare   func(t *testing.T, dir string)
		exchanged bool
		want      []string
	}{
		{"nothing else", func(*testing.T, string) {}, true, []string{ProjectList, "a", "c", "data"}},
		{"a file of somebody", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "mine"), "mine")
		}, false, []string{ProjectList, "a", "c", "data", "mine"}},
		{"a folder of somebody", func(t *testing.T, dir string) {
			require.NoError(t, os.Mkdir(filepath.Join(dir, "mine"), 0o777))
		}, false, []string{ProjectList, "a", "c", "data", "mine"}},
		{"a changed file", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "b"), "changed")
		}, false, []string{ProjectList, "a", "b", "c", "data"}},
		{"a changed file that is replaced", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "a"), "changed")
		}, true, []string{ProjectList, "a", "c", "data"}},
		{"another mode", func(t *testing.T, dir string) {
			require.NoError(t, os.Chmod(dir, 0o700))
		}, false, []string{ProjectList, "a", "c", "data"}},
		{"a link", func(t *testing.T, dir string) {
			require.NoError(t, os.Symlink("a", filepath.Join(dir, "l")))
		}, false, []string{ProjectList, "a", "c", "data", "l"}},
		{"a process inside", func(t *testing.T, dir string) {
			c := exec.Command("sleep", "60")
			c.Dir = filepath.Join(dir, "data")
			require.NoError(t, c.Start())
			t.Cleanup(func() {
				_ = c.Process.Kill()
				_ = c.Wait()
			})
		}, false, []string{ProjectList, "a", "c", "data"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			top := t.TempDir()
			dir := filepath.Join(top, "project")
			require.NoError(t, tree("a", "b").Write(t.Context(), dir))
			c.prepare(t, dir)
			before, err := os.Stat(dir)
			require.NoError(t, err)
			require.NoError(t, tree("a", "c").Write(t.Context(), dir))
			after, err := os.Stat(dir)
			require.NoError(t, err)
			require.Equal(t, c.exchanged, !os.SameFile(before, after))
			require.Equal(t, c.want, keys(t, dir))
			require.Equal(t, []string{"project"}, keys(t, top))
		})
	}
}

// TestExchangeLosesNothing that came into the folder after it was looked at.
func TestExchangeLosesNothing(t *testing.T) {
	top := t.TempDir()
	temp, dir := filepath.Join(top, "temp"), filepath.Join(top, "project")
	require.NoError(t, tree("a", "b").Write(t.Context(), dir))
	require.NoError(t, tree("a").fill(t.Context(), temp))
	known := tree("a").knownIn(dir)
	require.True(t, onlyKnown(temp, dir, known))
	put(t, filepath.Join(dir, "log", "new"), "new")
	put(t, filepath.Join(dir, "b"), "changed")
	require.NoError(t, exchange(temp, dir))
	require.NoError(t, rescue(temp, dir, known))
	require.Equal(t, []string{ProjectList, "a", "b", "data", "log"}, keys(t, dir))
	require.Equal(t, map[string]string{"new": "new"}, contents(t, filepath.Join(dir, "log")))
}

// TestKilledExchange leaves the old folder under a hidden name, which the next Write removes.
func TestKilledExchange(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "project")
	require.NoError(t, tree("a").Write(t.Context(), dir))
	put(t, filepath.Join(dir, "mine"), "mine")
	require.NoError(t, os.CopyFS(neighbour(dir), os.DirFS(dir)))
	require.NoError(t, tree("b").Write(t.Context(), dir))
	require.Equal(t, []string{"project"}, keys(t, top))
}
