package merge

import (
	"fmt"

	"github.com/hlsgo/hlsgo/ir"
)

// spread lists, for each position of the shape target, the position in small that frameworks broadcast to it.
// Constants may have axes of one more in front.
func spread(small, target []int) ([]int, error) {
	for len(small) > len(target) && small[0] == 1 {
		small = small[1:]
	}
	off := len(target) - len(small)
	bad := fmt.Errorf("got shapes %v and %v, want one that can be repeated to the other", target, small)
	if off < 0 {
		return nil, bad
	}
	for i, d := range small {
		if d != 1 && d != target[off+i] {
			return nil, bad
		}
	}
	out := make([]int, ir.Size(target))
	for i := range out {
		rest, step := i, 1
		for k := len(target) - 1; k >= off; k-- {
			at := rest % target[k]
			rest /= target[k]
			if d := small[k-off]; d != 1 {
				out[i] += at * step
				step *= d
			}
		}
	}
	return out, nil
}

// operands lists the positions of both inputs behind each position of the output as the firmware takes them:
// an array that is too short begins again, which is what frameworks do only where the leading axes are the
// ones to be repeated. Streams have equal shapes by then. mirrors the indices of nnet_merge.h.
func operands(n *ir.Node, stream bool) (a, b []int, err error) {
	x, y := n.In(0), n.In(1)
	if err := refuseDivision(n); err != nil {
		return nil, nil, err
	}
	if stream && x.Size() != y.Size() {
		return nil, nil, n.Errorf("inputs: got shapes %v and %v in io_stream, want equal ones", x.Shape, y.Shape)
	}
	a, b = make([]int, n.Out().Size()), make([]int, n.Out().Size())
	for i := range a {
		a[i], b[i] = i%x.Size(), i%y.Size()
	}
	return a, b, nil
}

// refuseDivision reports a division of which no pass made a product.
func refuseDivision(n *ir.Node) error {
	if ir.Attrs[Attrs](n).Op == "divide" {
		return n.Errorf("op: got divide by a tensor that the network computes, which has no firmware, want a " +
			"constant")
	}
	return nil
}

// checkWords wants streams whose words are of one size.
func checkWords(n *ir.Node) error {
	x, y, z := n.In(0).Pack, n.In(1).Pack, n.Out().Pack
	if x != y || x != z {
		return n.Errorf("inputs: got streams of words of %d and %d values for one of %d, want them equal: put a "+
			"reshape before the layer", x, y, z)
	}
	return nil
}
