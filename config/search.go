package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Search finds the files that a configuration names. hls4ml takes their paths from the folder where its
// script runs, and configurations travel with their files from there to other folders and machines.
type Search struct {
	Dir    string   // of the configuration
	Beside []string // more folders where a file may lie that moved: those of others that belong to it
}

// File returns the path of a file that the configuration calls path. It is looked for from the
// configuration's folder, then from the working folder, and then by its base name alone beside the
// configuration and in the folders of Beside. The note, if not "", says what a reader of the configuration
// would not expect. Where there is none but a folder at a place that the path names, that is the answer: some
// networks are folders. Otherwise the error, an fs.ErrNotExist, lists all places.
func (s Search) File(path string) (found, note string, err error) {
	named, moved := s.places(path)
	places := append(slices.Clone(named), moved...)
	var tried []string
	folder := ""
	for i, place := range places {
		if reason, ok := at(place); !ok {
			tried = append(tried, fmt.Sprintf("%q%s", place, reason))
			if reason == isFolder && folder == "" && i < len(named) {
				folder = place
			}
			continue
		}
		if i >= len(named) {
			return place, fmt.Sprintf("got %q, which is not there: using %q", path, place), nil
		}
		for _, other := range named[i+1:] {
			if another(place, other) {
				note = fmt.Sprintf("using %q, as seen from the configuration; from the working folder there is "+
					"another, %q", place, other)
			}
		}
		return place, note, nil
	}
	if folder != "" {
		return folder, "", nil
	}
	return "", "", &notFound{
		fmt.Sprintf("got %q, want a file: there is none at %s", path, strings.Join(tried, ", ")),
	}
}

// notFound is an fs.ErrNotExist that says more than one place.
type notFound struct{ text string }

func (e *notFound) Error() string { return e.text }

// Is makes errors.Is find fs.ErrNotExist.
func (e *notFound) Is(target error) bool { return target == fs.ErrNotExist }

// places lists where a file may be: those that its path names, and those of its base name, which it has when
// it was moved. Each stands once.
func (s Search) places(path string) (named, moved []string) {
	add := func(list []string, place string) []string {
		if slices.Contains(named, place) || slices.Contains(list, place) {
			return list
		}
		return append(list, place)
	}
	forms := spellings(path)
	for _, form := range forms {
		if !drive.MatchString(form) || filepath.IsAbs(form) {
			named = add(named, RelativeTo(s.Dir, form))
		}
	}
	for _, form := range forms {
		if !drive.MatchString(form) {
			named = add(named, filepath.Clean(form))
		}
	}
	base := filepath.Base(filepath.FromSlash(forms[len(forms)-1]))
	if base == "." || base == ".." || base == string(filepath.Separator) {
		return named, nil
	}
	for _, dir := range append([]string{s.Dir}, s.Beside...) {
		moved = add(moved, filepath.Join(dir, base))
	}
	return named, moved
}

// drive begins the absolute paths of Windows, of which other systems know nothing.
var drive = regexp.MustCompile(`^[A-Za-z]:[/\\]`)

// spellings lists the forms of a path: as it stands, with the home folder in the place of its names in
// shells, and, last, with slashes for the backslashes of Windows.
func spellings(path string) []string {
	list := []string{path}
	if home, err := os.UserHomeDir(); err == nil {
		for _, name := range []string{"~", "$HOME", "${HOME}"} {
			if rest, ok := strings.CutPrefix(path, name); ok && strings.HasPrefix(rest, "/") {
				list = append(list, home+rest)
			}
		}
	}
	if strings.Contains(path, `\`) {
		list = append(list, strings.ReplaceAll(path, `\`, "/"))
	}
	return list
}

const isFolder = " (a folder)"

// at looks for a file at a place. Where there is something else, or nobody may look, the reason says so;
// plain absence is what the list of places says by itself.
func at(place string) (reason string, ok bool) {
	info, err := os.Stat(place)
	var p *fs.PathError
	switch {
	case err == nil && info.IsDir():
		return isFolder, false
	case err == nil:
		return "", true
	case errors.Is(err, fs.ErrNotExist):
		return "", false
	case errors.As(err, &p):
		err = p.Err
	}
	return " (" + err.Error() + ")", false
}

// another reports whether two places hold files of which the contents differ. Copies are no news to anybody,
// and what is no regular file is not read.
func another(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	if errA != nil || errB != nil || y.IsDir() || os.SameFile(x, y) {
		return false
	}
	return x.Size() != y.Size() || !x.Mode().IsRegular() || !y.Mode().IsRegular() || !equalFiles(a, b)
}

// equalFiles compares the contents of two files, piece by piece, since models can be large.
func equalFiles(a, b string) bool {
	x, errA := os.Open(a)
	if errA != nil {
		return false
	}
	defer x.Close()
	y, errB := os.Open(b)
	if errB != nil {
		return false
	}
	defer y.Close()
	const piece = 1 << 16
	p, q := make([]byte, piece), make([]byte, piece)
	for {
		n, errA := io.ReadFull(x, p)
		m, errB := io.ReadFull(y, q)
		if !bytes.Equal(p[:n], q[:m]) {
			return false
		}
		if errA != nil || errB != nil {
			return ended(errA) && ended(errB)
		}
	}
}

// ended reports whether a file was read to its end.
func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
