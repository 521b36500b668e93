// Package health is what a program that counts tells of its values: the report, and the tallies that it is
// made of. It knows formats and numbers; which operations count, and when they may look at the ends of a
// block of values in the place of every value, is the business of package sim.
package health

import (
	"math"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
)

// Role says what a tensor is to its layer, and the configuration's name of its type.
type Role struct {
	Name string // "input", "weight", "bias", "product", "accum", "result", "index", "table", ...
	Key  string // "accum_t", "result_t", "weight_t", ...; "": a type that no setting names
}

// The roles that values have in a running layer. Weights have roles of their own names.
var (
	RoleInput   = Role{"input", "result_t"}  // what a user's number becomes
	RoleProduct = Role{"product", "accum_t"} // a product, cut to the accumulator's grid
	RoleAccum   = Role{"accum", "accum_t"}   // a sum in full
	RoleResult  = Role{"result", "result_t"} // what a layer answers
	RoleIndex   = Role{"index", ""}          // the place in a table, a C++ int
	RoleTable   = Role{"table", ""}          // the entries of a table, each under the name of its type
)

// Report tells how the values of each tensor fared in its type.
type Report struct {
	Samples int      `json:"samples"`
	Tensors []Tensor `json:"tensors"` // in the order of the graph
}

// Tensor tells how the values of one tensor of one layer fared. A value is counted where the firmware
// converts it to the tensor's type: before that it is exact. Of a sum that is the sum in full of the products
// on the accumulator's grid, so that a partial sum that comes back into range is no overflow.
type Tensor struct {
	Layer  string       `json:"layer"`
	Kind   string       `json:"kind"` // class of the layer: "Dense", "Activation", ...
	Role   string       `json:"role"`
	Key    string       `json:"key,omitempty"` // name of the type in a configuration: "accum_t"
	Type   string       `json:"type"`
	Format fixed.Format `json:"-"`
	// Values is how many were converted; the counts below are of them. Static tensors, such as weights, are
	// converted once, whatever the samples.
	Values    int64 `json:"values"`
	Static    bool  `json:"static,omitempty"`
	Wrapped   int64 `json:"wrapped"`   // changed by overflow, in a type that wraps
	Saturated int64 `json:"saturated"` // changed by overflow, in a type that saturates
	Vanished  int64 `json:"vanished"`  // not zero before, zero after, without overflow
	Outside   int64 `json:"outside"`   // beyond the ends of a table, whose entry at that end stood in
	// Lowest and Highest are the ends of the values before the conversion, zero included.
	Lowest  float64 `json:"lowest"`
	Highest float64 `json:"highest"`
	// IntegerBits is how many integer bits, the sign's included, hold all values; Missing how many of them
	// the type lacks, Spare how many it has beyond.
	IntegerBits int `json:"integer_bits"`
	Missing     int `json:"missing"`
	Spare       int `json:"spare"`
	// UnusedFraction is how many of the type's fractional bits are zero in all values.
	UnusedFraction int `json:"unused_fraction"`
	// NeedsSign says that values below zero met a type without sign.
	NeedsSign bool `json:"needs_sign,omitempty"`
	// Places is the size of the table that the tensor addresses, 0: none. Step is how far apart the arguments
	// of two places are, and Reached how many places lie between the ends of the values: a type with too many
	// integer bits reaches few. The table has the function from TableLow to TableHigh; Open says that the
	// function goes on changing beyond.
	Places    int     `json:"places,omitempty"`
	Step      float64 `json:"step,omitempty"`
	Reached   int     `json:"reached,omitempty"`
	TableLow  float64 `json:"table_low,omitempty"`
	TableHigh float64 `json:"table_high,omitempty"`
	Open      bool    `json:"open,omitempty"`
}

// Table is what a tensor addresses: places for the arguments of a function from Low to High. Where the top
// bits of a type are the address, the type says Low and High.
type Table struct {
	Places    int
	Low, High float64
	Open      bool // the function goes on changing beyond the ends
}

// Step is how far apart the arguments of two places are.
func (a Table) Step() float64 { return (a.High - a.Low) / float64(a.Places) }

// Address notes which table the tensor addresses: by its top bits where its type has a name in a
// configuration; else its values are places.
func (t *Tensor) Address(a Table) {
	if a.Places < 1 || t.Role != RoleIndex.Name {
		return
	}
	step, places := 1.0, float64(a.Places)
	if t.Key != "" {
		f := t.Format
		step = math.Ldexp(1, f.I-(bits.Len(uint(a.Places))-1))
		a.High = math.Ldexp(1, f.I)
		if f.Signed {
			a.Low, a.High = -a.High/2, a.High/2
		}
	}
	t.Places, t.Step, t.TableLow, t.TableHigh, t.Open = a.Places, a.Step(), a.Low, a.High, a.Open
	low, high := math.Floor(max(t.Lowest/step, -places)), math.Floor(min(t.Highest/step, places))
	if t.Key == "" {
		low, high = min(max(low, 0), places-1), min(max(high, 0), places-1)
	}
	t.Reached = min(int(high-low)+1, a.Places)
}

// Largest is the largest |x| before the conversion.
func (t *Tensor) Largest() float64 { return max(-t.Lowest, t.Highest) }

// Share is n of the tensor's values as a fraction of them.
func (t *Tensor) Share(n int64) float64 {
	if t.Values == 0 {
		return 0
	}
	return float64(n) / float64(t.Values)
}

// Find is the tensor of a layer with a role, by its name or by the key of its type; nil: there is none.
func (h *Report) Find(layer, role string) *Tensor {
	for i := range h.Tensors {
		if t := &h.Tensors[i]; t.Layer == layer && t.Role == role {
			return t
		}
	}
	return nil
}

// Wrapped lists the tensors of which the firmware changes a value by wrapping: input casts, weights,
// products, sums, results and table indices.
func (h *Report) Wrapped() []*Tensor {
	return h.where(func(t *Tensor) bool { return t.Wrapped > 0 && t.Role != RoleTable.Name })
}

// Saturated lists the tensors of which the firmware changes a value by saturating.
func (h *Report) Saturated() []*Tensor {
	return h.where(func(t *Tensor) bool { return t.Saturated > 0 && t.Role != RoleTable.Name })
}

func (h *Report) where(keep func(*Tensor) bool) []*Tensor {
	var out []*Tensor
	for i := range h.Tensors {
		if keep(&h.Tensors[i]) {
			out = append(out, &h.Tensors[i])
		}
	}
	return out
}
