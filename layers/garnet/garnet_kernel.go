package garnet

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// garnetKernel mirrors nnet::garnet and nnet::garnet_stack in nnet_garnet.h. It has no plane operations:
// which vertices count is data.
var garnetKernel = sim.Kernel{Eval: evalGarNet}

// layer is one layer with its weights as numbers.
type layer struct {
	sublayer
	types
	table                                     []sim.Num
	weights, biases, distance, offset, output []sim.Num
	vertices, groups                          int
	meanByNVert                               bool
}

func layersOf(n *ir.Node) ([]*layer, error) {
	subs, err := sublayers(n)
	if err != nil {
		return nil, err
	}
	t, err := typesOf(n)
	if err != nil {
		return nil, err
	}
	c, table := common(n), t.table()
	out := make([]*layer, len(subs))
	for i, s := range subs {
		nums := func(op, what string) []sim.Num { return sim.WeightNums(n.Weight(op + s.suffix + "_" + what)) }
		out[i] = &layer{
			sublayer: s, types: t, table: table, vertices: c.NVertices, groups: n.ReuseFactor,
			weights: nums("input_transform", "weights"), biases: nums("input_transform", "biases"),
			distance: nums("aggregator_distance", "weights"), offset: nums("aggregator_distance", "biases"),
			output: nums("output_transform", "biases"), meanByNVert: c.MeanByNVert,
		}
	}
	return out, nil
}

func evalGarNet(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	list, err := layersOf(n)
	if err != nil {
		return nil, err
	}
	collapse, result := common(n).Collapse != "", n.Out().Type.Format
	return func(in, out [][]sim.Num) {
		nvtx, size := in[1][0], list[0].in
		at := func(v int) []sim.Num { return in[0][v*size:][:size] }
		var m *means
		for i, l := range list {
			if i > 0 {
				before, vertex := list[i-1], m
				base := before.bases(vertex)
				at = func(v int) []sim.Num { return before.answer(vertex, base, v, result) }
			}
			m = l.aggregate(at, nvtx)
		}
		last := list[len(list)-1]
		if collapse {
			last.collapse(m, nvtx, result, out[0])
			return
		}
		for i := range out[0] {
			out[0][i] = sim.NewNum(0, result) // of vertices beyond the last one
		}
		base := last.bases(m)
		last.each(nvtx, func(v int) { copy(out[0][v*last.out:], last.answer(m, base, v, result)) }, func() {})
	}, nil
}

// means are what the aggregators hold, and the weights of the edges of every vertex.
type means struct {
	edge     []sim.Num // per aggregator
	features []sim.Num // per aggregator and feature
	edges    [][]sim.Num
}

func (l *layer) zeros(edge fixed.Format) *means {
	m := &means{edges: make([][]sim.Num, l.vertices)}
	for range l.aggregators {
		m.edge = append(m.edge, sim.NewNum(0, edge))
		for range l.in {
			m.features = append(m.features, sim.NewNum(0, l.types.aggregate))
		}
	}
	return m
}

// each visits the vertices that count, group by group; after runs behind every group.
func (l *layer) each(nvtx sim.Num, visit func(v int), after func()) {
	size := l.vertices >> l.logReuse
	for g := range l.groups {
		if sim.CUnsigned(int64(g*size)).Cmp(nvtx) >= 0 {
			return
		}
		for v := g * size; v < min((g+1)*size, l.vertices); v++ {
			if sim.CUnsigned(int64(v)).Cmp(nvtx) == 0 {
				break
			}
			visit(v)
		}
		after()
	}
}

// aggregate mirrors aggregate and distribute_aggregate.
func (l *layer) aggregate(at func(v int) []sim.Num, nvtx sim.Num) *means {
	sum, local, out := l.zeros(l.edgeSum), l.zeros(l.edgeSum), l.zeros(l.types.edge)
	l.each(nvtx, func(v int) {
		out.edges[v] = l.vertex(at(v), local)
	}, func() {
		k := l.logVertices - l.logReuse
		// A group is shifted down by the logarithm of its vertices before it joins the sum, so that
		// neither needs more integer bits than the longer of the two loops, see between.
		accumulate(sum.edge, local.edge, k)
		accumulate(sum.features, local.features, k)
		local = l.zeros(l.edgeSum)
	})
	scale := func(x sim.Num) sim.Num { return shifted(x, l.logReuse) }
	if l.meanByNVert {
		norm := sim.NewNum(0, l.norm) // C++ divides by zero where no vertex counts
		if nvtx.X.Sign() != 0 {
			norm = sim.CUnsigned(int64(l.vertices / l.groups)).Div(nvtx).Cast(l.norm)
		}
		scale = func(x sim.Num) sim.Num { return x.Mul(norm) }
	}
	for i, x := range sum.edge {
		out.edge[i] = scale(x).Cast(l.types.edge)
	}
	for i, x := range sum.features {
		out.features[i] = scale(x).Cast(l.types.aggregate)
	}
	return out
}

func accumulate(sum, part []sim.Num, k int) {
	for i, x := range part {
		sum[i] = sum[i].Add(shifted(x, k)).Cast(sum[i].T)
	}
}

// vertex adds the features x of a vertex to the sums and returns the weights of its edges. mirrors
// compute_weights_aggregates.
func (l *layer) vertex(x []sim.Num, sum *means) []sim.Num {
	edges := make([]sim.Num, l.aggregators)
	for a := range edges {
		d := l.offset[a].Cast(l.types.distance)
		for i, v := range x {
			d = d.Add(v.Mul(l.distance[a*l.in+i]).Cast(d.T)).Cast(d.T)
		}
		// The bits of the distance, read as unsigned, are the index: negative ones stand in the upper half
		// of the table.
		w := l.table[d.X.Int64()&(1<<distanceBits-1)]
		edges[a] = w
		sum.edge[a] = sum.edge[a].Add(w).Cast(sum.edge[a].T)
		for i, v := range x {
			k := a*l.in + i
			sum.features[k] = sum.features[k].Add(v.Mul(w).Cast(v.T)).Cast(sum.features[k].T)
		}
	}
	return edges
}

// base is what aggregator a offers for output o. mirrors compute_output_base_core.
func (l *layer) base(m *means, o, a int) sim.Num {
	at := o*l.aggregators + a
	sum := m.edge[a].Mul(l.biases[at]).Cast(l.types.aggregate)
	for i := range l.in {
		sum = sum.Add(m.features[a*l.in+i].Mul(l.weights[at*l.in+i])).Cast(sum.T)
	}
	return sum
}

func (l *layer) bases(m *means) []sim.Num {
	var out []sim.Num
	for o := range l.out {
		for a := range l.aggregators {
			out = append(out, l.base(m, o, a))
		}
	}
	return out
}

// answer is the output at vertex v. mirrors compute_vertex_output.
func (l *layer) answer(m *means, base []sim.Num, v int, result fixed.Format) []sim.Num {
	out := make([]sim.Num, l.out)
	for o := range out {
		sum := l.output[o].Cast(result)
		for a, w := range m.edges[v] {
			sum = sum.Add(w.Mul(base[o*l.aggregators+a]).Cast(result)).Cast(result)
		}
		out[o] = sum
	}
	return out
}

// collapse is the mean over the vertices. mirrors set_output and OutputBiasNormalizer.
func (l *layer) collapse(m *means, nvtx sim.Num, result fixed.Format, out []sim.Num) {
	for o := range l.out {
		bias := l.output[o]
		if !l.meanByNVert {
			b := bias.Cast(l.types.aggregate)
			b = b.Mul(nvtx).Cast(b.T)
			bias = shifted(b, l.logVertices).Cast(bias.T)
		}
		sum := bias.Cast(result)
		for a := range l.aggregators {
			sum = sum.Add(m.edge[a].Mul(l.base(m, o, a))).Cast(sum.T)
		}
		out[o] = sum
	}
}
