package room

import (
	"bufio"
	"bytes"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// left is what is left for this process: of the machine, of its control group, and of its address space.
// Where the system does not tell it is without bound.
func left() int64 { return min(available(), groupRoom(), addressRoom()) }

// available is what the kernel thinks can be had without swapping.
func available() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return math.MaxInt64
	}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		word := strings.Fields(s.Text())
		if len(word) == 3 && word[0] == "MemAvailable:" {
			if kb, err := strconv.ParseInt(word[1], 10, 64); err == nil {
				return kb << 10
			}
		}
	}
	return math.MaxInt64
}

// groupRoom is what the control group has left, in either version of the interface. Pages of files count as
// used there and can be had back, so that what is used is not subtracted.
func groupRoom() int64 {
	most := int64(math.MaxInt64)
	for _, name := range []string{"memory.max", "memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile("/sys/fs/cgroup/" + name)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil { // else "max"
			most = min(most, n)
		}
	}
	return most
}

// addressRoom is what `ulimit -v` leaves. Go reserves address space that it never touches, hence the half.
func addressRoom() int64 {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &limit) != nil || limit.Cur > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(limit.Cur / 2)
}
