package filekind_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/filekind"
)

func TestOfText(t *testing.T) {
	for text, want := range map[string]string{
		"": "an empty file",
		"version https://git-lfs.github.com/spec/v1\noid sha256:0\n": "a pointer of Git LFS, want the file that " +
			"it stands for: 'git lfs pull' fetches it",
		"<!DOCTYPE html><html>":    "a web page, want the file itself: the page was saved in its place",
		"<HTML>":                   "a web page, want the file itself: the page was saved in its place",
		"\x89HDF\r\n\x1a\nrest":    "an HDF5 file",
		"\x93NUMPY\x01\x00":        "a .npy file",
		"PK\x03\x04":               "a zip archive",
		"\x80\x04\x95":             "a pickle of Python",
		"\x1f\x8b\x08":             "a file packed with gzip, want it unpacked",
		"version: 1\nBackend: x\n": "",
		"{":                        "",
	} {
		require.Equal(t, want, filekind.OfText([]byte(text)), "%q", text)
	}
}

func TestExplain(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	const own = "an HDF5 file"
	damaged := errors.New("damaged")
	_, absent := os.Open(filepath.Join(dir, "none"))
	for _, row := range []struct {
		path string
		err  error
		want string // behind the path
	}{
		{filepath.Join(dir, "none"), absent, ": no such file or directory"},
		{file("zip.h5", "PK\x03\x04"), damaged, ": got a zip archive, want an HDF5 file"},
		{
			file("page.h5", "<html>"), damaged,
			": got a web page, want the file itself: the page was saved in its place",
		},
		{filepath.Dir(file("saved/saved_model.pb", "x")), damaged,
			": got a SavedModel of TensorFlow, which is a folder, want an HDF5 file"},
		{dir, nil, ": got a folder, want an HDF5 file"},
		{file("text", "x"), nil, ": got another file, want an HDF5 file"},
	} {
		err := filekind.Explain(row.path, own, row.err)
		require.EqualError(t, err, row.path+row.want)
		if row.err != nil {
			require.ErrorIs(t, err, row.err)
		}
	}
	require.ErrorIs(t, filekind.Explain("none", own, absent), fs.ErrNotExist)
	require.Equal(t, damaged, filekind.Explain(file("own.h5", "\x89HDF\r\n\x1a\n"), own, damaged))
	require.Equal(t, damaged, filekind.Explain(file("other.h5", "x"), own, damaged))
	require.True(t, filekind.Is(file("own.h5", "\x89HDF\r\n\x1a\n"), "\x89HDF"))
	require.False(t, filekind.Is(dir, ""))
	require.False(t, filekind.Is(file("short", "P"), "PK"))
}
