//go:build unix

package atomicfile

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSweep removes what killed processes left, and nothing else.
func TestSweep(t *testing.T) {
	if !locks {
		t.Skip("no locks that end with their process on this system")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	put(t, filepath.Join(dir, ".f.tmp-1-0123abcd"), "half")
	put(t, filepath.Join(dir, ".f.tmp-2-0123abcd", "x"), "half")
	put(t, filepath.Join(dir, ".f.tmp-notes"), "of somebody")
	put(t, filepath.Join(dir, ".g.tmp-1-0123abcd"), "of another")
	busy, err := Create(path)
	require.NoError(t, err)
	defer busy.Abort()
	require.NoError(t, Write(path, text("whole")))
	require.Len(t, contents(t, dir), 4, "the file, one that is being written, and the two others")
	require.NoError(t, busy.Commit())
	require.Equal(t, []string{".f.tmp-notes", ".g.tmp-1-0123abcd", "f"}, keys(t, dir))
}

func TestAbandon(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "f"))
	require.NoError(t, err)
	_, remove, err := TempDir(filepath.Join(dir, "g"))
	require.NoError(t, err)
	Abandon()
	require.Empty(t, contents(t, dir))
	require.Error(t, f.Commit())
	remove()
	require.Empty(t, contents(t, dir))
}

func TestCommitAll(t *testing.T) {
	dir := t.TempDir()
	a, err := Prepare(filepath.Join(dir, "a"), text("a"))
	require.NoError(t, err)
	b, err := Prepare(filepath.Join(dir, "b"), text("b"))
	require.NoError(t, err)
	put(t, filepath.Join(dir, "b", "x"), "in the way")
	err = CommitAll(a, b)
	require.ErrorContains(t, err, `write "`+filepath.Join(dir, "b")+`"`)
	require.ErrorContains(t, err, "new are already "+filepath.Join(dir, "a"))
	require.Equal(t, map[string]string{"a": "a", "b": "directory"}, contents(t, dir))
}

// TestLongName has room for the temporary name too.
func TestLongName(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("n", 250))
	require.NoError(t, Write(path, text("x")))
	require.FileExists(t, path)
}

// TestWritePipe wants a reader, and does not wait for one for ever.
func TestWritePipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o666))
	got := make(chan string)
	go func() {
		b, _ := os.ReadFile(path)
		got <- string(b)
	}()
	require.NoError(t, Write(path, text("through")))
	require.Equal(t, "through", <-got)
	require.ErrorContains(t, Write(path, text("nobody")), "got no reader within")
}

// TestFullDisk names the file and the reason, and leaves nothing.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full")
	}
	err := Write("/dev/full", func(w io.Writer) error {
		_, err := w.Write(make([]byte, 1<<17))
		return err
	})
	require.EqualError(t, err, `write "/dev/full": no space left on device`)
}
