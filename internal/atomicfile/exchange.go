package atomicfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Where a folder holds nothing but the tree before, the new one can take its place by a single renaming,
// which leaves no moment at which both are mixed. What may not be lost by that is looked at twice: files of
// others before it, to leave the folder alone, and those that came meanwhile after it, to bring them over.

// exchangeWith puts the tree in temp in the place of target, which comes to temp. When that is not done,
// nothing has changed.
func (t Tree) exchangeWith(temp, target string) (done bool, err error) {
	known := t.knownIn(target)
	if !onlyKnown(temp, target, known) || exchange(temp, target) != nil {
		return false, nil
	}
	if err := rescue(temp, target, known); err != nil {
		return true, fmt.Errorf("write %q: what came into the folder meanwhile: %w", target, cause(err))
	}
	return true, nil
}

// knownIn returns what tells, of a path in a folder, whether it is of this tree or, unchanged, of the one
// before.
func (t Tree) knownIn(dir string) func(root *os.Root, path string) bool {
	known := map[string]bool{t.List: true}
	for _, m := range t.Members {
		known[m.Path] = true
	}
	old := map[string]string{}
	if text, err := os.ReadFile(filepath.Join(dir, t.List)); t.List != "" && err == nil {
		old = sums(text)
	}
	return func(root *os.Root, path string) bool {
		return known[path] || old[path] != "" && sumOf(root, path) == old[path]
	}
}

// onlyKnown reports whether all that target holds is known, in folders that are the same in temp.
func onlyKnown(temp, target string, known func(*os.Root, string) bool) bool {
	root, err := os.OpenRoot(target)
	if err != nil {
		return false
	}
	defer root.Close()
	errOther := fs.ErrExist
	return nil == fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		at := filepath.FromSlash(path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && !sameFolder(filepath.Join(temp, at), filepath.Join(target, at)),
			!d.IsDir() && (!d.Type().IsRegular() || !known(root, path)):
			return errOther
		}
		return nil
	})
}

// rescue brings files of others that are in the folder which has given way over to the one that has come.
func rescue(old, target string, known func(*os.Root, string) bool) error {
	root, err := os.OpenRoot(old)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		at := filepath.FromSlash(path)
		to := filepath.Join(target, at)
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(to, 0o777)
		case d.Type().IsRegular() && known(root, path):
			return nil
		}
		return os.Rename(filepath.Join(old, at), to)
	})
}
