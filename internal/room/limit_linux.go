package room

import (
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// addressSpace is what `ulimit -v` leaves of the process's address space; negative: there is no limit.
func addressSpace() int64 {
	var r syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &r) != nil || r.Cur > math.MaxInt64 {
		return -1
	}
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return -1
	}
	size, _, _ := strings.Cut(string(text), " ")
	pages, err := strconv.ParseInt(size, 10, 64)
	if err != nil {
		return -1
	}
	return max(int64(r.Cur)-pages*int64(os.Getpagesize()), 0)
}
