package conformance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// limitCase is a network with a setting that does not work in the place of its setup.
type limitCase struct {
	kind, setting string
	setup         setup
	shape         []int
	build         func(b *builder)
	key           ir.Key // of the model's configuration
	want          string // of the error or, with warned, of a warning
	warned        bool
}

const (
	array  = ir.Parallel
	stream = ir.Stream
)

func on(backend string, io ir.IOType, strategy string, reuse int) setup {
	s := setup{backend: backend, io: io, precision: everyday}
	s.name, s.reuse = strategy, reuse
	return s
}

func limitCases() []limitCase {
	conv := func(kind string, f filter) func(b *builder) { return func(b *builder) { b.convolution(kind, f) } }
	row, window := filter{w: 3, strideW: 1, out: 2}, filter{h: 2, w: 2, strideH: 1, strideW: 1, out: 2}
	encoded := ir.Key{Name: "ConvImplementation", Value: "Encoded"}
	cases := []limitCase{
		{"Activation", "relu6 and relu1", on("Vitis", stream, "", 1), []int{4}, simple("Activation", "relu6"),
			ir.Key{}, `activation "relu6": no C++ for backend Vitis with io_stream`, false},
		{"Broadcast", "other shapes than (1, 1, C) and (H, W, 1) for (H, W, C)", on("Vivado", stream, "", 1),
			[]int{2, 3, 2}, smaller(1, 3, 2), ir.Key{}, "want (1, 1, C) or (H, W, 1) for (H, W, C)", false},
		{"Dense", "Compression true", on("Vitis", array, "", 1), []int{4}, func(b *builder) { b.matrix(4, 2) },
			ir.Key{Name: "Compression", Value: true}, "Compression: got true, which hls4ml 1.3.0 cannot build", false},
		{"Dense", "an input of more than three axes", on("Vitis", array, "", 1), []int{2, 2, 2, 4},
			func(b *builder) { b.matrix(4, 2) }, ir.Key{}, "input: got 4 axes, want at most 3", false},
		{"Dot", "inputs of more than one axis", on("Vivado", array, "", 1), []int{2, 3},
			branches("Dot", []int{1}, map[string]any{}), ir.Key{}, "want two vectors of one size", false},
		{"Resize", "sizes that are no multiples", on("Vitis", stream, "", 1), []int{2, 3, 1},
			picture("Resize", []int{3, 3, 1}, map[string]any{}), ir.Key{}, "want multiples in io_stream", false},
		{"Resize", "large factors", on("Vitis", array, "", 1), []int{3, 1}, enlarged,
			ir.Key{}, "for which the firmware reads behind the picture", false},
		{"Softmax", "an axis other than the last", on("Vivado", stream, "", 1), []int{2, 3},
			func(b *builder) {
				b.add("Softmax", "Softmax", "act", map[string]any{
					"activation": "softmax", "axis": 0, "n_outer": 1, "n_inner": 3,
				})
			}, ir.Key{}, "axis", false},
		{"Conv1D", "ConvImplementation Encoded", on("Vitis", stream, "", 1), []int{6, 2}, conv("Conv1D", row),
			encoded, "Encoded", true},
		{"Conv2D", "ConvImplementation Encoded", on("Vitis", stream, "", 1), []int{4, 4, 2},
			conv("Conv2D", window), encoded, "Encoded", true},
		{"TimeDistributed", "TimeStepLoopParallelism Unroll", on("Vitis", stream, "", 1), []int{3, 6},
			func(b *builder) {
				repeated(sixToFour)(b)
				key := "time_step_loop_parallelism"
				if _, err := ir.SetAttr(b.layers[len(b.layers)-1].Attrs, key, "Unroll"); err != nil {
					b.fail(err)
				}
			}, ir.Key{}, "got Unroll with io_stream", true},
		{"Pooling2D", "windows that overlap", on("Vivado", stream, "", 1), []int{5, 5, 1},
			pooled("Pooling2D", []int{4, 4, 1}, map[string]any{
				"pool_op": "Max", "n_filt": 1, "in_height": 5, "in_width": 5, "out_height": 4, "out_width": 4,
				"pool_height": 2, "pool_width": 2, "stride_height": 1, "stride_width": 1,
			}), ir.Key{}, "want the size of the windows", false},
	}
	for _, axes := range []string{"1D", "2D"} {
		cases = append(cases, axesLimits(axes)...)
	}
	squares := "ConvImplementation Encoded with windows that are no squares"
	for kind, out := range map[string]int{"Conv2D": 3, "DepthwiseConv2D": 2} {
		cases = append(cases, limitCase{kind, squares, on("Vivado", stream, "", 1), []int{4, 4, 2},
			conv(kind, filter{h: 2, w: 3, strideH: 1, strideW: 1, out: out}), encoded, "want squares", false})
	}
	return slices.Concat(cases, cellLimitCases(), einsumLimits())
}

// cellLimitCases are those of recurrent layers.
func cellLimitCases() []limitCase {
	var cases []limitCase
	for _, kind := range []string{"SimpleRNN", "LSTM", "GRU", "Bidirectional"} {
		for _, l := range []struct {
			setting, key string
			value        any
			want         string
		}{
			{"activations other than linear, relu, sigmoid and tanh", "activation", "selu", `activation: got "selu"`},
			{"time_major", "time_major", true, "time_major: got true"},
			{"return_state", "return_state", true, "return_state: got true"},
		} {
			build, key := cellOf(kind, false, nil), l.key
			switch {
			case kind == "Bidirectional":
				build = both("concat", "LSTM", "GRU", false)
				key = strings.Replace(key, "activation", "backward_activation", 1)
			case l.setting == "return_state":
				continue
			}
			cases = append(cases, limitCase{kind, l.setting, on("Vitis", array, "", 1), []int{3, 2},
				func(b *builder) {
					build(b)
					if _, err := ir.SetAttr(b.layers[len(b.layers)-1].Attrs, key, l.value); err != nil {
						b.fail(err)
					}
				}, ir.Key{}, l.want, false})
		}
	}
	return append(cases, limitCase{"GRU", "reset_after false", on("Vivado", stream, "", 1), []int{3, 2},
		cellOf("GRU", false, map[string]any{"apply_reset_gate": "before"}), ir.Key{}, "reset_after: got", true})
}

// axesLimits are the limits that kinds over one axis and over two share.
func axesLimits(axes string) []limitCase {
	shape, f, pool := []int{6, 2}, filter{w: 3, strideW: 1, out: 2}, map[string]any{
		"pool_op": "Max", "n_filt": 2, "n_in": 6, "n_out": 2, "pool_width": 3, "stride_width": 3,
	}
	padded := map[string]any{
		"pool_op": "Max", "n_filt": 2, "n_in": 6, "n_out": 6, "pool_width": 3, "stride_width": 1,
		"pad_left": 1, "pad_right": 1,
	}
	out, same := []int{2, 2}, []int{6, 2}
	if axes == "2D" {
		shape, f.h, f.strideH, out, same = []int{3, 6, 2}, 1, 1, []int{1, 2, 2}, []int{3, 6, 2}
		square := map[string]any{"in_height": 3, "in_width": 6, "pool_height": 3}
		for k, v := range square {
			pool[k], padded[k] = v, v
		}
		pool["out_height"], pool["out_width"], pool["stride_height"] = 1, 2, 3
		padded["out_height"], padded["out_width"], padded["stride_height"] = 3, 6, 1
		padded["pad_top"], padded["pad_bottom"] = 1, 1
		for _, m := range []map[string]any{pool, padded} {
			delete(m, "n_in")
			delete(m, "n_out")
		}
	}
	encoded := ir.Key{Name: "ConvImplementation", Value: "Encoded"}
	depthwise := "DepthwiseConv" + axes
	more := f
	more.out = 4
	cases := []limitCase{
		{"Pooling" + axes, "padding", on("Vivado", stream, "", 1), shape, pooled("Pooling"+axes, same, padded),
			ir.Key{}, "padding: got some in io_stream, want none", false},
		{"Pooling" + axes, "ConvImplementation Encoded", on("Vitis", stream, "", 1), shape,
			pooled("Pooling"+axes, out, pool), encoded, "ConvImplementation: got Encoded, which Vitis", false},
		{depthwise, "Strategy Resource", on("Vitis", array, "Resource", 2), shape,
			func(b *builder) { b.convolution(depthwise, f) }, ir.Key{}, "Strategy: got Resource", true},
		{depthwise, "depth_multiplier over 1", on("Vivado", array, "", 1), shape,
			func(b *builder) { b.convolution(depthwise, more) }, ir.Key{}, "depth_multiplier: got 4 filters", false},
	}
	for _, kind := range []string{"Conv" + axes, depthwise} {
		cases = append(cases, limitCase{kind, "dilation_rate", on("Vitis", array, "", 1), shape,
			func(b *builder) {
				b.convolution(kind, f)
				if _, err := ir.SetAttr(b.layers[len(b.layers)-1].Attrs, "dilation_rate", []int{2}); err != nil {
					b.fail(err)
				}
			}, ir.Key{}, "dilation_rate: got [2], which hls4ml 1.3.0 reads past", true},
			limitCase{kind, "dilation_rate with ConvImplementation Encoded", on("Vivado", stream, "", 1), shape,
				dilated(kind, f, 2), encoded, "got Encoded with dilation_rate", false})
	}
	return cases
}

// smaller multiplies a picture by one of another shape made from it.
func smaller(h, w, c int) func(b *builder) {
	return func(b *builder) {
		size := b.copyShape()
		broadcast("", size[0], size[1], size[2], h, w, c).build(b)
	}
}

// enlarged makes 768 pixels of a line of three: a factor from which arrays count in too large steps.
func enlarged(b *builder) {
	picture("Resize", []int{768, 1}, map[string]any{"in_height": 1, "out_height": 1})(b)
}

// TestLargeFactorsOfStreams enlarges a stream by a factor that is too large for arrays.
func TestLargeFactorsOfStreams(t *testing.T) {
	c := kindCase{"large factors", []int{3, 1}, enlarged, nil}
	n := c.network(t, on("Vitis", stream, "", 1))
	m, err := toolkit(t).NewModel(n.parsed, n.config)
	require.NoError(t, err)
	verifyAll(t, []trial{{c.name, m, n.samples(samplesPerNetwork)}}, hlsgo.FirmwareOptions{})
}

// TestLargeOutputsTakeSmallBlocks bounds the memory for the answers of a block, which planes of zeros do not
// show, down to one sample where pictures are on grids.
func TestLargeOutputsTakeSmallBlocks(t *testing.T) {
	for size, want := range map[int]int{4: 1024, 1 << 16: 192, 1 << 19: 1} {
		c := kindCase{"padding", []int{1, 1}, picture("ZeroPadding1D", []int{size, 1}, map[string]any{
			"pad_left": 0, "pad_right": size - 1, "in_width": 1, "out_width": size,
		}), nil}
		n := c.network(t, on("Vitis", array, "", 1))
		m, err := toolkit(t).NewModel(n.parsed, n.config)
		require.NoError(t, err)
		p, err := m.Compile(sim.Options{})
		require.NoError(t, err)
		require.Equal(t, want, p.BlockSize(), "%d values", size)
	}
}

// TestLimits wants every setting that is listed as not working refused before anything is written, by an
// error or, where another value is taken, with a warning.
func TestLimits(t *testing.T) {
	tk := toolkit(t)
	var tested []string
	rows := tabletest.New(t)
	for _, c := range limitCases() {
		tested = append(tested, c.kind+": "+c.setting)
		rows.Run(c.kind+" "+c.setting, func(t *tabletest.T) {
			n := kindCase{c.kind, c.shape, c.build, nil}.network(t, c.setup)
			if c.key.Name != "" {
				n.config.HLS.Model.Keys = append(n.config.HLS.Model.Keys, c.key)
			}
			m, err := tk.NewModel(n.parsed, n.config)
			if err == nil {
				err = prepare(m)
			}
			if c.warned {
				require.NoError(t, err)
				require.Contains(t, strings.Join(m.Warnings(), "\n"), c.want)
				return
			}
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, c.kind)
		})
	}
	for _, row := range tk.Layers() {
		for _, l := range row.Limits {
			made := strings.HasPrefix(row.Kind, "Pointwise") || row.Kind == "Conv2DBatchnorm" // as Conv2D
			if l.Setting != "" && !made {
				require.Contains(t, tested, row.Kind+": "+l.Setting)
			}
		}
	}
}

// prepare does all that comes before writing.
func prepare(m *hlsgo.Model) error {
	if _, err := m.Compile(sim.Options{}); err != nil {
		return err
	}
	_, err := m.Project()
	return err
}

// TestLimitsAreReportedTogether wants one error for all layers that do not work.
func TestLimitsAreReportedTogether(t *testing.T) {
	padded := map[string]any{
		"pool_op": "Max", "n_filt": 2, "n_in": 6, "n_out": 6, "pool_width": 3, "stride_width": 1,
		"pad_left": 1, "pad_right": 1,
	}
	c := kindCase{"several", []int{6, 2}, func(b *builder) {
		pooled("Pooling1D", []int{6, 2}, padded)(b)
		b.add("Activation", "Activation", "relu", map[string]any{"activation": "relu"})
		b.add("Softmax", "Softmax", "soft", map[string]any{
			"activation": "softmax", "axis": 0, "n_outer": 1, "n_inner": 2,
		})
	}, nil}
	n := c.network(t, on("Vitis", stream, "", 1))
	m, err := toolkit(t).NewModel(n.parsed, n.config)
	require.NoError(t, err)
	err = prepare(m)
	require.ErrorContains(t, err, `Pooling1D "pool": padding`)
	require.ErrorContains(t, err, `Softmax "soft": axis`)
}
