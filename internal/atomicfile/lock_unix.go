//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package atomicfile

import (
	"os"
	"syscall"
)

// locks tells whether this system has locks that end with their process.
const locks = true

// lock takes the lock of an open file if nobody has it. File systems without locks refuse: then what is left
// behind there stays.
func lock(f *os.File) bool {
	if f == nil {
		return false
	}
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// abandoned reports whether the process that made a temporary has ended.
func abandoned(f *os.File) bool { return lock(f) }
