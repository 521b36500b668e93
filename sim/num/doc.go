// Package num holds the inner loops of the simulator: sums of products, element-wise operations and table
// look-ups over planes of samples, in lanes of 8 to 64 bits.
//
// Every function takes whole planes of equal length. The set is small and closed so that a vector version
// can stand in for any of them; these loops then remain as its judge.
package num

import "github.com/hlsgo/hlsgo/fixed"

// Lane is an element type of a plane.
type Lane = fixed.Lane

// Acc is an element type of an accumulator plane.
type Acc interface {
	~int32 | ~int64
}
