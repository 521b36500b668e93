package atomicfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A Member is one file of a Tree.
type Member struct {
	Path string // below the folder, with slashes
	Data []byte
	Exec bool // may be run
}

// A Tree is a set of files that come into a folder together: a folder that was not there appears with all of
// them; in one that was there they replace those of the same names and those of the tree before, and whatever
// else is there stays.
type Tree struct {
	Members []Member
	Dirs    []string // folders to be there even when they hold no file
	// List is the file in the folder that lists the others with their SHA-256, as sha256sum writes it. By it
	// the next tree with that list knows which files it may remove: those that have not been changed since.
	// Trees of several lists may share a folder; "": none, nothing is removed.
	List string
	// New wants none of its files to be there: the first that is there is an ExistsError.
	New bool
}

// ProjectList and PicturesList are the lists of trees; listName knows them.
const (
	ProjectList  = ".hlsgo.sha256"
	PicturesList = ".hlsgo-pictures.sha256"
)

// listName reports whether a file of that name is a list: who goes on with a tree does not know whose it is.
func listName(name string) bool { return name == ProjectList || name == PicturesList }

// ExistsError says that a tree with New found a file of its own.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string {
	return fmt.Sprintf("file %s: got one that exists, want a new folder", e.Path)
}

// Is makes it an fs.ErrExist.
func (e *ExistsError) Is(target error) bool { return target == fs.ErrExist }

// readyName is the folder in which the files of a tree wait, all of them written, for the renaming that puts
// them in their places. Nobody sees it unless a process is killed between two renamings: then it is found by
// the next Write, which goes on.
const readyName = ".hlsgo-ready"

// Write writes the tree into dir, and gives other files, which it ends in any case, their names together with
// it. Until everything is on the disk nothing changes, nor when ctx is canceled before; symbolic links in dir
// are not followed out of it.
func (t Tree) Write(ctx context.Context, dir string, with ...*File) error {
	err := t.write(ctx, dir, with)
	for _, f := range with {
		f.Abort() // of those that have their names it does nothing
	}
	return err
}

func (t Tree) write(ctx context.Context, dir string, with []*File) error {
	target, err := resolve(filepath.Clean(dir))
	if err != nil {
		return fmt.Errorf("write %q: %w", dir, err)
	}
	entries, err := os.ReadDir(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
			return err
		}
		return t.writeNew(ctx, target, with)
	case err != nil:
		if info, stat := os.Stat(target); stat == nil && !info.IsDir() {
			return fmt.Errorf("write %q: is a file, want a directory", dir)
		}
		return err
	case slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == readyName }):
		if err := goOn(target); err != nil {
			return err
		}
		if t.there(target) {
			return CommitAll(with...) // what was killed was this
		}
	}
	return t.replace(ctx, target, with)
}

// there reports whether all files are there as they should be, but for the list.
func (t Tree) there(target string) bool {
	root, err := os.OpenRoot(target)
	if err != nil {
		return false
	}
	defer root.Close()
	return !slices.ContainsFunc(t.Members, func(m Member) bool { return sumOf(root, m.Path) != m.sum() })
}

// writeNew makes a folder that is not there: one renaming puts it in place.
func (t Tree) writeNew(ctx context.Context, target string, with []*File) error {
	return t.stage(ctx, target, target, with, func(temp string) error {
		if err := os.Rename(temp, target); err != nil {
			return fmt.Errorf("write %q: %w", target, cause(err))
		}
		return nil
	})
}

// stage writes the tree to a temporary folder near a path and lets put bring it to its place. No interrupt
// comes between the last look at ctx and the end of put: it waits for pending.
func (t Tree) stage(
	ctx context.Context, target, near string, with []*File, put func(temp string) error,
) error {
	temp, remove, err := TempDir(near)
	if err != nil {
		return err
	}
	defer remove()
	if err := t.fill(ctx, temp); err != nil {
		return fmt.Errorf("write %q: %w", target, cause(err))
	}
	if err := closeAll(with); err != nil {
		return err
	}
	pending.Lock()
	defer pending.Unlock()
	err = ctx.Err()
	if err == nil {
		err = put(temp)
	}
	if err != nil {
		for _, f := range with {
			f.remove()
		}
		return err
	}
	return renameAll(with)
}

// fill writes all files below a folder that nobody else uses.
func (t Tree) fill(ctx context.Context, dir string) error {
	for _, d := range t.Dirs {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(d)), 0o777); err != nil {
			return err
		}
	}
	members := t.Members
	if t.List != "" {
		members = append(slices.Clone(members), Member{Path: t.List, Data: t.list()})
	}
	for _, m := range members {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := filepath.Join(dir, filepath.FromSlash(m.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		mode := fs.FileMode(0o666)
		if m.Exec {
			mode = 0o777
		}
		if err := os.WriteFile(name, m.Data, mode); err != nil {
			return fmt.Errorf("%s: %w", m.Path, cause(err))
		}
	}
	return nil
}

// list is the text of List.
func (t Tree) list() []byte {
	var b bytes.Buffer
	for _, m := range t.Members {
		fmt.Fprintf(&b, "%s  %s\n", m.sum(), m.Path)
	}
	return b.Bytes()
}

// sum is the SHA-256 of the file.
func (m Member) sum() string {
	sum := sha256.Sum256(m.Data)
	return hex.EncodeToString(sum[:])
}

// replace brings the tree into a folder that is there. The folder itself stays: it may be the working
// directory of somebody, and holds files that are not ours.
func (t Tree) replace(ctx context.Context, target string, with []*File) error {
	root, err := os.OpenRoot(target)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := t.fits(root, target); err != nil {
		return err
	}
	near, beside := filepath.Join(target, "hlsgo"), canExchange(target)
	if beside {
		near = target
	}
	sweep(target) // what an exchange left that was killed
	return t.stage(ctx, target, near, with, func(temp string) error {
		if beside {
			if done, err := t.exchangeWith(temp, target); done {
				return err
			}
		}
		if err := os.Rename(temp, filepath.Join(target, readyName)); err != nil {
			return fmt.Errorf("write %q: %w", target, cause(err))
		}
		return settle(root, target)
	})
}

// fits finds what would stop the renamings half-way: folders where files should be, files where folders
// should be, and links that lead out.
func (t Tree) fits(root *os.Root, target string) error {
	for _, m := range t.Members {
		for d := path.Dir(m.Path); d != "."; d = path.Dir(d) {
			info, err := root.Stat(d)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				return fmt.Errorf("write %q: folder %q: %w, want one inside", target, d, cause(err))
			case !info.IsDir():
				return fmt.Errorf("write %q: %q: is a file, want a directory", target, d)
			}
		}
		switch info, err := root.Lstat(m.Path); {
		case err != nil:
		case t.New:
			return &ExistsError{filepath.Join(target, filepath.FromSlash(m.Path))}
		case info.IsDir():
			return fmt.Errorf("write %q: %q: is a directory, want a file", target, m.Path)
		}
	}
	return nil
}

// goOn puts in place what a killed process had ready.
func goOn(target string) error {
	root, err := os.OpenRoot(target)
	if err != nil {
		return err
	}
	defer root.Close()
	pending.Lock()
	defer pending.Unlock()
	return settle(root, target)
}

// settle moves what is ready to its places, removes what the tree before had and this one has not, and last
// the list, which until then is that of the tree before: however often it is begun, it can be begun again.
func settle(root *os.Root, target string) error {
	files, dirs, lists, err := ready(root)
	if err != nil {
		return fmt.Errorf("write %q: %w", target, cause(err))
	}
	for _, d := range dirs {
		if err := root.MkdirAll(d, 0o777); err != nil {
			return halfWay(target, 0, len(files), err)
		}
	}
	for i, name := range files {
		if err := root.Rename(path.Join(readyName, name), name); err != nil {
			return halfWay(target, i, len(files), err)
		}
	}
	for _, list := range lists {
		fresh, err := root.ReadFile(path.Join(readyName, list))
		if err == nil {
			if old, err := root.ReadFile(list); err == nil {
				removeStale(root, old, fresh)
			}
			err = root.Rename(path.Join(readyName, list), list)
		}
		if err != nil {
			return halfWay(target, len(files), len(files)+1, err)
		}
	}
	return root.RemoveAll(readyName)
}

// halfWay is the error of a tree that is in place in part.
func halfWay(target string, done, all int, err error) error {
	return fmt.Errorf("write %q: got %d of %d files in place: %w; the others wait in %s: mend this and run the "+
		"command again", target, done, all, cause(err), filepath.Join(target, readyName))
}

// ready lists what waits, and apart from it the list.
func ready(root *os.Root) (files, dirs, lists []string, err error) {
	err = fs.WalkDir(root.FS(), readyName, func(name string, d fs.DirEntry, err error) error {
		rel := strings.TrimPrefix(strings.TrimPrefix(name, readyName), "/")
		switch {
		case err != nil || rel == "":
			return err
		case listName(rel):
			lists = append(lists, rel)
		case d.IsDir():
			dirs = append(dirs, rel)
		default:
			files = append(files, rel)
		}
		return nil
	})
	return files, dirs, lists, err
}

// removeStale removes the files of the old list that are not in the fresh one, unless somebody has changed
// them, and the folders that this empties.
func removeStale(root *os.Root, old, fresh []byte) {
	keep := sums(fresh)
	for name, sum := range sums(old) {
		if _, ok := keep[name]; ok || sumOf(root, name) != sum {
			continue
		}
		for at := name; at != "." && root.Remove(at) == nil; {
			at = path.Dir(at)
		}
	}
}

// sums reads a list; lines that are none are passed over.
func sums(list []byte) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(string(list)) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if ok && fs.ValidPath(name) {
			out[name] = sum
		}
	}
	return out
}

// sumOf is the SHA-256 of a regular file, "" of anything else.
func sumOf(root *os.Root, name string) string {
	if info, err := root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	f, err := root.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
