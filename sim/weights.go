package sim

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Firmware gets its weights as decimal text in a header file, with as many digits as the type asks for. A
// weight in the middle between two raws may round another way than the number itself would.

// Weights are the raw integers of a weight, in its layout, as the firmware holds them: through the decimal
// text that hls4ml prints. The format must be narrow; a power of two is packed as fixed.Po2 does.
func Weights(w *ir.Weight) []int64 {
	f, text := w.Type.Format, w.Type.Text()
	out := make([]int64, len(w.Data.Data))
	for i, v := range w.Data.Data {
		if f.Kind == fixed.KindExponent {
			out[i] = fixed.QuantizePo2(v, f).Raw()
		} else {
			out[i] = fixed.QuantizeText(v, text, f)
		}
	}
	return out
}

// WeightNums is Weights for formats of any width.
func WeightNums(w *ir.Weight) []Num {
	f, text := w.Type.Format, w.Type.Text()
	out := make([]Num, len(w.Data.Data))
	for i, v := range w.Data.Data {
		if f.Kind == fixed.KindExponent {
			out[i] = NewNum(fixed.QuantizePo2(v, f).Raw(), f)
		} else {
			out[i] = Num{X: fixed.QuantizeTextBig(new(big.Int), v, text, f), T: f}
		}
	}
	return out
}
