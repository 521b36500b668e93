package build_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/build"
)

func TestFileErrors(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "none.json")
	_, err := build.ReadText(none)
	require.EqualError(t, err, none+": no such file or directory")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = build.ReadText(dir)
	require.EqualError(t, err, dir+": got a folder, want a text")

	path := filepath.Join(dir, "m.h5")
	lfs := "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"
	require.NoError(t, os.WriteFile(path, []byte(lfs), 0o600))
	const want = ": got a pointer of Git LFS, want the file that it stands for: 'git lfs pull' fetches it"
	_, err = build.ReadText(path)
	require.EqualError(t, err, path+want)
	require.EqualError(t, build.FileError(path, "an HDF5 file", errors.New("damaged")), path+want)

	require.NoError(t, os.WriteFile(path, []byte("version"), 0o600))
	damaged := errors.New("damaged")
	require.Equal(t, damaged, build.FileError(path, "an HDF5 file", damaged))
	text, err := build.ReadText(path)
	require.NoError(t, err)
	require.Equal(t, "version", string(text))
}
