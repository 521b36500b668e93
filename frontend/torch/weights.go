package torch

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// stored is a tensor in the file: the bytes of its storage, and which of the elements are its own.
type stored struct {
	name   string
	bytes  func() (io.ReaderAt, int64, error)
	dtype  int
	shape  []int
	stride []int // in elements
	offset int   // in elements
}

// entry is how an archive describes a tensor.
type entry struct {
	Path   string      `json:"path_name"`
	Pickle bool        `json:"use_pickle"`
	Meta   *tensorMeta `json:"tensor_meta"`
}

const (
	stridedLayout = 7
	maxRank       = 8
)

// storedTensors lists the tensors of the folder, which is weights or constants, of a model.
func (a *archive) storedTensors(folder, model string) (map[string]*stored, error) {
	member := fmt.Sprintf("%sdata/%s/%s_%s_config.json", a.root, folder, model, folder)
	if !a.Has(member) {
		return nil, nil // a program may have none
	}
	text, err := a.Text(member)
	if err != nil {
		return nil, err
	}
	var list struct {
		Config map[string]entry `json:"config"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, a.Errorf("%s: %w", member, err)
	}
	out := map[string]*stored{}
	for name, e := range list.Config {
		if e.Pickle || e.Meta == nil {
			continue // an object of Python; whoever needs it finds none
		}
		t, err := e.Meta.stored(name)
		if err != nil {
			return nil, a.Errorf("%s: %q: %w", member, name, err)
		}
		path := a.root + "data/" + folder + "/" + e.Path
		t.bytes = func() (io.ReaderAt, int64, error) { return a.Member(path) }
		out[name] = t
	}
	return out, nil
}

// stored is the tensor that a description is of, without its bytes.
func (m *tensorMeta) stored(name string) (*stored, error) {
	t := &stored{name: name, dtype: m.DType}
	if m.Layout != stridedLayout {
		return nil, fmt.Errorf("layout: got %d, want a dense tensor", m.Layout)
	}
	if len(m.Sizes) > maxRank || len(m.Sizes) != len(m.Strides) {
		return nil, fmt.Errorf("sizes, strides: got %d and %d, want as many of both, at most %d",
			len(m.Sizes), len(m.Strides), maxRank)
	}
	for i := range m.Sizes {
		size, ok := m.Sizes[i].known()
		stride, too := m.Strides[i].known()
		if !ok || !too {
			return nil, fmt.Errorf("sizes, strides: got some that are no numbers, want the sizes of a weight")
		}
		t.shape, t.stride = append(t.shape, size), append(t.stride, stride)
	}
	t.offset, _ = m.Offset.known()
	return t, nil
}

// check wants elements that lie inside the storage.
func (t *stored) check(size int64) (element int, err error) {
	element = elementSize[t.dtype]
	if element == 0 {
		return 0, fmt.Errorf("tensor %q: element type: got number %d, want a real number", t.name, t.dtype)
	}
	if err := build.CheckSize(t.shape, build.MaxWeights); err != nil {
		return 0, fmt.Errorf("tensor %q: %w", t.name, err)
	}
	// A view may show one element many times, which a weight has no reason to.
	if n := int64(ir.Size(t.shape)); n > size/int64(element) && n > 1<<16 {
		return 0, fmt.Errorf("tensor %q: got %d values from a storage of %d bytes, want as many stored",
			t.name, n, size)
	}
	last := t.offset
	for i, n := range t.shape {
		if t.stride[i] < 0 || t.stride[i] > build.MaxWeights {
			return 0, fmt.Errorf("tensor %q: stride: got %d, want none negative, at most %d",
				t.name, t.stride[i], build.MaxWeights)
		}
		last += (n - 1) * t.stride[i]
		if last > build.MaxWeights {
			break // before it can overflow
		}
	}
	if t.offset < 0 || int64(last) >= size/int64(element) {
		return 0, fmt.Errorf("tensor %q: got a storage of %d bytes, want element %d of %d bytes in it",
			t.name, size, last, element)
	}
	return element, nil
}

// read returns the values in C order. A parameter may be a view of a larger storage, or turned round.
func (t *stored) read() (*ir.Tensor, error) {
	storage, size, err := t.bytes()
	if err != nil {
		return nil, err
	}
	element, err := t.check(size)
	if err != nil {
		return nil, err
	}
	data := make([]byte, size)
	if _, err := storage.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("tensor %q: %w", t.name, err)
	}
	out := ir.NewTensor(ir.Float32, t.shape...)
	if t.dtype == float64Type {
		out.DType = ir.Float64
	}
	decode, at := decoders[t.dtype], make([]int, len(t.shape))
	from := t.offset
	for i := range out.Data {
		v := decode(data[from*element:])
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("tensor %q: got %v at %d, want finite numbers", t.name, v, i)
		}
		out.Data[i] = v
		for k := len(at) - 1; k >= 0; k-- {
			at[k]++
			if from += t.stride[k]; at[k] < t.shape[k] {
				break
			}
			from -= t.stride[k] * at[k]
			at[k] = 0
		}
	}
	return out, nil
}

// The numbers of element types that the code names.
const (
	float32Type = 7
	float64Type = 8
)

// elementSize is the size in bytes of the element types, by their numbers in programs.
var elementSize = map[int]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 2, 7: 4, 8: 8, 12: 1, 13: 2, 28: 2, 34: 4}

// decoders read one element, little-endian. All of them are exact but the one of 64-bit integers, of which
// networks have counters alone.
var decoders = map[int]func(b []byte) float64{
	1:           func(b []byte) float64 { return float64(b[0]) },
	2:           func(b []byte) float64 { return float64(int8(b[0])) },
	3:           func(b []byte) float64 { return float64(int16(binary.LittleEndian.Uint16(b))) },
	4:           func(b []byte) float64 { return float64(int32(binary.LittleEndian.Uint32(b))) },
	5:           func(b []byte) float64 { return float64(int64(binary.LittleEndian.Uint64(b))) },
	6:           func(b []byte) float64 { return halfValue(binary.LittleEndian.Uint16(b)) },
	float32Type: func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) },
	float64Type: func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) },
	12:          func(b []byte) float64 { return min(float64(b[0]), 1) },
	13: func(b []byte) float64 {
		return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))
	},
	28: func(b []byte) float64 { return float64(binary.LittleEndian.Uint16(b)) },
	34: func(b []byte) float64 { return float64(binary.LittleEndian.Uint32(b)) },
}

// halfValue is the value of a float of 16 bits.
func halfValue(h uint16) float64 {
	sign, exponent, fraction := 1.0, int(h>>10&31), float64(h&1023)
	if h>>15 == 1 {
		sign = -1
	}
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		return math.Inf(int(sign)) // NaN too: neither is a weight
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}
