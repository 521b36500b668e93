package conformance_test

import "github.com/hlsgo/hlsgo/ir"

// convCases are the convolutions and what belongs to pictures. Windows hold 6 values, as everyStrategy wants.
func convCases() []kindCase {
	channelwise := []strategy{
		{"Latency", 1}, {"Resource", 1}, {"Resource", 2}, {"Resource", 3},
		{"Resource", 12}, {"Resource_Unrolled", 2},
	}
	conv := func(kind string, f filter) func(b *builder) { return func(b *builder) { b.convolution(kind, f) } }
	return []kindCase{
		{"Conv1D", []int{7, 2}, conv("Conv1D", filter{w: 3, strideW: 1, out: 4}), withAdders},
		{"Conv1DStride", []int{8, 2}, conv("Conv1D", filter{w: 3, strideW: 2, out: 3}), nil},
		{"Conv1DPadded", []int{7, 2}, conv("Conv1D", filter{w: 3, strideW: 1, pad: 1, out: 4}), nil},
		{"Conv2D", []int{4, 5, 1},
			conv("Conv2D", filter{h: 2, w: 3, strideH: 1, strideW: 1, out: 4}), withAdders},
		{"Conv2DColumn", []int{6, 4, 2},
			conv("Conv2D", filter{h: 3, w: 1, strideH: 2, strideW: 1, out: 4}), withAdders},
		{"Conv2DRow", []int{4, 6, 2},
			conv("Conv2D", filter{h: 1, w: 3, strideH: 1, strideW: 2, out: 4}), withAdders},
		{"Conv2DPadded", []int{5, 5, 2},
			conv("Conv2D", filter{h: 3, w: 1, strideH: 2, strideW: 1, pad: 1, out: 3}), nil},
		{"Conv1DDilated", []int{9, 2},
			dilated("Conv1D", filter{w: 3, strideW: 1, pad: 1, out: 4}, 2), withAdders},
		{"Conv2DDilated", []int{7, 8, 1},
			dilated("Conv2D", filter{h: 2, w: 3, strideH: 1, strideW: 1, out: 4}, 3), withAdders},
		{"DepthwiseConv2DDilated", []int{6, 5, 3},
			dilated("DepthwiseConv2D", filter{h: 2, w: 1, strideH: 1, strideW: 1, pad: 1, out: 3}, 4), channelwise},
		{"SeparableConv1DDilated", []int{9, 2},
			dilated("SeparableConv1D", filter{w: 3, strideW: 1, out: 3}, 3), nil},
		foldedCase(),
		{"DepthwiseConv1D", []int{7, 2}, conv("DepthwiseConv1D", filter{w: 3, strideW: 1, out: 2}), channelwise},
		{"DepthwiseConv2D", []int{5, 4, 3},
			conv("DepthwiseConv2D", filter{h: 2, w: 1, strideH: 1, strideW: 2, pad: 1, out: 3}), channelwise},
		{"SeparableConv1D", []int{7, 2}, conv("SeparableConv1D", filter{w: 3, strideW: 1, out: 3}), nil},
		{"SeparableConv2D", []int{5, 5, 2},
			conv("SeparableConv2D", filter{h: 3, w: 2, strideH: 2, strideW: 2, out: 3}), nil},
		{"ZeroPadding1D", []int{3, 2}, picture("ZeroPadding1D", []int{6, 2}, map[string]any{
			"pad_left": 2, "pad_right": 1}), nil},
		{"ZeroPadding2D", []int{2, 3, 2}, picture("ZeroPadding2D", []int{5, 5, 2}, map[string]any{
			"pad_top": 1, "pad_bottom": 2, "pad_left": 0, "pad_right": 2}), nil},
		{"Cropping1D", []int{6, 2}, picture("Cropping1D", []int{3, 2}, map[string]any{
			"crop_left": 2, "crop_right": 1}), nil},
		{"Cropping2D", []int{5, 5, 2}, picture("Cropping2D", []int{2, 3, 2}, map[string]any{
			"crop_top": 1, "crop_bottom": 2, "crop_left": 0, "crop_right": 2}), nil},
		{"Resize1D", []int{3, 2}, picture("Resize", []int{6, 2}, map[string]any{
			"in_height": 1, "out_height": 1}), nil},
		{"ResizeBilinear", []int{3, 2, 2}, picture("Resize", []int{6, 6, 2}, map[string]any{
			"algorithm": "bilinear"}), nil},
		{"ResizeBilinearRow", []int{1, 4, 2}, picture("Resize", []int{5, 4, 2}, map[string]any{
			"algorithm": "bilinear"}), nil},
		{"Resize2D", []int{2, 3, 2}, picture("Resize", []int{4, 9, 2}, map[string]any{}), nil},
	}
}

// dilated appends a convolution whose windows take every gap-th pixel, with strides of 1.
func dilated(kind string, f filter, gap int) func(b *builder) {
	return func(b *builder) {
		b.convolution(kind, f)
		l := b.layers[len(b.layers)-1]
		sides := []string{"height", "width"}[2-len(b.shape)+1:]
		for i, size := range []int{f.h, f.w}[2-len(sides):] {
			b.shape[i] -= (size - 1) * (gap - 1)
			for name, v := range map[string]int{"out_": b.shape[i], "dilation_": gap} {
				if _, err := ir.SetAttr(l.Attrs, name+sides[i], v); err != nil {
					b.fail(err)
				}
			}
		}
		b.shapes[l.Name] = b.copyShape()
	}
}
