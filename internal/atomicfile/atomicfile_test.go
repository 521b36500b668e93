package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// contents lists a directory's entries with the files' texts.
func contents(t *testing.T, dir string) map[string]string {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	out := map[string]string{}
	for _, e := range entries {
		text := "directory"
		if !e.IsDir() {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			require.NoError(t, err)
			text = string(b)
		}
		out[e.Name()] = text
	}
	return out
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

var errBroken = errors.New("broken")

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	require.NoError(t, Write(path, text("one")))
	require.NoError(t, os.Chmod(path, 0o600))
	err := Write(path, func(w io.Writer) error {
		require.NoError(t, text("half")(w))
		require.Len(t, contents(t, dir), 2)
		return errBroken
	})
	require.ErrorIs(t, err, errBroken)
	require.Equal(t, map[string]string{"f": "one"}, contents(t, dir))
	require.NoError(t, Write(path, text("two")))
	require.Equal(t, map[string]string{"f": "two"}, contents(t, dir))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	err = Write(filepath.Join(dir, "no", "f"), text("x"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.EqualError(t, err, `create "`+filepath.Join(dir, "no", "f")+`": no such file or directory`)
	require.ErrorContains(t, Write(dir, text("x")), "is a directory, want a file")

	loop := filepath.Join(dir, "loop")
	require.NoError(t, os.Symlink("loop", loop))
	below := filepath.Join(path, "below")
	for name, why := range map[string]string{loop: "too many symbolic links", below: "not a directory"} {
		require.EqualError(t, Write(name, text("x")), `create "`+name+`": `+why)
		require.EqualError(t, tree("a").Write(t.Context(), name), `write "`+name+`": `+why)
	}
}

func TestWriteFollowsLinksAndSparesDevices(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sub", "real"), nil, 0o666))
	require.NoError(t, os.Symlink(filepath.Join("sub", "real"), link))
	require.NoError(t, Write(link, text("through")))
	require.Equal(t, map[string]string{"real": "through"}, contents(t, filepath.Join(dir, "sub")))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&fs.ModeSymlink)

	require.NoError(t, Write(os.DevNull, text("nothing")))
	info, err = os.Stat(os.DevNull)
	require.NoError(t, err)
	require.False(t, info.Mode().IsRegular())
}

func TestCommitAndAbort(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "f"))
	require.NoError(t, err)
	f.Abort()
	f.Abort()
	require.Empty(t, contents(t, dir))
	require.ErrorContains(t, f.Commit(), "committed or aborted before")
	f, err = Create(filepath.Join(dir, "f"))
	require.NoError(t, err)
	require.NoError(t, f.Commit())
	f.Abort()
	require.Equal(t, map[string]string{"f": ""}, contents(t, dir))
}
