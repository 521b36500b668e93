package conv

import (
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// answered lists the windows of the output pixels in the order in which the generated code writes them.
func answered(n *ir.Node, stream bool) ([][]int, error) {
	g, pointwise := geometry(n), strings.HasPrefix(n.Kind, "Pointwise")
	if err := g.fit(n); err != nil {
		return nil, err
	}
	if !stream {
		return g.all(), nil
	}
	// The buffers of streams push pixels and know no border. A pass puts a ZeroPadding before the layer; a
	// window that reaches out here means that it did not run.
	if g.padded() {
		return nil, n.Errorf("padding: got some in io_stream, want a layer of its own for it")
	}
	switch implementation := CommonOf(n).Implementation; {
	// A kernel of one pixel needs no buffer: it answers the pixels that stride leaves as they arrive.
	case pointwise:
		return g.all(), nil
	case implementation == ir.Encoded:
		return g.encoded(n)
	case implementation != ir.LineBuffer && implementation != "":
		return nil, n.Errorf("ConvImplementation: got %q, want LineBuffer or Encoded", implementation)
	}
	return g.lineBuffer(Attrs2D(n) != nil), nil
}

// padded reports whether a window reaches out of the input. The padding before is an attribute; that behind
// shows in where the last window ends.
func (g windows) padded() bool {
	return g.padTop != 0 || g.padLeft != 0 || (g.outH-1)*g.strideH+g.reachH() > g.height ||
		(g.outW-1)*g.strideW+g.reachW() > g.width
}

// lineBuffer lists the windows that the line buffers of streams answer. A filter of one row over two axes
// goes through the buffer for one axis, which answers every row: the reader takes the first ones, whatever
// the stride of the rows. mirrors nnet::conv_2d_buffer_cl in nnet_conv2d_stream.h. The number of windows is
// still that of the output: later rows are computed by the hardware and read by nobody.
func (g windows) lineBuffer(twoAxes bool) [][]int { return g.buffered(twoAxes).all() }

// buffered is the geometry of lineBuffer's windows.
func (g windows) buffered(twoAxes bool) windows {
	if twoAxes && g.filtH == 1 {
		g.strideH = 1
	}
	return g
}

// streamed is the geometry of the windows that answered lists for streams; false: they have none, or are
// refused.
func streamed(n *ir.Node, g windows) (windows, bool) {
	i := CommonOf(n).Implementation
	switch {
	case g.padded():
		return g, false
	case strings.HasPrefix(n.Kind, "Pointwise"):
		return g, true
	}
	return g.buffered(Attrs2D(n) != nil), i == ir.LineBuffer || i == ""
}

// instructions are what the encoded implementation does with each pixel of a shortened picture: bit f says
// that the pixel stands at place f of some window.
type instructions struct {
	height, width int
	masks         []uint64 // row by row
}

// shortest is the number of pixels of the shortest line that a filter treats like a line of size pixels.
// mirrors compute_conv1d_instructions of fpga_backend.py. Pixels in the middle of a long line repeat with
// the period of the stride, and stand at the same places of windows as those one stride before. A table for
// a line that holds the two edges and one period is therefore enough; scaled finds the entry of a pixel in
// it. outputs is how many windows the shortest line has.
func shortest(size, filt, stride int) (pixels, outputs int) {
	low, high := min(filt, stride), max(filt, stride)
	pixels = min(((high+low-1)/low-1)*stride+filt, size)
	outputs = (pixels-filt)/stride + 1
	// The stride leaves pixels at the end that no window covers: one more entry, whose mask stays zero,
	// stands for all of them.
	if (size-filt)/stride*stride+filt < size {
		pixels++
	}
	return pixels, outputs
}

// encode makes the instructions. Over two axes hls4ml takes the filter's height and stride for both.
func (g windows) encode(n *ir.Node) (*instructions, error) {
	if g.dilated() {
		return nil, n.Errorf("ConvImplementation: got Encoded with dilation_rate %v, want LineBuffer",
			CommonOf(n).DilationRate)
	}
	// A mask is one word here and a literal in the generated code, one bit for each place of the window.
	if size := g.filtH * g.filtW; size > 63 {
		return nil, n.Errorf("ConvImplementation: got Encoded with a filter of %d pixels, want at most 63", size)
	}
	// For other windows hls4ml's instructions are those of a square one: the product would be of pixels
	// that are not the window's.
	if Attrs2D(n) != nil && (g.filtH != g.filtW || g.strideH != g.strideW) {
		return nil, n.Errorf("ConvImplementation: got Encoded with a filter of %d by %d and strides %d, %d, "+
			"want squares", g.filtH, g.filtW, g.strideH, g.strideW)
	}
	height, rows := shortest(g.height, g.filtH, g.strideH)
	width, cols := shortest(g.width, g.filtW, g.strideW)
	s := &instructions{height: height, width: width, masks: make([]uint64, height*width)}
	for row := range rows {
		for col := range cols {
			// Place f counts rows first, as the queues of the firmware do. A pixel may stand in several
			// windows, at a place of its own in each.
			for f := range g.filtH * g.filtW {
				at := (row*g.strideH+f/g.filtW)*width + col*g.strideW + f%g.filtW
				s.masks[at] |= 1 << f
			}
		}
	}
	return s, nil
}

// Encode stores what the encoded implementation needs in the state of n. A kernel of one pixel does
// without. mirrors the pass generate_conv_streaming_instructions.
func Encode(n *ir.Node) error {
	s, err := geometry(n).encode(n)
	if err != nil {
		// It never reads them, so that what is wrong with them does not matter.
		if strings.HasPrefix(n.Kind, "Pointwise") {
			return nil
		}
		return err
	}
	c := StateOf(n)
	c.MinWidth = &s.width
	if Attrs2D(n) != nil {
		c.MinHeight = &s.height
	}
	text := make([]string, len(s.masks))
	for i, m := range s.masks {
		text[i] = strconv.FormatUint(m, 10)
	}
	c.Instructions = strings.Join(text, ",")
	return nil
}

// scaled is the place of pixel i of a line of size pixels in the shortest line of width pixels. mirrors
// nnet::scale_index_regular and scale_index_unscaled in nnet_conv_types.h.
func scaled(i, size, width, filt, stride int) int {
	if size == width {
		return i
	}
	low, high := min(filt, stride), max(filt, stride)
	used := (size-filt)/stride*stride + filt
	end := ((high+low-1)/low-1)*stride + filt
	switch edge := high - low; {
	case i < edge:
		return i
	case i >= used:
		return end
	case used-i <= edge:
		return end - (used - i)
	default:
		return edge + (i-edge)%stride
	}
}

// encoded lists the windows that the encoded implementation answers: each place of the window has a queue,
// and the last place starts the product. mirrors nnet::compute_output_encoded in nnet_conv_stream.h.
func (g windows) encoded(n *ir.Node) ([][]int, error) {
	s, err := g.encode(n)
	if err != nil {
		return nil, err
	}
	wrong := n.Errorf("ConvImplementation: got Encoded, whose instructions are wrong for this geometry, " +
		"want LineBuffer")
	queues := make([][]int, g.filtH*g.filtW)
	var out [][]int
	for pixel := range g.height * g.width {
		row := scaled(pixel/g.width, g.height, s.height, g.filtH, g.strideH)
		at := row*s.width + scaled(pixel%g.width, g.width, s.width, g.filtW, g.strideW)
		if at >= len(s.masks) {
			return nil, wrong
		}
		for f := range queues {
			if s.masks[at]>>f&1 == 1 {
				queues[f] = append(queues[f], pixel)
			}
		}
		if s.masks[at]>>(len(queues)-1)&1 == 0 {
			continue
		}
		window := make([]int, 0, g.size())
		for f := range queues {
			if len(queues[f]) == 0 {
				return nil, wrong
			}
			for c := range g.chans {
				window = append(window, queues[f][0]*g.chans+c)
			}
			queues[f] = queues[f][1:]
		}
		out = append(out, window)
	}
	if len(out) != g.outH*g.outW {
		return nil, wrong
	}
	return out, nil
}
