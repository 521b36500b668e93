package sim

import "fmt"

// Class says how some results of a node are computed. The first four are classes of sums, from the cheapest
// to the dearest; what makes each of them give every bit right is said where a sum is classified.
type Class uint8

// The classes of results.
const (
	ClassExact   Class = iota // sums that no step changes: multiply and add in any order, convert at the end
	ClassRing                 // sums that may wrap and lose no fraction: the same, wrapped once at the end
	ClassCut                  // products lose fraction: each is cut to the accumulator's grid, then added
	ClassOrdered              // sums that may saturate: every product and every sum is converted, in C++ order
	ClassPlanes               // other operations on planes
	ClassJoined               // conversions that run within the sums before them, or have nothing to do
	ClassPlain                // the plain evaluator, one sample at a time
)

// String is the class as `hlsgo ir --kernels` prints it.
func (c Class) String() string {
	names := [...]string{"exact", "ring", "cut", "ordered", "planes", "joined", "plain"}
	if int(c) >= len(names) {
		return fmt.Sprintf("Class(%d)", uint8(c))
	}
	return names[c]
}

// words names the machine integers that a filter computes in, for data of a lane.
func (f *filter) words(data lane) string {
	switch {
	case f.class == ClassPlain:
		return "any"
	case f.wide:
		return data.String() + " into int64"
	}
	return data.String() + " into int32"
}
