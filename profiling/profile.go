package profiling

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Stage is the side of the optimization on which a tensor was seen.
type Stage string

// The two stages: the network as read, in floating point, and the final graph, as the firmware computes it.
const (
	Before Stage = "before"
	After  Stage = "after"
)

// Stages lists both stages in the order in which pictures and tables show them.
func Stages() []Stage { return []Stage{Before, After} }

// Group says what a tensor is to its layer.
type Group string

// The groups of tensors.
const (
	Weights     Group = "weights"
	Activations Group = "activations" // what layers answer, the model's inputs included
)

// Groups lists the groups in the order in which pictures and tables show them.
func Groups() []Group { return []Group{Weights, Activations} }

// Profile holds the distributions of a model's tensors. It is plain data: its JSON holds all numbers behind
// every picture.
type Profile struct {
	Model   string    `json:"model"`
	Backend string    `json:"backend"`
	IOType  ir.IOType `json:"io_type"`
	// Samples is the number of samples that the activations come from; 0: weights only.
	Samples int `json:"samples"`
	// BadInputs counts input values that are infinite or not a number.
	BadInputs int `json:"bad_inputs"`
	// Float and Fixed tell how well the two models tell classes apart; nil without labels.
	Float   *Scores  `json:"float,omitempty"`
	Fixed   *Scores  `json:"fixed,omitempty"`
	Tensors []Tensor `json:"tensors"`
}

// Tensor is the distribution of one tensor at one stage.
type Tensor struct {
	// Label is unique within a group and stage: "fc1/w" for a weight, "fc1" for what a layer answers.
	Label string `json:"label"`
	Layer string `json:"layer"`
	Kind  string `json:"kind"` // class of the layer: "Dense", "Activation", ...
	// Role is the weight's name in its layer ("weight", "bias", "scale", ...), "result", or "input" for an
	// input of the model.
	Role  string `json:"role"`
	Group Group  `json:"group"`
	Stage Stage  `json:"stage"`
	// Type is the tensor's type as a configuration writes it; "auto" where inference has still to find it.
	Type string `json:"type"`
	// Range is what the type can hold; nil where there is none (auto, floating point).
	Range *Range `json:"range,omitempty"`
	// Origin lists the layers of the source whose work the layer does.
	Origin []string `json:"origin,omitempty"`
	// Partner is the label of the tensor that holds the same values at the other stage; "": none.
	Partner string `json:"partner,omitempty"`
	Stats
	// Fit compares what the tensor should hold with its type in the firmware; nil: there is nothing to
	// compare.
	Fit *Fit `json:"fit,omitempty"`
}

// Range is the part of the log2 axis that a type covers: from its step 2^Low to 2^High, beyond which it
// overflows. hls4ml draws it as a grey box.
type Range struct {
	Low  int `json:"low"`
	High int `json:"high"`
}

// RangeOf is the range of a format, by hls4ml's rule: from the weight of the last fractional bit to that of
// the sign bit, or of the bit above an unsigned format. It is nil for formats whose raw integers are not
// values on a grid: floating point, powers of two, and those not known yet.
func RangeOf(f fixed.Format) *Range {
	switch f.Kind {
	case fixed.KindFixed, fixed.KindInt, fixed.KindXnor:
	default:
		return nil
	}
	r := &Range{Low: -f.F(), High: f.I}
	if f.Signed {
		r.High--
	}
	return r
}

// Stats are the statistics of the values of a tensor.
type Stats struct {
	Count int64 `json:"count"` // of finite values
	Zeros int64 `json:"zeros"`
	// NonFinite counts the values that are infinite or not a number; they are in nothing else.
	NonFinite int64 `json:"non_finite"`
	// Min, Max and Mean are those of all finite values, with sign and zeros.
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
	Mean float64 `json:"mean"`
	// Abs summarizes |x| of the values that are not zero; nil: there are none.
	Abs *Summary `json:"abs,omitempty"`
	// Bins counts |x| of the values that are not zero, from the smallest octave to the largest without gaps.
	Bins []Bin `json:"bins,omitempty"`
	// QuantileError bounds the relative error of Q1, Median and Q3; 0: they are exact.
	QuantileError float64 `json:"quantile_error"`
}

// Summary is a distribution in numbers. Quantiles are those of numpy.percentile: linear between neighbours.
type Summary struct {
	Min    float64 `json:"min"`
	Q1     float64 `json:"q1"`
	Median float64 `json:"median"`
	Q3     float64 `json:"q3"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
}

// Parts is the number of equal parts into which a Bin splits its octave.
const Parts = 8

// Bin counts the values with 2^Log2 <= |x| < 2^(Log2+1).
type Bin struct {
	Log2  int   `json:"log2"`
	Count int64 `json:"count"`
	// Parts splits Count: part k holds the values of [1+k/8, 1+(k+1)/8) * 2^Log2.
	Parts [Parts]int64 `json:"parts"`
}

// Select lists the tensors of a group at a stage, in the order of the layers.
func (p *Profile) Select(g Group, s Stage) []*Tensor {
	var out []*Tensor
	for i := range p.Tensors {
		if t := &p.Tensors[i]; t.Group == g && t.Stage == s {
			out = append(out, t)
		}
	}
	return out
}

// Find returns the tensor with the label, or nil.
func (p *Profile) Find(g Group, s Stage, label string) *Tensor {
	for _, t := range p.Select(g, s) {
		if t.Label == label {
			return t
		}
	}
	return nil
}
