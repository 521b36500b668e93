package atomicfile

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// tree makes a Tree of files that hold their own names.
func tree(paths ...string) Tree {
	t := Tree{Dirs: []string{"data"}}
	for _, p := range paths {
		t.Members = append(t.Members, Member{Path: p, Data: []byte(p)})
	}
	return t
}

func put(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
}

func TestTree(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x", "project")
	require.NoError(t, tree("a", "sub/b", "sub/c", "old/d").Write(t.Context(), dir))
	require.Equal(t, "a", contents(t, dir)["a"])
	require.Equal(t, "directory", contents(t, dir)["data"])
	require.Len(t, contents(t, filepath.Dir(dir)), 1, "nothing is left beside it")

	put(t, filepath.Join(dir, "sub", "mine"), "mine")
	put(t, filepath.Join(dir, "sub", "c"), "changed")
	require.NoError(t, tree("a", "sub/e").Write(t.Context(), dir))
	require.Equal(t, map[string]string{"mine": "mine", "c": "changed", "e": "sub/e"},
		contents(t, filepath.Join(dir, "sub")), "what was written before goes, what somebody wrote stays")
	require.Equal(t, []string{ListName, "a", "data", "sub"}, keys(t, dir))
}

func keys(t *testing.T, dir string) []string {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestTreeAllOrNothing wants the old tree after every failure before the renamings.
func TestTreeAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, tree("a", "b").Write(t.Context(), dir))
	before := contents(t, dir)

	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, tree("a", "c").Write(canceled, dir), context.Canceled)
	require.Equal(t, before, contents(t, dir))

	put(t, filepath.Join(dir, "taken", "x"), "x")
	require.ErrorContains(t, tree("c", "taken").Write(t.Context(), dir), `"taken": is a directory, want a file`)
	require.ErrorContains(t, tree("c", "a/d").Write(t.Context(), dir), `"a": is a file, want a directory`)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "taken")))
	require.Equal(t, before, contents(t, dir))

	require.ErrorContains(t, tree("x").Write(t.Context(), filepath.Join(dir, "a")),
		"is a file, want a directory")
}

// TestTreeStaysInside puts links into the folder that lead out of it.
func TestTreeStaysInside(t *testing.T) {
	out, dir := t.TempDir(), t.TempDir()
	put(t, filepath.Join(out, "victim"), "untouched")
	require.NoError(t, os.Symlink(out, filepath.Join(dir, "sub")))
	require.NoError(t, os.Symlink(filepath.Join(out, "victim"), filepath.Join(dir, "a")))
	require.ErrorContains(t, tree("a", "sub/victim").Write(t.Context(), dir), "escapes")
	require.NoError(t, tree("a").Write(t.Context(), dir), "the link itself is replaced")
	require.Equal(t, map[string]string{"victim": "untouched"}, contents(t, out))
	require.NoError(t, os.Remove(filepath.Join(dir, "sub")))
	require.Equal(t, "a", contents(t, dir)["a"])

	// A list that names what is outside removes nothing.
	sum := tree("a").list()
	put(t, filepath.Join(dir, ListName), string(sum)+"0000  ../../etc/passwd\nnonsense\n")
	require.NoError(t, tree("b").Write(t.Context(), dir))
	require.Equal(t, []string{ListName, "b", "data"}, keys(t, dir))
}

// TestTreeGoesOn finds what a killed process had ready, some of it in place.
func TestTreeGoesOn(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, tree("a", "b", "c").Write(t.Context(), dir))
	killed := tree("b", "d", "sub/e")
	require.NoError(t, killed.fill(t.Context(), filepath.Join(dir, readyName)))
	require.NoError(t, os.Rename(filepath.Join(dir, readyName, "b"), filepath.Join(dir, "b")))
	require.NoError(t, tree("f", "d").Write(t.Context(), dir))
	require.Equal(t, []string{ListName, "d", "data", "f"}, keys(t, dir))

	// What stops it half-way is named, and how to go on.
	require.NoError(t, tree("g").fill(t.Context(), filepath.Join(dir, readyName)))
	put(t, filepath.Join(dir, "g", "x"), "x")
	err := tree("h").Write(t.Context(), dir)
	require.ErrorContains(t, err, "got 0 of 1 files in place")
	require.ErrorContains(t, err, "run the command again")
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "g")))
	require.NoError(t, tree("h").Write(t.Context(), dir))
	require.Equal(t, []string{ListName, "data", "h"}, keys(t, dir))
}
