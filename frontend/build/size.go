package build

import (
	"errors"
	"fmt"

	"github.com/hlsgo/hlsgo/internal/room"
)

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

// weightCost is what a weight takes in bytes: as it was read, and in the graph that is converted.
const weightCost = 16

// held counts the weights of a model, those of the models inside included. A file that is compressed may hold
// far more than its size says.
type held struct{ weights int64 }

// add counts those of a shape, which CheckSize has passed, unless all would take more than one model may.
func (h *held) add(shape []int) error {
	all := room.Plus(h.weights, room.Times(shape...))
	need := room.Times(int(all), weightCost)
	if most, short := room.Short(need); short {
		return errors.New(room.Refusal(fmt.Sprintf("%d weights up to this one", all), need, most))
	}
	h.weights = all
	return nil
}
