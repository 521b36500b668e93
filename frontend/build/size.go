package build

import "fmt"

// MaxValues bounds the values of one tensor of one sample, which a file of any size can ask for, and
// MaxWeights those of a weight, which the file must hold.
const (
	MaxValues  = 1 << 22
	MaxWeights = 1 << 30
)

// CheckSize refuses shapes that no real tensor has: axes below one, and more than most values. Behind it
// products of axes cannot overflow.
func CheckSize(shape []int, most int) error {
	size := 1
	for _, d := range shape {
		if d < 1 || size > most/d {
			return fmt.Errorf("shape: got %v, want positive axes and at most %d values", shape, most)
		}
		size *= d
	}
	return nil
}
