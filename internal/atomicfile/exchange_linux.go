package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// canExchange tells whether the folder may give way to another of its name: a neighbour can be made on its
// disk, and no process that we see is inside, whose working directory would be gone.
func canExchange(target string) bool {
	abs, err := filepath.Abs(target)
	if err != nil {
		return false
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return false
	}
	own, _ := owner(abs)
	above, _ := owner(filepath.Dir(abs))
	return own != nil && above != nil && own.Dev == above.Dev && own.Ino != above.Ino &&
		unix.Access(filepath.Dir(abs), unix.W_OK|unix.X_OK) == nil && !occupied(abs)
}

// occupied reports whether a process works in the folder or below, or that nobody can tell.
func occupied(abs string) bool {
	places, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil || len(places) == 0 {
		return true
	}
	for _, p := range places {
		at, err := os.Readlink(p) // those of other users fail
		if err == nil && (at == abs || strings.HasPrefix(at, abs+"/")) {
			return true
		}
	}
	return false
}

// exchange gives each of two folders the name of the other, in one step.
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}

func owner(path string) (*syscall.Stat_t, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	return info.Sys().(*syscall.Stat_t), nil
}

// sameFolder reports whether two folders have one owner and one mode, so that one can stand for the other.
func sameFolder(a, b string) bool {
	x, err := owner(a)
	if err != nil {
		return false
	}
	y, err := owner(b)
	return err == nil && x.Mode == y.Mode && x.Uid == y.Uid && x.Gid == y.Gid
}
