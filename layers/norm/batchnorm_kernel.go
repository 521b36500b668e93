package norm

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

var batchNormKernel = scaleKernel(func(n *ir.Node) *Attrs { return ir.Attrs[Attrs](n) })

// scaling is a scale and a bias for every value.
type scaling struct {
	product     fixed.Product
	scale, bias []sim.Num
	nFilt       int
}

func newScaling(n *ir.Node, a *Attrs) (*scaling, error) {
	s := &scaling{
		product: fixed.ProductOf(n.In(0).Type.Format, n.Format("scale_t")), nFilt: a.NFilt,
		scale: sim.WeightNums(n.Weight("scale")), bias: sim.WeightNums(n.Weight("bias")),
	}
	want := a.NFilt
	if want == -1 {
		want = n.In(0).Size()
	}
	// scales of all values that a pass put into those of channels are longer: their beginning is read
	all := n.In(0).Size()
	fits := func(count int) bool { return count == want || count == all }
	if want < 1 || !fits(len(s.scale)) || !fits(len(s.bias)) {
		return nil, n.Errorf("scale and bias: got %d and %d values, want %d", len(s.scale), len(s.bias), want)
	}
	return s, nil
}

func (s *scaling) index(i int) int {
	if s.nFilt == -1 {
		return i
	}
	return i % s.nFilt
}

// scaleKernel is the kernel of kinds that scale and shift.
func scaleKernel(attrs func(n *ir.Node) *Attrs) sim.Kernel {
	lower := func(lo *sim.Lowering, n *ir.Node) error {
		s, err := newScaling(n, attrs(n))
		if err != nil {
			return err
		}
		x := lo.In(n, 0)
		out := make([]sim.Plane, len(x.Planes))
		for i, p := range x.Planes {
			k := s.index(i)
			out[i] = lo.MulAdd(p, x.Format, s.product, s.scale[k], s.bias[k], n.Out().Type.Format)
		}
		lo.SetOut(n, 0, out)
		return nil
	}
	return sim.Kernel{
		Lower: lower,
		Grid: func(lo *sim.Lowering, n *ir.Node) (bool, error) {
			if attrs(n).NFilt != len(lo.In(n, 0).Planes) { // each position has numbers of its own
				return false, nil
			}
			return sim.EachPosition(lower)(lo, n)
		},
		Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
			s, err := newScaling(n, attrs(n))
			if err != nil {
				return nil, err
			}
			return func(in, out [][]sim.Num) { s.normalize(in[0], out[0], n) }, nil
		},
	}
}

// normalize mirrors nnet::normalize in nnet_batchnorm.h.
func (s *scaling) normalize(data, res []sim.Num, n *ir.Node) {
	for i, x := range data {
		k := s.index(i)
		// Product and bias are in full: there is no accumulator, and the cast is the only rounding.
		res[i] = sim.Multiply(s.product, x, s.scale[k]).Add(s.bias[k]).Cast(n.Out().Type.Format)
	}
}
