package passes_test

import (
	"slices"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/passes"
	"github.com/stretchr/testify/require"
)

// The kinds below are a plugin's: no pass knows them, and each takes part by what its Def says.

// twiceAttrs are those of a function of each value, 2x.
type twiceAttrs struct {
	Trust      bool   `hls:"trusted"`
	DataFormat string `hls:"data_format"`
}

func (a *twiceAttrs) Function() string { return "twice" }
func (a *twiceAttrs) TrustMark() *bool { return &a.Trust }

// twice counts in asked how often its rule of bits was.
func twice(asked *int) layers.Def {
	return layers.Def{
		Kind: "Twice", Doc: "2x", Traits: layers.Activation, Attrs: func() any { return &twiceAttrs{} }, Init: like,
		Bits: layers.Bits{
			Make: layers.MakeBits(func(_ *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
				*asked++
				out := in[0].Take(in[0].Shape, []int{0, 1, 2, 3})
				for i := range out.I {
					out.I[i], out.F[i] = out.I[i]+1, out.F[i]-1
				}
				return out, nil
			}),
			Settle: func(n *ir.Node, env layers.BitsEnv) error {
				wanted, err := env.Wanted()
				n.Graph().Warnf("%s: %v bits wanted behind the point", n.Name, wanted.F)
				return err
			},
		},
	}
}

// backwardsAttrs are those of values in the other order.
type backwardsAttrs struct {
	DataFormat string `hls:"data_format"`
}

func backwards() layers.Def {
	turn := func(x kif.Tensor) kif.Tensor { return x.Take(x.Shape, []int{3, 2, 1, 0}) }
	return layers.Def{
		Kind: "Backwards", Doc: "values from last to first", Traits: layers.Moves, Init: like,
		Attrs: func() any { return &backwardsAttrs{} }, Infer: layers.InferLikeInput,
		Bits: layers.Bits{
			Make: layers.MakeBits(func(_ *ir.Node, in []kif.Tensor) (kif.Tensor, error) { return turn(in[0]), nil }),
			Want: func(_ *ir.Node, env layers.BitsEnv) ([]kif.Tensor, error) {
				w, err := env.Wanted()
				return []kif.Tensor{turn(w)}, err
			},
		},
	}
}

// flatAttrs are those of a reshape to one axis.
type flatAttrs struct {
	DataFormat string `hls:"data_format"`
	Shape      []int  `hls:"target_shape"`
}

func (a *flatAttrs) Target() []int { return a.Shape }

func flat() layers.Def {
	return layers.Def{
		Kind: "Flat", Doc: "one axis", Traits: layers.Moves | layers.Reshapes | layers.AnyWords,
		Attrs: func() any { return &flatAttrs{} }, Infer: layers.InferLikeInput,
		Init: func(n *ir.Node, _ ir.Data) error {
			a := ir.Attrs[flatAttrs](n)
			a.Shape = []int{n.In(0).Size()}
			return n.AddOutput(a.Shape)
		},
	}
}

// mixAttrs are those of a matrix over all values.
type mixAttrs struct {
	DataFormat string `hls:"data_format"`
}

func mix() layers.Def {
	return layers.Def{
		Kind: "Mix", Doc: "a matrix", Traits: layers.Matrix, Attrs: func() any { return &mixAttrs{} },
		Init: func(n *ir.Node, data ir.Data) error {
			if err := n.AddOutput([]int{3}); err != nil {
				return err
			}
			return layers.AddWeightAndBias(n, data, []int{n.In(0).Size(), 3}, 3)
		},
		Infer: func(n *ir.Node, env layers.InferEnv) error { return layers.InferSum(n, env, 4) },
	}
}

// like gives the output the shape of the input.
func like(n *ir.Node, _ ir.Data) error { return n.AddOutput(n.In(0).Shape) }

// foreign builds a network with kinds of a plugin.
func foreign(t *testing.T, b *net, io string, kinds ...layers.Def) *ir.Graph {
	t.Helper()
	reg := builtin.Registry()
	require.NoError(t, reg.AddLayer("plugin", kinds...))
	g, err := ir.Build(&b.Parsed, settings(t, "Vivado", io, reuse), reg)
	require.NoError(t, err)
	return g
}

// TestPluginKindHasBits asks the rules of a plugin's kinds for what they make, forward, and want, backward.
func TestPluginKindHasBits(t *testing.T) {
	asked := 0
	b := input(4).fixedPoint("q", "RND", "SAT", 2, 2, 2, 2).add("Twice", "t", &twiceAttrs{}, nil).
		add("Backwards", "b", &backwardsAttrs{}, nil).fixedPoint("r", "TRN", "SAT", 3, 4, 4, 4)
	g := foreign(t, b, "io_parallel", twice(&asked), backwards())
	apply(t, g, passes.BitExact)
	require.Positive(t, asked)
	require.Equal(t, fixed.Fixed(4, 3), g.Node("t").Format("result_t"))
	require.Equal(t, fixed.Fixed(4, 3), g.Node("b").Format("result_t"))
	require.Equal(t, []string{"t: [0 0 0 1] bits wanted behind the point"}, g.Warnings)

	trusting := input(4).fixedPoint("q", "RND", "SAT", 2, 2, 2, 2).
		add("Twice", "t", &twiceAttrs{Trust: true}, nil)
	g = foreign(t, trusting, "io_parallel", twice(&asked))
	g.Node("t").Out().Type.Format = fixed.Fixed(9, 3)
	apply(t, g, passes.BitExact)
	require.Equal(t, fixed.Fixed(9, 3), g.Node("t").Format("result_t"), "a type that is trusted stays")

	ruleless := twice(&asked)
	ruleless.Bits = layers.Bits{}
	g = foreign(t, b, "io_parallel", ruleless, backwards())
	require.EqualError(t, try(g, passes.BitExact),
		`Twice "t": BitExact: no rule for the kind, want another layer, or BitExact: false`)
}

// TestPluginKindLetsTypesThrough hands the type of a quantizer up through a plugin's kind that moves values,
// and looks through it for the quantizers behind an input.
func TestPluginKindLetsTypesThrough(t *testing.T) {
	b := input(4).dense("fc", 4, 4).add("Backwards", "b", &backwardsAttrs{}, nil).
		fixedPoint("q", "RND", "SAT", 2)
	g := foreign(t, b, "io_parallel", backwards())
	apply(t, g, passes.BitExact, passes.FuseFixedPointQuantizer)
	require.Nil(t, g.Node("q"))
	require.Equal(t, fixed.Fixed(4, 2).With(fixed.RND, fixed.SAT), g.Node("fc").Format("result_t"))
	require.Equal(t, fixed.Fixed(4, 2), g.Node("b").Format("result_t"))

	b = input(4).add("Backwards", "b", &backwardsAttrs{}, nil).fixedPoint("q", "TRN", "SAT", 2, 1, 3, 0)
	g = foreign(t, b, "io_parallel", backwards())
	apply(t, g, passes.BitExact, passes.FixInputPrecision)
	require.Equal(t, fixed.Fixed(7, 3).With(fixed.TRN, fixed.SAT), g.Node("x").Format("result_t"))
}

// TestPluginKindFuses merges a linear activation into a plugin's function, and what scales or shifts into a
// plugin's matrix.
func TestPluginKindFuses(t *testing.T) {
	asked := 0
	b := input(4).add("Twice", "t", &twiceAttrs{}, nil).act("l", "linear")
	g := foreign(t, b, "io_parallel", twice(&asked))
	require.Equal(t, []string{"merge_linear_activation"}, apply(t, g, passes.MergeLinearActivation))
	require.Nil(t, g.Node("l"))
	plain := twice(&asked)
	plain.Traits = 0
	require.Empty(t, apply(t, foreign(t, b, "io_parallel", plain), passes.MergeLinearActivation))

	data := map[string]*ir.Tensor{"weight_data": ramp(4, 3), "bias_data": ramp(3)}
	b = input(4).add("Mix", "m", &mixAttrs{}, data).biasAdd("a", 3).bn("s", 3, 2, 1)
	g = foreign(t, b, "io_parallel", mix())
	apply(t, g, passes.FuseBiasAdd, passes.FuseBatchNormalization)
	require.Len(t, g.Nodes, 2)
	require.Equal(t, []float64{1.25, 1.5, 1.75}, g.Node("m").Weight("bias").Data.Data)
	require.Equal(t, 0.25, g.Node("m").Weight("weight").Data.Data[0])
}

// TestPluginKindReshapes lets the result of a plugin's reshape be what stands before it, and puts the
// transpose before it that a conversion to channels last needs.
func TestPluginKindReshapes(t *testing.T) {
	b := input(2, 3).act("a", "relu").add("Flat", "f", &flatAttrs{}, nil).dense("fc", 6, 6)
	for io, pass := range map[string]ir.Pass{
		"io_parallel": passes.InplaceParallelReshape, "io_stream": passes.InplaceStreamFlatten,
	} {
		g := foreign(t, b, io, flat())
		apply(t, g, pass)
		require.Same(t, g.Node("a").Out(), g.Node("f").Out().Alias, io)
	}

	g := foreign(t, b, "io_parallel", flat())
	model := g.Config.HLS.Model
	model.Keys = append(model.Keys, ir.Key{Name: "ChannelsLastConversion", Value: "full"})
	apply(t, g, passes.ChannelsLastConverter)
	require.NotNil(t, g.Node("transpose_input_for_f"))
	require.Equal(t, "channels_last", ir.Attrs[flatAttrs](g.Node("f")).DataFormat)
	folded := apply(t, g, passes.RemoveTransposeBeforeFlatten)
	require.Equal(t, []string{"remove_transpose_before_flatten"}, folded)
}

// TestPluginKindRewrites runs a rewrite of a plugin's kind under the name of a pass that there is.
func TestPluginKindRewrites(t *testing.T) {
	asked := 0
	d := twice(&asked)
	d.Rewrites = []layers.Rewrite{{
		Pass:  "expand_layer_group",
		Match: func(n *ir.Node) bool { return !slices.Contains(n.Graph().Outputs, n.Name) },
		Apply: func(n *ir.Node) (bool, error) { return true, n.Graph().Remove(n) },
	}}
	b := input(4).add("Twice", "t", &twiceAttrs{}, nil).add("Twice", "u", &twiceAttrs{}, nil)
	g := foreign(t, b, "io_parallel", d)
	require.Equal(t, []string{"expand_layer_group"}, apply(t, g, passes.ExpandLayerGroup))
	require.Nil(t, g.Node("t"))
	require.NotNil(t, g.Node("u"))
}
