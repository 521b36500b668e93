// Package atomicfile writes files and directories that appear whole or not at all.
//
// What is written goes to a temporary neighbour of the target, on the same file system, which takes the
// target's name only when all went well. A program that is killed leaves at worst a hidden neighbour named
// .NAME.tmp-..., never half of NAME.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// A File is being written. It must be ended by Commit, which gives it its name, or Abort.
type File struct {
	*os.File
	target string // the file to become
	temp   string // the file being written; empty when the target is written directly
	done   bool
}

// Create starts writing the file of that name. A symbolic link is followed. A target that is no regular file,
// such as a pipe or /dev/stdout, cannot be replaced and is written directly.
// The link is followed first: renaming over it would replace the link, and the file it names, perhaps on
// another disk, would stay old.
func Create(path string) (*File, error) {
	target, err := resolve(path)
	if err != nil {
		return nil, err
	}
	mode, direct, err := existing(target)
	if err != nil {
		return nil, err
	}
	if direct {
		file, err := os.OpenFile(target, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &File{File: file, target: target}, nil
	}
	temp := neighbour(target)
	// Exclusive, so that nothing is written through a link that somebody has put there.
	file, err := os.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, fmt.Errorf("create %q: %w", path, cause(err))
	}
	if mode != 0 {
		_ = file.Chmod(mode) // keeping the old file's mode is a courtesy
	}
	return &File{File: file, target: target, temp: temp}, nil
}

// cause strips the name of the temporary file from an error.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// resolve follows the symbolic links of an existing target.
func resolve(path string) (string, error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	return target, err
}

// existing tells the mode of an existing target, and whether it must be written directly.
func existing(target string) (mode fs.FileMode, direct bool, err error) {
	info, err := os.Stat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, false, nil
	case err != nil:
		return 0, false, err
	case info.IsDir():
		return 0, false, fmt.Errorf("write %q: is a directory, want a file", target)
	}
	return info.Mode().Perm(), !info.Mode().IsRegular(), nil
}

// neighbour makes up a hidden name beside target.
// Beside it, since renaming is atomic within one file system only, and /tmp is often another.
func neighbour(target string) string {
	name := fmt.Sprintf(".%s.tmp-%d-%08x", filepath.Base(target), os.Getpid(), rand.Uint32())
	return filepath.Join(filepath.Dir(target), name)
}

// Commit closes the file and gives it its name. On failure nothing is left of it.
func (f *File) Commit() error {
	if f.done {
		return fmt.Errorf("commit %q: it was committed or aborted before", f.target)
	}
	f.done = true
	err := f.Close()
	if f.temp == "" {
		return err
	}
	// The close comes first: on network file systems it is the call that reports a full disk.
	if err == nil {
		err = os.Rename(f.temp, f.target)
	}
	if err != nil {
		os.Remove(f.temp)
		return fmt.Errorf("write %q: %w", f.target, cause(err))
	}
	return nil
}

// Abort closes the file and removes it; after Commit it does nothing, so that it may be deferred.
func (f *File) Abort() {
	if f.done {
		return
	}
	f.done = true
	f.Close()
	if f.temp != "" {
		os.Remove(f.temp)
	}
}

// Write makes the named file of what write writes. When write fails the file stays as it was.
func Write(path string, write func(w io.Writer) error) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	defer f.Abort()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write %q: %w", path, cause(err))
	}
	return f.Commit()
}

// WriteDir makes the directory of that name of what write writes into the empty directory it is given. An
// existing directory is replaced as a whole, with everything in it. When write fails, or the process dies
// while it works, the directory stays as it was.
func WriteDir(path string, write func(dir string) error) error {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err == nil && !info.IsDir() {
		return fmt.Errorf("write %q: is a file, want a directory", path)
	}
	temp := neighbour(filepath.Clean(target))
	if err := os.Mkdir(temp, 0o777); err != nil {
		return fmt.Errorf("create %q: %w", path, cause(err))
	}
	defer os.RemoveAll(temp)
	if err := write(temp); err != nil {
		return err
	}
	return replaceDir(temp, target, info != nil)
}

// replaceDir renames temp to target. A directory can only replace an empty one, so that an existing target
// steps aside first, and comes back when the second renaming fails.
func replaceDir(temp, target string, exists bool) error {
	old := temp + "-old"
	if exists {
		if err := os.Rename(target, old); err != nil {
			return fmt.Errorf("replace %q: %w", target, err)
		}
	}
	if err := os.Rename(temp, target); err != nil {
		if exists {
			err = errors.Join(err, os.Rename(old, target))
		}
		return fmt.Errorf("write %q: %w", target, err)
	}
	if exists {
		return os.RemoveAll(old)
	}
	return nil
}
