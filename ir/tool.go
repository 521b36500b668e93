package ir

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// Dialect names a family of HLS tools that share C++ headers and arithmetic. It is open: a backend may bring
// a new one.
type Dialect string

// Capability names something that one tool has and another may not. What a kind of layer shows, takes or
// refuses depends on these, never on the name of a tool, so that a new tool has only to list its own.
type Capability string

// Tool is what configurations, graphs and passes must know of an HLS tool. The zero value is no tool:
// layers then have the attributes of the network alone.
type Tool struct {
	Name    string // hls4ml's name of the backend, in the spelling of configurations
	Dialect Dialect
	// Family is that of every type in the tool's configurations: ap_fixed<8,3> is an ac_fixed for Quartus.
	Family fixed.Family
	Can    []Capability
}

// Has reports whether the tool has the capability. Every tool has the empty one.
func (t Tool) Has(c Capability) bool { return c == "" || slices.Contains(t.Can, c) }

// Tool is what the configuration knows of its backend.
func (c *Config) Tool() Tool {
	return Tool{Name: c.Backend, Dialect: c.Dialect, Family: c.Family, Can: c.Can}
}

// SetTool makes t the backend of the configuration, with all that follows from it.
func (c *Config) SetTool(t Tool) {
	c.Backend, c.Dialect, c.Family, c.Can = t.Name, t.Dialect, t.Family, t.Can
}
