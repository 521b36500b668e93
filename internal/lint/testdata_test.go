package lint_test

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "replace files of testdata that are there twice by links")

// smallest is the size from which on a file of testdata may not be there twice. A link takes a block of the
// disk too, and to see what is in a small file is worth more.
const smallest = 256

// fixtures calls f with every file below a folder testdata, links among them.
func fixtures(t *testing.T, f func(name string, info fs.FileInfo)) {
	t.Helper()
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		name := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(p, root), string(filepath.Separator)))
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "fuzz"): // what fuzzing found on this machine
			return filepath.SkipDir
		case d.IsDir() || !strings.Contains("/"+name, "/testdata/"):
			return nil
		}
		info, err := d.Info()
		if err == nil {
			f(name, info)
		}
		return err
	}))
}

// TestFixturesAreStoredOnce finds files of testdata with equal content. One of them is to be the file and the
// others links to it; with -update they become that.
func TestFixturesAreStoredOnce(t *testing.T) {
	equal := map[[sha256.Size]byte][]string{}
	fixtures(t, func(name string, info fs.FileInfo) {
		if info.Mode()&fs.ModeSymlink != 0 {
			checkLink(t, name)
			return
		}
		if info.Size() > smallest {
			data, err := os.ReadFile(filepath.Join("..", "..", name))
			require.NoError(t, err)
			hash := sha256.Sum256(data)
			equal[hash] = append(equal[hash], name)
		}
	})
	for _, names := range equal {
		if len(names) == 1 {
			continue
		}
		slices.SortFunc(names, byPlace)
		if !*update {
			t.Errorf("%s: equal to %s: run this test with -update", strings.Join(names[1:], ", "), names[0])
			continue
		}
		for _, name := range names[1:] {
			replaceByLink(t, name, names[0])
		}
	}
}

// byPlace puts recorded cases first, which other folders borrow from.
func byPlace(a, b string) int {
	rank := func(name string) int {
		if strings.HasPrefix(name, "testdata/oracle/") {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

// checkLink wants a link to lead to a file of testdata at once, by a path that holds wherever the repository
// stands.
func checkLink(t *testing.T, name string) {
	t.Helper()
	target, err := os.Readlink(filepath.Join("..", "..", name))
	require.NoError(t, err)
	assert.False(t, filepath.IsAbs(target), "%s: links to %s: want a relative path", name, target)
	to := path.Join(path.Dir(name), filepath.ToSlash(target))
	inside := strings.HasPrefix(to, "testdata/") || strings.Contains(to, "/testdata/")
	assert.True(t, inside && !strings.HasPrefix(to, "../"), "%s: links to %s: want a file of testdata", name, to)
	info, err := os.Lstat(filepath.Join("..", "..", to))
	if assert.NoError(t, err, name) {
		assert.True(t, info.Mode().IsRegular(), "%s: links to %s: want a file, not a link", name, to)
	}
}

func replaceByLink(t *testing.T, name, to string) {
	t.Helper()
	target, err := filepath.Rel(path.Dir(name), to)
	require.NoError(t, err)
	file := filepath.Join("..", "..", name)
	require.NoError(t, os.Remove(file))
	require.NoError(t, os.Symlink(target, file))
	t.Logf("%s: now a link to %s", name, to)
}

var (
	describedFolder = regexp.MustCompile("(?m)^\\| `([^`]*testdata[^`]*)` \\|")
	describedScript = regexp.MustCompile("`([\\w./]+/[\\w.]+\\.(?:py|c|go|sh))`")
)

// TestTestdataIsDescribed finds every folder of testdata in the table of testdata/README.md, and every script
// that the page names.
func TestTestdataIsDescribed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "README.md"))
	require.NoError(t, err)
	used := map[string]bool{}
	for _, m := range describedFolder.FindAllSubmatch(text, -1) {
		used[string(m[1])] = false
	}
	missing := map[string]bool{}
	fixtures(t, func(name string, _ fs.FileInfo) {
		dir, found := path.Dir(name), false
		for pattern := range used {
			if ok, err := path.Match(pattern, dir); err == nil && ok {
				used[pattern], found = true, true
			}
		}
		if !found {
			missing[dir] = true
		}
	})
	assert.Empty(t, missing, "folders that testdata/README.md does not describe")
	for pattern, ok := range used {
		assert.True(t, ok, "testdata/README.md describes %s, where no file is", pattern)
	}
	scripts := describedScript.FindAllSubmatch(text, -1)
	assert.NotEmpty(t, scripts)
	for _, m := range scripts {
		_, err := os.Stat(filepath.Join("..", "..", string(m[1])))
		assert.NoError(t, err, "testdata/README.md names the script %s", m[1])
	}
	fixtures(t, func(name string, _ fs.FileInfo) { // scripts that nobody would find
		if path.Ext(name) == ".py" {
			assert.True(t, bytes.Contains(text, []byte("`"+name+"`")), "testdata/README.md does not name %s", name)
		}
	})
}
