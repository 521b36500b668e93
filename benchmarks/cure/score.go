package main

import (
	"math"

	"github.com/hlsgo/hlsgo"
)

// score tells how well a model answers the samples that no cure has seen.
type score struct {
	agreement float64 // with the float model
	accuracy  float64 // by the labels
}

// near reports whether a score is within a point of the float model's accuracy, or agrees with it to a point.
func (s score) near(float score) bool {
	const point = 0.01 + 1e-9
	return s.agreement >= 1-point || s.accuracy >= float.accuracy-point
}

// judge scores answers. Of several outputs the largest is the choice, of one output beside labels of 0 and 1
// whether it exceeds a half: agreement and accuracy are shares of samples. Of other numbers agreement is 1
// less the relative error (the root of the mean squared difference, by the deviation of the float model's
// answers), and accuracy the share of the labels' variance that is explained.
func (n *network) judge(y, float []float64) score {
	samples := n.test.Samples()
	size := len(y) / samples
	if n.labels == nil || size == 1 && !n.binary() {
		want := n.labels
		if want == nil {
			want = n.test.F32
		}
		labels := make([]float64, len(want))
		for i, v := range want {
			labels[i] = float64(v)
		}
		return score{1 - math.Sqrt(unexplained(y, float)), 1 - unexplained(y, labels)}
	}
	var s score
	for i := range samples {
		choice := choose(y[i*size : (i+1)*size])
		if choice == choose(float[i*size:(i+1)*size]) {
			s.agreement++
		}
		if choice == int(n.labels[i]) {
			s.accuracy++
		}
	}
	return score{s.agreement / float64(samples), s.accuracy / float64(samples)}
}

// binary reports whether the labels are yes and no.
func (n *network) binary() bool {
	for _, v := range n.labels {
		if v != 0 && v != 1 {
			return false
		}
	}
	return true
}

// choose is the class that a sample's answers name.
func choose(y []float64) int {
	if len(y) == 1 {
		if y[0] > 0.5 {
			return 1
		}
		return 0
	}
	best := 0
	for k, v := range y {
		if v > y[best] {
			best = k
		}
	}
	return best
}

// unexplained is the mean squared difference as a share of the variance of want.
func unexplained(got, want []float64) float64 {
	mean, squares, error := 0.0, 0.0, 0.0
	for _, v := range want {
		mean += v / float64(len(want))
	}
	for i, v := range want {
		squares += (v - mean) * (v - mean)
		error += (got[i] - v) * (got[i] - v)
	}
	return error / squares
}

// values are the numbers of an array.
func values(a *hlsgo.Array) []float64 {
	if a.Double() {
		return a.F64
	}
	out := make([]float64, len(a.F32))
	for i, v := range a.F32 {
		out[i] = float64(v)
	}
	return out
}
