package hlsgo

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/codegen"
)

// TestTarIsBesideTheFolder whatever the folder is called.
func TestTarIsBesideTheFolder(t *testing.T) {
	top := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(top, "p", "sub"), 0o777))
	t.Chdir(filepath.Join(top, "p"))
	for dir, want := range map[string]string{
		".": "../p.tar.gz", "sub/": "sub.tar.gz", "sub/..": "../p.tar.gz", "new/deep": "new/deep.tar.gz",
		"..": "../../" + filepath.Base(top) + ".tar.gz",
	} {
		f, err := prepareTar(&codegen.Project{}, dir)
		require.NoError(t, err, dir)
		require.NoError(t, f.Commit())
		require.FileExists(t, want, dir)
		require.NoError(t, os.Remove(want))
	}
	_, err := prepareTar(&codegen.Project{}, "/")
	require.ErrorContains(t, err, `OutputDir "/": got a folder without a name, want one that names the archive`)
}
