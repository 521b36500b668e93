package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// windows says which values of a picture each output pixel of a convolution or pooling sees, channels
// innermost; -1 is padding.
type windows struct {
	shape  []int // of the output pixels
	places [][]int
}

// spacing says where windows stand, one entry per axis.
type spacing struct {
	size, stride, dilation []int
	before, after          []int // padding
}

// twoAxes is the spacing with an axis of one pixel before its own.
func (s spacing) twoAxes() spacing {
	with := func(first int, axes []int) []int { return append([]int{first}, axes...) }
	return spacing{
		with(1, s.size), with(1, s.stride), with(1, s.dilation), with(0, s.before), with(0, s.after),
	}
}

// windowsOf lists the windows over a picture (axes..., channels).
func windowsOf(picture []int, s spacing) windows {
	if len(s.size) == 1 {
		w := windowsOf(append([]int{1}, picture...), s.twoAxes())
		w.shape = w.shape[1:]
		return w
	}
	h, wd, c := picture[0], picture[1], picture[2]
	size, stride, dilation, before := s.size, s.stride, s.dilation, s.before
	steps := func(axis, n int) int {
		return (n+before[axis]+s.after[axis]-(size[axis]-1)*dilation[axis]-1)/stride[axis] + 1
	}
	out := windows{shape: []int{steps(0, h), steps(1, wd)}}
	for y := range out.shape[0] {
		for x := range out.shape[1] {
			var seen []int
			for fy := range size[0] {
				for fx := range size[1] {
					iy, ix := y*stride[0]+fy*dilation[0]-before[0], x*stride[1]+fx*dilation[1]-before[1]
					inside := iy >= 0 && iy < h && ix >= 0 && ix < wd
					for ch := range c {
						if inside {
							seen = append(seen, (iy*wd+ix)*c+ch)
						} else {
							seen = append(seen, -1)
						}
					}
				}
			}
			out.places = append(out.places, seen)
		}
	}
	return out
}

// frame are strides, dilation and padding of windows of n. Poolings have no dilation.
func frame(n *ir.Node, size []int) spacing {
	s := spacing{size: size}
	sides := [][3]string{{"height", "top", "bottom"}, {"width", "left", "right"}}
	for _, side := range sides[2-len(size):] {
		s.stride = append(s.stride, intAttr(n, "stride_"+side[0]))
		gap, _ := ir.GetAttr(n.Attrs, "dilation_"+side[0])
		dilation, _ := gap.(int)
		s.dilation = append(s.dilation, max(dilation, 1))
		s.before = append(s.before, intAttr(n, "pad_"+side[1]))
		s.after = append(s.after, intAttr(n, "pad_"+side[2]))
	}
	return s
}

// convolve is the rule of convolutions: padding has no bits. A depthwise one is taken for one with a single
// filter over all channels, as in hls4ml.
func convolve(n *ir.Node, x kif) (kif, error) {
	w := n.Weight("weight").Data
	axes := len(w.Shape) - 2
	if format, _ := ir.GetAttr(n.Attrs, "data_format"); format != "channels_last" || axes != len(x.shape)-1 {
		return kif{}, wrongKind(n)
	}
	win := windowsOf(x.shape, frame(n, w.Shape[:axes]))
	columns := x.take([]int{len(win.places), ir.Size(w.Shape[:axes+1])}, slices.Concat(win.places...))
	matrix, err := w.Reshape(ir.Size(w.Shape[:axes+1]), w.Shape[axes+1])
	if err != nil {
		return kif{}, err
	}
	out, err := withBias(columns.interval().matmul(matrix))(n.Weight("bias"))
	if err == nil { // a bias spreads the single filter of a depthwise one over the channels
		out.shape = slices.Concat(win.shape, out.shape[len(out.shape)-1:])
	}
	return out, err
}

func isPooling(n *ir.Node) bool {
	return slices.Contains([]string{"Pooling1D", "Pooling2D", "GlobalPooling1D", "GlobalPooling2D"}, n.Kind)
}

func isAverage(n *ir.Node) bool {
	op, _ := ir.GetAttr(n.Attrs, "pool_op")
	return op == "Average"
}

// pixels is the size of the window of a pooling.
func pixels(n *ir.Node) []int {
	switch n.Kind {
	case "Pooling1D":
		return []int{intAttr(n, "pool_width")}
	case "Pooling2D":
		return []int{intAttr(n, "pool_height"), intAttr(n, "pool_width")}
	}
	in := n.In(0).Shape
	return in[:len(in)-1]
}

// pooled is the rule of poolings: each result has the most bits of its window, in which padding counts as
// none, and an average those of the division by the number of its pixels.
func pooled(n *ir.Node, x kif) (kif, error) {
	size, channels := pixels(n), intAttr(n, "n_filt")
	if len(x.shape) != len(size)+1 || x.shape[len(size)] != channels {
		return kif{}, wrongKind(n)
	}
	global := n.Kind == "GlobalPooling1D" || n.Kind == "GlobalPooling2D"
	one, none := filled(len(size), 1), make([]int, len(size))
	where := spacing{size, one, one, none, none}
	if !global {
		where = frame(n, size)
	}
	win := windowsOf(x.shape, where)
	out := newKIF(slices.Concat(win.shape, []int{channels}), 0, 0, 0)
	for p, places := range win.places {
		for c := range channels {
			at, count := p*channels+c, 0
			for j := c; j < len(places); j += channels {
				k, i, f := 0, 0, 0
				if s := places[j]; s >= 0 {
					k, i, f = x.k[s], x.i[s], x.f[s]
					count++
				}
				if j == c {
					out.k[at], out.i[at], out.f[at] = k, i, f
				}
				out.k[at], out.i[at], out.f[at] = max(out.k[at], k), max(out.i[at], i), max(out.f[at], f)
			}
			if isAverage(n) {
				_, _, f := minimalKIF(1 / float64(count))
				out.f[at] += f
			}
		}
	}
	if global {
		out.shape = out.shape[1:] // the pixel: of two axes the second stays, one long
	}
	return out, nil
}
