package garnet

import (
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// garnetRef computes the layers as their weights say, in float. Vertices beyond the number count nothing, and
// means are over all, unless mean_by_nvert. With it the layer's own Keras code sums up in place of a mean
// over the answers, where the firmware takes the mean.
var garnetRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	subs, err := sublayers(n)
	if err != nil {
		return nil, err
	}
	c := common(n)
	return func(in [][]float64, out []float64) {
		x, used := in[0], int(min(max(in[1][0], 0), float64(c.NVertices)))
		count := float64(c.NVertices)
		if c.MeanByNVert {
			count = float64(max(used, 1))
		}
		for _, s := range subs {
			x = forward(n, s, x, used, count)
		}
		if c.Collapse == "" {
			copy(out, x)
			return
		}
		last := subs[len(subs)-1].out
		if c.MeanByNVert {
			count = 1
		}
		clear(out)
		for i, v := range x {
			out[i%last] += v / count
		}
	}, nil
}

// forward is one layer: features of every vertex to outputs of every vertex.
func forward(n *ir.Node, s sublayer, x []float64, used int, count float64) []float64 {
	w := func(op, what string) []float64 { return n.Weight(op + s.suffix + "_" + what).Data.Data }
	kernel, bias := w("input_transform", "weights"), w("input_transform", "biases")
	distance, offset := w("aggregator_distance", "weights"), w("aggregator_distance", "biases")
	output := w("output_transform", "biases")
	vertices := len(x) / s.in
	edges := make([]float64, vertices*s.aggregators)
	mean, features := make([]float64, s.aggregators), make([]float64, s.aggregators*s.in)
	for v := range used {
		for a := range s.aggregators {
			d := offset[a]
			for i := range s.in {
				d += x[v*s.in+i] * distance[a*s.in+i]
			}
			e := math.Exp(-d * d)
			edges[v*s.aggregators+a] = e
			mean[a] += e / count
			for i := range s.in {
				features[a*s.in+i] += e * x[v*s.in+i] / count
			}
		}
	}
	out := make([]float64, vertices*s.out)
	for o := range s.out {
		for a := range s.aggregators {
			at := o*s.aggregators + a
			base := mean[a] * bias[at]
			for i := range s.in {
				base += features[a*s.in+i] * kernel[at*s.in+i]
			}
			for v := range used {
				out[v*s.out+o] += edges[v*s.aggregators+a] * base
			}
		}
		for v := range used {
			out[v*s.out+o] += output[o]
		}
	}
	return out
}
