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
	t := Tree{Dirs: []string{"data"}, List: ProjectList}
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
	require.Equal(t, []string{ProjectList, "a", "data", "sub"}, keys(t, dir))
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
	put(t, filepath.Join(dir, ProjectList), string(sum)+"0000  ../../etc/passwd\nnonsense\n")
	require.NoError(t, tree("b").Write(t.Context(), dir))
	require.Equal(t, []string{ProjectList, "b", "data"}, keys(t, dir))
}

// TestTreeGoesOn finds what a killed process had ready, some of it in place.
func TestTreeGoesOn(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, tree("a", "b", "c").Write(t.Context(), dir))
	killed := tree("b", "d", "sub/e")
	require.NoError(t, killed.fill(t.Context(), filepath.Join(dir, readyName)))
	require.NoError(t, os.Rename(filepath.Join(dir, readyName, "b"), filepath.Join(dir, "b")))
	require.NoError(t, tree("f", "d").Write(t.Context(), dir))
	require.Equal(t, []string{ProjectList, "d", "data", "f"}, keys(t, dir))

	// What stops it half-way is named, and how to go on.
	require.NoError(t, tree("g").fill(t.Context(), filepath.Join(dir, readyName)))
	put(t, filepath.Join(dir, "g", "x"), "x")
	err := tree("h").Write(t.Context(), dir)
	require.ErrorContains(t, err, "got 0 of 1 files in place")
	require.ErrorContains(t, err, "run the command again")
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "g")))
	require.NoError(t, tree("h").Write(t.Context(), dir))
	require.Equal(t, []string{ProjectList, "data", "h"}, keys(t, dir))
}

// TestTreesShareAFolder by lists of their own: none removes what another wrote.
func TestTreesShareAFolder(t *testing.T) {
	dir := t.TempDir()
	pictures, unlisted := tree("p", "q"), tree("u")
	pictures.List, unlisted.List = PicturesList, ""
	require.NoError(t, tree("a", "b").Write(t.Context(), dir))
	require.NoError(t, pictures.Write(t.Context(), dir))
	require.NoError(t, unlisted.Write(t.Context(), dir))
	pictures.Members = pictures.Members[:1]
	require.NoError(t, pictures.Write(t.Context(), dir))
	require.NoError(t, tree("a").Write(t.Context(), dir))
	require.Equal(t, []string{PicturesList, ProjectList, "a", "data", "p", "u"}, keys(t, dir))

	// What one was killed with is put in place by the other.
	pictures = tree("r")
	pictures.List = PicturesList
	require.NoError(t, pictures.fill(t.Context(), filepath.Join(dir, readyName)))
	require.NoError(t, tree("a", "c").Write(t.Context(), dir))
	require.Equal(t, []string{PicturesList, ProjectList, "a", "c", "data", "r", "u"}, keys(t, dir))
}

// TestNewTree replaces nothing, and goes on with what a killed process had ready.
func TestNewTree(t *testing.T) {
	dir := t.TempDir()
	fresh := Tree{Members: tree("a", "b").Members, New: true}
	put(t, filepath.Join(dir, "b"), "mine")
	err := fresh.Write(t.Context(), dir)
	require.ErrorIs(t, err, os.ErrExist)
	require.EqualError(t, err, "file "+filepath.Join(dir, "b")+": got one that exists, want a new folder")
	require.Equal(t, map[string]string{"b": "mine"}, contents(t, dir))

	require.NoError(t, os.Remove(filepath.Join(dir, "b")))
	require.NoError(t, fresh.fill(t.Context(), filepath.Join(dir, readyName)))
	require.NoError(t, os.Rename(filepath.Join(dir, readyName, "a"), filepath.Join(dir, "a")))
	require.NoError(t, fresh.Write(t.Context(), dir))
	require.Equal(t, map[string]string{"a": "a", "b": "b"}, contents(t, dir))
	require.ErrorIs(t, fresh.Write(t.Context(), dir), os.ErrExist)
}

// TestTreeWithFiles names files together with the tree, or removes them.
func TestTreeWithFiles(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "project")
	archive := func(s string) *File {
		f, err := Prepare(dir+".tar", text(s))
		require.NoError(t, err)
		return f
	}
	require.NoError(t, tree("a").Write(t.Context(), dir, archive("one")))
	want := map[string]string{"project": "directory", "project.tar": "one"}
	require.Equal(t, want, contents(t, top))

	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, tree("b").Write(canceled, dir, archive("two")), context.Canceled)
	require.Equal(t, want, contents(t, top))
	put(t, filepath.Join(dir, "c", "x"), "x")
	require.Error(t, tree("c").Write(t.Context(), dir, archive("three")))
	require.Equal(t, want, contents(t, top))
	require.NoError(t, tree("b").Write(t.Context(), dir, archive("four")))
	require.Equal(t, "four", contents(t, top)["project.tar"])
}

// FuzzList reads arbitrary lists: by none goes a file that the list does not have as it is, or one outside.
func FuzzList(f *testing.F) {
	sum := Member{Data: []byte("a")}.sum()
	for _, s := range []string{
		sum + "  a\n", sum + "  sub/a\n", sum + "  ../a\n", "0  a\n", sum + "  link/a\n", "  a\n",
		sum + "  a/../a\n",
	} {
		f.Add([]byte(s))
	}
	top, err := os.MkdirTemp(inMemory(), "hlsgo-list-")
	require.NoError(f, err)
	f.Cleanup(func() { require.NoError(f, os.RemoveAll(top)) })
	dir := filepath.Join(top, "dir")
	files := []string{"a", "sub/a", "b"}
	for _, d := range []string{"", "dir", "dir/sub"} {
		require.NoError(f, os.MkdirAll(filepath.Join(top, d), 0o777))
		require.NoError(f, os.WriteFile(filepath.Join(top, d, "a"), []byte("a"), 0o666))
	}
	require.NoError(f, os.WriteFile(filepath.Join(dir, "b"), []byte("b"), 0o666))
	require.NoError(f, os.Symlink("..", filepath.Join(dir, "link")))
	root, err := os.OpenRoot(dir)
	require.NoError(f, err)
	f.Cleanup(func() { root.Close() })
	f.Fuzz(func(t *testing.T, list []byte) {
		removeStale(root, list, nil)
		for _, name := range files {
			if _, err := root.Stat(name); err == nil {
				continue
			}
			require.Contains(t, string(list), sum+"  "+name, "gone")
			require.NotEqual(t, "b", name)
			require.NoError(t, root.MkdirAll("sub", 0o777))
			require.NoError(t, root.WriteFile(name, []byte("a"), 0o666))
		}
		require.FileExists(t, filepath.Join(top, "a"))
		_, err = root.Lstat("link")
		require.NoError(t, err)
	})
}

// inMemory is a folder that no disk has to keep up with, where there is one.
func inMemory() string {
	const shm = "/dev/shm"
	if i, err := os.Stat(shm); err == nil && i.IsDir() {
		return shm
	}
	return ""
}
