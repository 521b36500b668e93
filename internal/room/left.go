package room

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// left is the bytes that the machine, the control group and the process's own limit leave, without
// bound where none of them is known.
func left() int64 {
	if bytes, ok := leftBelow("/", addressSpace()); ok {
		return bytes
	}
	return math.MaxInt64
}

// leftBelow is left with the system's files below a root; own is what the process's limit leaves, negative
// where there is none. ok is false where nothing is known.
func leftBelow(root string, own int64) (bytes int64, ok bool) {
	least := own
	consider := func(v int64, ok bool) {
		if ok && (least < 0 || v < least) {
			least = max(v, 0)
		}
	}
	consider(machine(filepath.Join(root, "proc/meminfo")))
	for _, dir := range groups(root) {
		consider(group(dir))
	}
	return least, least >= 0
}

// machine reads what the kernel says can be had without swapping.
func machine(path string) (int64, bool) {
	f, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == "MemAvailable:" {
			kb, err := strconv.ParseInt(words[1], 10, 64)
			return kb << 10, err == nil
		}
	}
	return 0, false
}

// groups lists the folders of the control groups that bound the process: its own and those around it.
func groups(root string) []string {
	text, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		words := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(words) < 3 || words[1] != "" && words[1] != "memory" {
			continue
		}
		base := filepath.Join(root, "sys/fs/cgroup", words[1])
		for path := filepath.Clean("/" + words[2]); ; path = filepath.Dir(path) {
			out = append(out, filepath.Join(base, path))
			if path == "/" {
				break
			}
		}
	}
	return out
}

// group is what a control group of either version leaves. Cached files count as used, and can be dropped.
func group(dir string) (int64, bool) {
	for _, names := range [][2]string{
		{"memory.max", "memory.current"}, {"memory.limit_in_bytes", "memory.usage_in_bytes"},
	} {
		limit, ok := number(filepath.Join(dir, names[0]))
		used, okUsed := number(filepath.Join(dir, names[1]))
		if ok && okUsed {
			return limit - used + cached(filepath.Join(dir, "memory.stat")), true
		}
	}
	return 0, false
}

// number reads a file of one number; "max" is none.
func number(path string) (int64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	v, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return v, err == nil
}

func cached(path string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "inactive_file "); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
			return n
		}
	}
	return 0
}
