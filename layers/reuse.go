package layers

import (
	"sort"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// Mult describes the multiplications of a matrix kind to SetupSum.
type Mult struct {
	NIn, NOut int // terms of one sum, sums
	Kernel    int // results per sample that share the multipliers: n_out, or output pixels of a convolution
	// Unrolled says that resource_unrolled exists for the kind with this io type; without it the resource
	// strategy takes its place.
	Unrolled bool
}

// SetupSum decides strategy and reuse factor of a node that multiplies by a weight matrix. It mirrors the
// part that init_dense, init_conv1d and init_conv2d of vivado_backend.py share.
func SetupSum(n *ir.Node, m Mult) error {
	cfg := n.Graph().Config
	wanted := cfg.Strategy(n.Name, n.Kind)
	switch wanted {
	case ir.Resource:
		n.Strategy = ir.Resource
		return snap(n, m, true)
	case ir.ResourceUnrolled:
		n.Strategy = wanted
		if n.ReuseFactor == 1 || !m.Unrolled {
			n.Graph().Warnf("%s: Strategy resource_unrolled needs ReuseFactor over 1%s: using resource",
				quoted(n), map[bool]string{false: " and io_stream"}[m.Unrolled])
			n.Strategy = ir.Resource
		}
		return snap(n, m, n.Strategy == ir.Resource)
	case ir.DistributedArithmetic, "da":
		if n.ReuseFactor != 1 {
			return n.Errorf("Strategy distributed_arithmetic: got ReuseFactor %d, want 1", n.ReuseFactor)
		}
		n.Strategy = ir.DistributedArithmetic
		return nil
	}
	n.Strategy = ir.Latency
	return nil
}

func quoted(n *ir.Node) string {
	return strings.TrimSuffix(n.Errorf("").Error(), ": ")
}

// snap moves the reuse factor to the nearest valid one. Mirrors set_target_reuse_factor of fpga_backend.py.
func snap(n *ir.Node, m Mult, withMax bool) error {
	chosen := float64(n.ReuseFactor)
	if n.TargetCycles != nil {
		if over := *n.TargetCycles - shuffleCycles*m.Kernel; over >= 0 {
			chosen = float64(over) / float64(m.Kernel)
		}
	}
	var err error
	n.ReuseFactor, err = SnapReuse(n, "ReuseFactor", chosen, m, withMax)
	return err
}

// SnapReuse is the valid reuse factor nearest to the chosen one, with one warning where they differ; setting
// names it in the warning. Without withMax the largest, one multiplier for all, does not count. Mirrors
// set_closest_reuse_factor of fpga_backend.py.
func SnapReuse(n *ir.Node, setting string, chosen float64, m Mult, withMax bool) (int, error) {
	valid := ValidReuseFactors(m.NIn, m.NOut)
	if !withMax {
		valid = valid[:len(valid)-1]
	}
	if len(valid) == 0 {
		return 0, n.Errorf("Strategy %s: got one multiplication, want more than one", n.Strategy)
	}
	rf := Closest(valid, chosen)
	if float64(rf) != chosen {
		n.Graph().Warnf("%s: %s: got %v, want a valid one: using %d", quoted(n), setting, chosen, rf)
	}
	return rf, nil
}

// shuffleCycles is how many clock cycles hls4ml allows for moving data around one result.
const shuffleCycles = 6

// ValidReuseFactors lists the reuse factors that the resource kernels accept for nIn terms and nOut sums,
// in increasing order. Mirrors _validate_reuse_factor of fpga_backend.py; only divisors of nIn*nOut pass it.
func ValidReuseFactors(nIn, nOut int) []int {
	total := nIn * nOut
	var out []int
	for _, rf := range divisors(total) {
		limit := (total + min(nIn, rf) - 1) / min(nIn, rf)
		if (limit%nOut == 0 || rf >= nIn) && (rf%nIn == 0 || rf < nIn) {
			out = append(out, rf)
		}
	}
	return out
}

func divisors(n int) []int {
	var out []int
	for d := 1; d*d <= n; d++ {
		if n%d == 0 {
			out = append(out, d)
			if d*d != n {
				out = append(out, n/d)
			}
		}
	}
	sort.Ints(out)
	return out
}

// Closest returns the entry of the increasing list that is nearest to chosen, the smaller of two. Mirrors
// get_closest_reuse_factor.
func Closest(valid []int, chosen float64) int {
	pos := sort.Search(len(valid), func(i int) bool { return float64(valid[i]) >= chosen })
	switch {
	case pos == 0:
		return valid[0]
	case pos == len(valid):
		return valid[pos-1]
	}
	before, after := valid[pos-1], valid[pos]
	if float64(after)-chosen < chosen-float64(before) {
		return after
	}
	return before
}

// PartitionSplits lists how many of the pixels may be computed in parallel: the divisors of their number.
// Mirrors get_valid_conv_partition_splits.
func PartitionSplits(pixels int) []int { return divisors(pixels) }
