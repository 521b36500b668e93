package config

import (
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// Backend is what a configuration must know of an HLS tool.
type Backend struct {
	ir.Tool // look-ups of its name ignore case, as hls4ml's do
	// Start returns the keys of a configuration to start from, behind Version, in order and with their
	// defaults; the value of HLSConfig is replaced. The caller may change what it gets.
	Start func() *ir.Tree
	Keys  []string // of the outermost level, and of no meaning to other tools
}

// findBackend looks a backend up by name, without regard to case.
func findBackend(list []Backend, name string) (Backend, bool) {
	for _, b := range list {
		if strings.EqualFold(b.Name, name) {
			return b, true
		}
	}
	return Backend{}, false
}

// BackendNames lists the names of backends, for messages.
func BackendNames(list []Backend) []string {
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = b.Name
	}
	return names
}

// otherKeys lists the keys of the outermost level that tools bring and this package does not read.
func (e Env) otherKeys() []string {
	var names []string
	for _, b := range e.Backends {
		names = append(names, b.Keys...)
	}
	return append(names, e.Keys...)
}
