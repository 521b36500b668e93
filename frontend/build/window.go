package build

import "fmt"

// Padding says what is put round an axis of pixels before windows slide over it.
type Padding uint8

// The paddings that frameworks work out themselves; Window.PadBy takes those that a model spells out.
const (
	// Valid is none: windows stay inside.
	Valid Padding = iota
	// Same is so much that the output has one pixel per stride, half at each end; of an odd number the one more
	// stands behind. Keras and torch call it same, ONNX SAME_UPPER.
	Same
	// SameLower is Same with the one more before, as ONNX's SAME_LOWER.
	SameLower
	// Causal is as much as Same, all of it before: an output sees no later pixel.
	Causal
)

// Window is the geometry of one axis of a convolution or pooling. The first fields are given; Pad and PadBy
// work out the others.
type Window struct {
	// Key is what the source calls Size, for messages, such as "kernel_size".
	Key      string
	In       int // pixels of the input
	Size     int // pixels that a window looks at
	Stride   int // from one window to the next
	Dilation int // from one pixel of a window to the next; 0 is 1

	Out           int // windows
	Before, After int // pixels of padding
}

// Reach is how many pixels a window covers, those between its own included.
func (w Window) Reach() int { return (w.Size-1)*max(w.Dilation, 1) + 1 }

// Pad fills in the padding and the output's size. Mirrors compute_padding_1d and compute_padding_2d of
// hls4ml's converters/utils.py, which know no dilation.
func (w Window) Pad(p Padding) (Window, error) {
	if p == Valid {
		return w.PadBy(0, 0)
	}
	if err := w.check(); err != nil {
		return w, err
	}
	// The last window begins at the last multiple of the stride and may reach over the end by what is missing.
	last := w.In % w.Stride
	if last == 0 {
		last = w.Stride
	}
	all := max(w.Reach()-last, 0)
	w.Out = (w.In + w.Stride - 1) / w.Stride
	switch p {
	case Causal:
		w.Before = all
	case SameLower:
		w.Before = (all + 1) / 2
	default:
		w.Before = all / 2
	}
	w.After = all - w.Before
	return w, nil
}

// PadBy is Pad with padding that the model spells out. Pixels at the end that make no whole window are left
// over, as in all frameworks.
func (w Window) PadBy(before, after int) (Window, error) {
	if err := w.check(); err != nil {
		return w, err
	}
	if before < 0 || after < 0 || before > MaxValues || after > MaxValues {
		return w, fmt.Errorf("padding: got %d and %d, want neither negative, and at most %d",
			before, after, MaxValues)
	}
	in := before + w.In + after
	if in < w.Reach() {
		return w, fmt.Errorf("%s: got %d, want at most the %d pixels of the input", w.Key, w.Reach(), in)
	}
	w.Before, w.After, w.Out = before, after, (in-w.Reach()+w.Stride)/w.Stride
	return w, nil
}

// Ceil lets a last window begin inside of the axis and reach over its end: pixels that PadBy leaves over get
// a window too, unless it would begin in the padding behind.
func (w Window) Ceil() (Window, error) {
	rest := (w.Before + w.In + w.After - w.Reach()) % w.Stride
	if rest == 0 || w.Out*w.Stride >= w.Before+w.In {
		return w, nil
	}
	return w.PadBy(w.Before, w.After+w.Stride-rest)
}

func (w Window) check() error {
	if w.Size < 1 || w.Stride < 1 {
		return fmt.Errorf("%s, strides: got %d, %d, want both positive", w.Key, w.Size, w.Stride)
	}
	return nil
}

// Pixels is a shape as height, width and channels, for layers over that many axes of pixels; one axis has the
// height 1.
func Pixels(shape []int, axes int) (h, w, channels int, err error) {
	if len(shape) != axes+1 {
		return 0, 0, 0, fmt.Errorf("input: got shape %v, want %d axes of pixels and one of channels", shape, axes)
	}
	if axes == 1 {
		return 1, shape[0], shape[1], nil
	}
	return shape[0], shape[1], shape[2], nil
}
