// Package openfile opens files to read without waiting for ever: the name that somebody gives may be that of
// a pipe which nobody writes, a device or a folder.
package openfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// writerWait is how long a pipe may be without a writer.
const writerWait = 3 * time.Second

// Regular opens a file whose size tells how much there is to read. What is none is refused by name, before it
// is opened: opening a pipe waits, and opening some devices does something.
func Regular(path string) (*os.File, fs.FileInfo, error) {
	info, err := stat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s: not a regular file: got %s", path, kindOf(info))
	}
	return open(path)
}

// Data opens what can be read from front to back: a regular file, a pipe that has a writer, or a device; "-"
// is standard input. Of what is not regular the end is known only when it comes.
func Data(path string) (*os.File, fs.FileInfo, error) {
	if path == "-" {
		info, err := os.Stdin.Stat()
		return os.Stdin, info, err
	}
	info, err := stat(path)
	switch {
	case err != nil:
		return nil, nil, err
	case info.IsDir() || info.Mode()&fs.ModeSocket != 0:
		return nil, nil, fmt.Errorf("%s: got %s, want a file or a pipe", path, kindOf(info))
	case info.Mode()&fs.ModeNamedPipe != 0:
		return pipe(path)
	}
	return open(path)
}

// stat is os.Stat with an error that names the file and no call of the system.
func stat(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	return info, plain(err)
}

func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

func open(path string) (*os.File, fs.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, plain(err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// pipe waits a while for a writer. Opening cannot be ended from outside; a writer of our own that comes and
// goes lets it return.
func pipe(path string) (*os.File, fs.FileInfo, error) {
	type opened struct {
		file *os.File
		info fs.FileInfo
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		f, info, err := open(path)
		done <- opened{f, info, err}
	}()
	select {
	case o := <-done:
		return o.file, o.info, o.err
	case <-time.After(writerWait):
	}
	release(path)
	go func() {
		if o := <-done; o.file != nil {
			o.file.Close()
		}
	}()
	return nil, nil, fmt.Errorf("%s: pipe: got no writer within %v, want one", path, writerWait)
}

// kindOf says what a file is that is not regular.
func kindOf(info fs.FileInfo) string {
	switch m := info.Mode(); {
	case m.IsDir():
		return "a directory"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
