package sim

import (
	"runtime"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// RefSteps computes the layers of a reference one after the other, as they are asked for. Values stay as long
// as a later layer, or who asks, wants them: of large pictures there is no room for all layers at once.
type RefSteps struct {
	ref    *Reference
	single bool
	uses   []int // of the values of each layer, in all
	left   []int // of these
	values [][]float64
	spare  [][]float64
	n      int // samples
	next   int // layer
}

// Steps prepares to compute blocks of samples layer by layer. wanted lists the places in Layers that Layer
// and then Done will be called for in each block, each as often as it stands there. single rounds what every
// layer answers to float32.
func (r *Reference) Steps(single bool, wanted []int) *RefSteps {
	n := len(r.Layers)
	s := &RefSteps{ref: r, single: single, uses: make([]int, n), values: make([][]float64, n)}
	for k := range r.Layers {
		for _, i := range r.reads(k) {
			s.uses[i]++
		}
	}
	for _, k := range wanted {
		s.uses[k]++
	}
	return s
}

// BeginSteps starts a block: in[i] holds the samples of input i one after the other.
// BeginSteps is a function and no method, since methods have no type parameters of their own.
func BeginSteps[T Float](s *RefSteps, in [][]T) error {
	n, err := samplesIn(s.ref, in)
	if err != nil {
		return err
	}
	for k := range s.values {
		s.release(k)
	}
	s.n, s.next, s.left = n, 0, append(s.left[:0], s.uses...)
	for i, name := range s.ref.graph.Inputs {
		k := s.ref.at[name]
		s.values[k] = s.room(k)
		takeInput(s.values[k], in[i], s.single)
	}
	return nil
}

// Layer is what layer k answers. It is valid until Done has been called as often as the layer is wanted.
func (s *RefSteps) Layer(k int) []float64 {
	for ; s.next <= k; s.next++ {
		s.step(s.next)
	}
	return s.values[k]
}

// Done says that one who wanted layer k has seen it.
func (s *RefSteps) Done(k int) {
	if s.left[k]--; s.left[k] == 0 {
		s.release(k)
	}
}

func (s *RefSteps) step(k int) {
	if s.ref.Layers[k].given {
		return
	}
	s.values[k] = s.room(k)
	shares(s.n, runtime.GOMAXPROCS(0), func(start, end int) {
		s.ref.runLayer(s.values, k, start, end, s.single)
	})
	for _, i := range s.ref.reads(k) {
		s.Done(i)
	}
	if s.left[k] == 0 { // nobody wants it
		s.release(k)
	}
}

// room is memory for the values of a layer. Layers of one size follow each other, so that two or three arrays
// go round.
func (s *RefSteps) room(k int) []float64 {
	size := s.n * ir.Size(s.ref.Layers[k].Shape)
	fits := func(v []float64) bool { return cap(v) >= size && cap(v) <= 2*size }
	if i := slices.IndexFunc(s.spare, fits); i >= 0 {
		v := s.spare[i][:size]
		s.spare = slices.Delete(s.spare, i, i+1)
		return v
	}
	return make([]float64, size)
}

// spares is how many arrays wait for layers at most.
const spares = 2

func (s *RefSteps) release(k int) {
	if s.values[k] == nil { // nobody came so far
		return
	}
	if s.spare = append(s.spare, s.values[k]); len(s.spare) > spares {
		s.spare = slices.Delete(s.spare, 0, 1)
	}
	s.values[k] = nil
}
