package kif

import "slices"

// Windows says which values of a picture each output pixel of a convolution or pooling sees.
type Windows struct {
	Shape  []int   // of the output pixels
	Places [][]int // per output pixel, in C order, channels innermost; -1 is padding
}

// Spacing says where windows stand, one entry per axis of pixels: one or two.
type Spacing struct {
	Size, Stride, Dilation []int
	Before, After          []int // padding
}

// twoAxes is the spacing with an axis of one pixel before its own.
func (s Spacing) twoAxes() Spacing {
	with := func(first int, axes []int) []int { return append([]int{first}, axes...) }
	return Spacing{
		with(1, s.Size), with(1, s.Stride), with(1, s.Dilation), with(0, s.Before), with(0, s.After),
	}
}

// steps is how many windows stand along an axis of n pixels.
func (s Spacing) steps(axis, n int) int {
	return (n+s.Before[axis]+s.After[axis]-(s.Size[axis]-1)*s.Dilation[axis]-1)/s.Stride[axis] + 1
}

// Over lists the windows over a picture of the shape (axes..., channels). Their number follows from the
// spacing and the picture, whatever the layer says of its output, as in hls4ml's im2col.
func (s Spacing) Over(picture []int) Windows {
	if len(s.Size) == 1 {
		w := s.twoAxes().Over(append([]int{1}, picture...))
		w.Shape = w.Shape[1:]
		return w
	}
	out := Windows{Shape: []int{s.steps(0, picture[0]), s.steps(1, picture[1])}}
	for y := range out.Shape[0] {
		for x := range out.Shape[1] {
			out.Places = append(out.Places, s.window(picture, y, x))
		}
	}
	return out
}

// window lists what the window of output pixel (y, x) sees.
func (s Spacing) window(picture []int, y, x int) []int {
	h, w, c := picture[0], picture[1], picture[2]
	var seen []int
	for fy := range s.Size[0] {
		for fx := range s.Size[1] {
			iy := y*s.Stride[0] + fy*s.Dilation[0] - s.Before[0]
			ix := x*s.Stride[1] + fx*s.Dilation[1] - s.Before[1]
			inside := iy >= 0 && iy < h && ix >= 0 && ix < w
			for ch := range c {
				if inside {
					seen = append(seen, (iy*w+ix)*c+ch)
				} else {
					seen = append(seen, -1)
				}
			}
		}
	}
	return seen
}

// Columns gathers the values of x that each window sees: one row per output pixel.
func (w Windows) Columns(x Tensor) Tensor {
	width := 0
	if len(w.Places) > 0 {
		width = len(w.Places[0])
	}
	return x.Take([]int{len(w.Places), width}, slices.Concat(w.Places...))
}
