//go:build unix

package openfile

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRegular(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	require.NoError(t, os.WriteFile(path, []byte("abc"), 0o600))
	f, info, err := Regular(path)
	require.NoError(t, err)
	require.EqualValues(t, 3, info.Size())
	require.NoError(t, f.Close())
	_, _, err = Regular(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)

	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	for path, kind := range map[string]string{dir: "a directory", pipe: "a pipe", "/dev/null": "a device"} {
		_, _, err = Regular(path)
		require.EqualError(t, err, path+": not a regular file: got "+kind)
	}
}

// TestPipe reads from one that is written, and gives up on one that is not.
func TestPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	go func() {
		w, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err == nil {
			_, _ = io.WriteString(w, "through")
			w.Close()
		}
	}()
	f, _, err := Data(pipe)
	require.NoError(t, err)
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, "through", string(text))
	require.NoError(t, f.Close())
	_, _, err = Data(pipe)
	require.EqualError(t, err, pipe+": pipe: got no writer within 3s, want one")
}

func TestNoData(t *testing.T) {
	dir := t.TempDir()
	_, _, err := Data(dir)
	require.EqualError(t, err, dir+": got a directory, want a file or a pipe")
	socket := filepath.Join(dir, "s")
	l, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer l.Close()
	_, _, err = Data(socket)
	require.EqualError(t, err, socket+": got a socket, want a file or a pipe")
	f, _, err := Data("/dev/null")
	require.NoError(t, err)
	require.NoError(t, f.Close())
}
