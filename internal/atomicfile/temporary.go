package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// A temporary is a file or folder that has not got its name yet. While it is open its process holds a lock on
// it, which the system takes back when the process ends, however it ends: a temporary that can be locked is
// nobody's any more.
type temporary struct {
	path string
	file *os.File // holds the lock; of a folder nil where folders cannot be opened
}

// pending are the temporaries of this process. They belong to the process as its open files do, so there is
// one set of them: an interrupt that cannot wait for the work to notice removes them all.
var pending struct {
	sync.Mutex
	paths map[string]bool
}

// Abandon removes every temporary that is being written: the work goes on to nothing, because its process is
// about to end. What is being committed is committed first.
func Abandon() {
	pending.Lock()
	defer pending.Unlock()
	for path := range pending.paths {
		_ = os.RemoveAll(path)
	}
	clear(pending.paths)
}

func (t *temporary) remember() {
	pending.Lock()
	defer pending.Unlock()
	if pending.paths == nil {
		pending.paths = map[string]bool{}
	}
	pending.paths[t.path] = true
}

func (t *temporary) forget() {
	pending.Lock()
	defer pending.Unlock()
	delete(pending.paths, t.path)
}

// attempts bounds how often a new temporary may be swept away between its making and its locking.
const attempts = 100

// newTemporary makes a hidden neighbour of target with the function that makes it, and sweeps away those that
// earlier runs left for the same target.
func newTemporary(target string, create func(path string) (*os.File, error)) (*temporary, error) {
	sweep(target)
	for range attempts {
		t := &temporary{path: neighbour(target)}
		var err error
		t.file, err = create(t.path)
		if errors.Is(err, errSwept) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("create %q: %w", target, cause(err))
		}
		lock(t.file)
		if t.there() {
			t.remember()
			return t, nil
		}
		t.file.Close()
	}
	return nil, fmt.Errorf("create %q: its temporary file: got it removed each time, want it left alone", target)
}

// there reports whether the path is still that of the open file: another process may have found it before it
// was locked.
func (t *temporary) there() bool {
	if t.file == nil {
		return true
	}
	open, err := t.file.Stat()
	if err != nil {
		return false
	}
	info, err := os.Lstat(t.path)
	return err == nil && os.SameFile(open, info)
}

// createFile is exclusive, so that nothing is written through a link that somebody has put there.
func createFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
}

func createDir(path string) (*os.File, error) {
	if err := os.Mkdir(path, 0o777); err != nil {
		return nil, err
	}
	if !locks {
		return nil, nil // an open folder could not be renamed there
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errSwept
	}
	return f, err
}

// errSwept says that another process took a new folder for one that was left, before it could be locked.
var errSwept = errors.New("swept away")

// longestBase keeps the hidden name of a long name within what file systems take.
const longestBase = 100

// prefix starts the names of all temporaries of a target.
func prefix(target string) string {
	base := filepath.Base(target)
	return "." + base[:min(len(base), longestBase)] + ".tmp-"
}

// neighbour makes up a hidden name beside target: renaming is atomic within one file system only, and /tmp is
// often another.
func neighbour(target string) string {
	name := fmt.Sprintf("%s%d-%08x", prefix(target), os.Getpid(), rand.Uint32())
	return filepath.Join(filepath.Dir(target), name)
}

var tail = regexp.MustCompile(`^[0-9]+-[0-9a-f]{8}$`)

// sweep removes the temporaries of target whose process has ended. That it fails is no reason not to work.
func sweep(target string) {
	dir, start := filepath.Dir(target), prefix(target)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), start)
		if !ok || !tail.MatchString(rest) || e.Type() != 0 && e.Type() != fs.ModeDir {
			continue
		}
		removeAbandoned(filepath.Join(dir, e.Name()))
	}
}

func removeAbandoned(path string) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	if abandoned(f) {
		_ = os.RemoveAll(path)
	}
}

// TempDir makes an empty folder beside target, for what is on its way there. remove takes it away. Folders
// that killed runs left for the same target go first.
func TempDir(target string) (dir string, remove func(), err error) {
	t, err := newTemporary(target, createDir)
	if err != nil {
		return "", nil, err
	}
	return t.path, func() {
		t.file.Close() // of a nil file it only says so
		_ = os.RemoveAll(t.path)
		t.forget()
	}, nil
}
