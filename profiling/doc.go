// Package profiling shows where fixed point departs from the float model: distributions of weights and
// activations before and after optimization, against the range of each type.
//
// "Before" is the network as the front end read it, in floating point; "after" is the final graph as the
// firmware computes it. Statistics stream over the data: memory grows with the number of tensors, not with
// that of the samples.
package profiling
