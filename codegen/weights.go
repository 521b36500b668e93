package codegen

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Zeros counts the zero values of a weight tensor before quantization, as hls4ml's n_zeros does.
func Zeros(t *ir.Tensor) int {
	n := 0
	for _, v := range t.Data {
		if v == 0 {
			n++
		}
	}
	return n
}

// WeightTxt is the text of weights/<name>.txt: the values in C order, each as fixed.WeightText prints it,
// separated by ", ". C++ reads the file at the first call of the simulation. Power-of-two weights are pairs
// {sign, exponent}, the sign 1.0 for positive ones.
func WeightTxt(w *ir.Weight) []byte {
	var b bytes.Buffer
	for i, v := range w.Data.Data {
		if i > 0 {
			b.WriteString(", ")
		}
		writeWeight(&b, v, w.Type.Text())
	}
	return b.Bytes()
}

func writeWeight(b *bytes.Buffer, v float64, f fixed.Format) {
	if f.Kind != fixed.KindExponent {
		b.WriteString(fixed.WeightText(v, f))
		return
	}
	p := fixed.QuantizePo2(v, f)
	sign := "0.0"
	if p.Positive {
		sign = "1.0"
	}
	fmt.Fprintf(b, "{%s, %d}", sign, p.Weight)
}

// WeightHeader is the text of weights/<name>.h. With txt the simulation gets an array to be filled from the
// .txt file, and only synthesis the initializers.
func WeightHeader(w *ir.Weight, namespace string, txt bool) []byte {
	var out Writer
	array := WeightDecl(w)
	out.Guard(namespace, w.Var, func() {
		out.Line("// %s, shape %s, %d of %d values are zero",
			w.Role, shapeText(w.Data.Shape), Zeros(w.Data), len(w.Data.Data))
		out.InNamespace(namespace, func() {
			// Compilers take minutes over initializers of a million numbers, and simulation is compiled
			// often.
			if txt {
				out.Line("#ifndef __SYNTHESIS__")
				out.Line("%s;", array)
				out.Line("#else")
			}
			out.Line("%s = {%s};", array, WeightTxt(w))
			if txt {
				out.Line("#endif")
			}
		})
	})
	return out.Bytes()
}

// WeightDecl declares the array of a weight, without semicolon.
func WeightDecl(w *ir.Weight) string {
	return fmt.Sprintf("%s %s[%d]", w.Type.Name, w.Var, len(w.Data.Data))
}

// WeightLoad is the call that fills the array of a weight from its .txt file.
func WeightLoad(w *ir.Weight) string {
	kind := ""
	if w.Type.Format.Kind == fixed.KindExponent {
		kind = "exponent_"
	}
	return fmt.Sprintf(`nnet::load_%sweights_from_txt<%s, %d>(%s, "%s.txt")`,
		kind, w.Type.Name, len(w.Data.Data), w.Var, w.Var)
}

// SizeText is the number of values of a shape as hls4ml writes it into C++: "4*3*6".
func SizeText(shape []int) string { return joinInts(shape, "*") }

func shapeText(shape []int) string { return "[" + joinInts(shape, ", ") + "]" }

func joinInts(list []int, sep string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, sep)
}
