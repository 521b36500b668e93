// Package atomicfile writes files, and folders of files, that appear whole or not at all.
//
// What is written goes to a temporary neighbour of the target, on the same file system, which takes the
// target's name only when all went well. A program that is killed leaves at worst a hidden neighbour named
// .NAME.tmp-..., never half of NAME, and the next that writes NAME removes it.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A File is being written. It must be ended by Commit, which gives it its name, or Abort.
type File struct {
	*os.File
	target string     // the file to become
	temp   *temporary // nil when the target is written directly
	done   bool
}

// Stdout is the path that stands for standard output. Whatever a shell has put behind it, a file that others
// write too among them, is written as a stream.
const Stdout = "-"

// Create starts writing the file of that name. A symbolic link is followed. A target that is no regular file,
// such as a pipe or /dev/stdout, cannot be replaced and is written directly.
// The link is followed first: renaming over it would replace the link, and the file it names, perhaps on
// another disk, would stay old.
func Create(path string) (*File, error) {
	if path == Stdout {
		return &File{File: os.Stdout, target: path}, nil
	}
	target, err := resolve(path)
	if err != nil {
		return nil, fmt.Errorf("create %q: %w", path, err)
	}
	mode, direct, err := existing(target)
	if err != nil {
		return nil, fmt.Errorf("create %q: %w", path, cause(err))
	}
	if direct {
		file, err := openDirect(target)
		if err != nil {
			return nil, err
		}
		return &File{File: file, target: target}, nil
	}
	t, err := newTemporary(target, createFile)
	if err != nil {
		return nil, err
	}
	if mode != 0 {
		_ = t.file.Chmod(mode) // keeping the old file's mode is a courtesy
	}
	return &File{File: t.file, target: target, temp: t}, nil
}

// readerWait is how long a pipe may be without a reader.
const readerWait = 2 * time.Second

// openDirect opens what is no regular file. A pipe that nobody reads would keep an ordinary open for ever.
func openDirect(target string) (*os.File, error) {
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		f, err := os.OpenFile(target, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil || !errors.Is(err, syscall.ENXIO) {
			return f, err
		}
		if time.Since(begin) > readerWait {
			return nil, fmt.Errorf("write %q: pipe: got no reader within %v, want one", target, readerWait)
		}
	}
}

// Direct reports whether the target is no regular file: it is a stream, and cannot be sought.
func (f *File) Direct() bool { return f.temp == nil }

// cause strips the name of the temporary file from an error.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

// resolve follows the symbolic links of an existing target. Its errors name no path: that of too many links
// has none, and callers say which they wanted.
func resolve(path string) (string, error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	var system syscall.Errno
	if err != nil && !errors.As(err, &system) { // the library's own error
		return "", errors.New("too many symbolic links")
	}
	if err != nil {
		return "", cause(err)
	}
	return target, nil
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
		return 0, false, errors.New("is a directory, want a file")
	}
	return info.Mode().Perm(), !info.Mode().IsRegular(), nil
}

// Write implements io.Writer; errors name the target, not its temporary.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.File.Write(p)
	if err != nil {
		err = fmt.Errorf("write %q: %w", f.target, cause(err))
	}
	return n, err
}

// Commit closes the file and gives it its name. On failure nothing is left of it.
func (f *File) Commit() error { return CommitAll(f) }

// Abort closes the file and removes it; after Commit it does nothing, so that it may be deferred.
func (f *File) Abort() {
	if f.done {
		return
	}
	f.done = true
	f.Close()
	f.discard()
}

func (f *File) discard() {
	if f.temp != nil {
		os.Remove(f.temp.path)
		f.temp.forget()
	}
}

// CommitAll gives several files their names, all of them or none as far as the file system allows: what takes
// room on the disk is done for all before the first is renamed, and an interrupt waits for the last. If a
// renaming fails all the same the error lists the files that are new.
func CommitAll(files ...*File) error {
	for _, f := range files {
		if f.done {
			return fmt.Errorf("commit %q: it was committed or aborted before", f.target)
		}
	}
	if err := closeAll(files); err != nil {
		return err
	}
	pending.Lock()
	defer pending.Unlock()
	return renameAll(files)
}

// renameAll gives closed files their names for a process that holds pending.
func renameAll(files []*File) error {
	var renamed []string
	for i, f := range files {
		if f.temp == nil {
			continue
		}
		if err := os.Rename(f.temp.path, f.target); err != nil {
			for _, left := range files[i:] {
				left.remove()
			}
			return fmt.Errorf("write %q: %w%s", f.target, cause(err), newFiles(renamed))
		}
		delete(pending.paths, f.temp.path)
		renamed = append(renamed, f.target)
	}
	return nil
}

// closeAll closes the files; if one fails none is left. On network file systems it is the closing that
// reports a full disk.
func closeAll(files []*File) error {
	var failed error
	for _, f := range files {
		f.done = true
		if err := f.Close(); err != nil && failed == nil {
			failed = fmt.Errorf("write %q: %w", f.target, cause(err))
		}
	}
	if failed != nil {
		for _, f := range files {
			f.discard()
		}
	}
	return failed
}

// remove takes a temporary away whose process holds pending already.
func (f *File) remove() {
	if f.temp != nil {
		os.Remove(f.temp.path)
		delete(pending.paths, f.temp.path)
	}
}

// newFiles tells which files of a set are there already.
func newFiles(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; new are already " + strings.Join(names, ", ")
}

// Write makes the named file of what write writes. When write fails the file stays as it was.
func Write(path string, write func(w io.Writer) error) error {
	f, err := Prepare(path, write)
	if err != nil {
		return err
	}
	return f.Commit()
}

// Prepare writes a file that Commit or CommitAll will give its name.
func Prepare(path string, write func(w io.Writer) error) (*File, error) {
	f, err := Create(path)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		f.Abort()
		return nil, err
	}
	if err := w.Flush(); err != nil {
		f.Abort()
		return nil, err
	}
	return f, nil
}
