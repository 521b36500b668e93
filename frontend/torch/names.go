package torch

import (
	"regexp"
	"strconv"
	"strings"
)

// namer gives layers the names that nodes have in a graph of torch.fx, from which hls4ml takes them: the path
// of a module or the name of a function, in small letters, and numbers where a name is taken.
type namer struct {
	used map[string]bool
	last map[string]int // the number given last, by the name without number
}

func newNamer() *namer { return &namer{used: map[string]bool{}, last: map[string]int{}} }

var (
	hump      = regexp.MustCompile(`([a-z])([A-Z])`)
	illegal   = regexp.MustCompile(`[^0-9a-zA-Z_]+`)
	digits    = regexp.MustCompile(`^[0-9]`)
	numbering = regexp.MustCompile(`^([a-zA-Z_][0-9a-zA-Z_]*?)(?:_([0-9]{1,9}))?$`)
)

// module is the candidate for the call of a module: its path with snakes for humps.
func moduleName(path string) string {
	return strings.ToLower(hump.ReplaceAllString(path, "${1}_${2}"))
}

// unique is the name for a candidate. Mirrors create_name of torch.fx's namespaces.
func (n *namer) unique(candidate string) string {
	if !numbering.MatchString(candidate) {
		candidate = illegal.ReplaceAllString(candidate, "_")
		if candidate == "" {
			candidate = "_unnamed"
		}
		if digits.MatchString(candidate) {
			candidate = "_" + candidate
		}
	}
	parts := numbering.FindStringSubmatch(candidate)
	base, number := parts[1], 0
	if parts[2] == "" || n.used[candidate] {
		number = n.last[base]
		if reserved[candidate] {
			number++
			candidate = base + "_" + strconv.Itoa(number)
		}
	} else {
		number, _ = strconv.Atoi(parts[2])
	}
	for n.used[candidate] {
		number++
		candidate = base + "_" + strconv.Itoa(number)
	}
	n.used[candidate], n.last[base] = true, number
	return candidate
}
