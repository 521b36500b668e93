package graph

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// Tensor is a constant. Its values lie in the file until somebody wants them.
type Tensor struct {
	Name string
	Type DType
	Dims []int

	data  []float64 // once they were read, or made by a rewrite
	parts []span    // of the file that hold them, one behind the other
	form  form      // of what lies there
	from  *file
}

// form says how the values of a tensor lie in the file.
type form uint8

const (
	rawForm   form = iota // elements of the type, one behind the other
	wordForm              // elements of 4 bytes: float_data
	longForm              // elements of 8 bytes: double_data
	smallForm             // numbers of one to ten bytes each: int32_data and the like
)

// NewTensor makes a constant of values in C order.
func NewTensor(name string, t DType, dims []int, data []float64) *Tensor {
	return &Tensor{Name: name, Type: t, Dims: dims, data: data}
}

// Size is the number of values.
func (t *Tensor) Size() int {
	n := 1
	for _, d := range t.Dims {
		n *= d
	}
	return n
}

// Data reads the values in C order. They are kept, and must not be changed.
func (t *Tensor) Data() ([]float64, error) {
	if t.data != nil || t.Size() == 0 {
		return t.data, nil
	}
	data, err := t.load()
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
	}
	t.data = data
	return data, nil
}

// Ints is Data for whole numbers. Those beyond what an int32 holds, as ends of slices are, become that.
func (t *Tensor) Ints() ([]int, error) {
	data, err := t.Data()
	if err != nil {
		return nil, err
	}
	out := make([]int, len(data))
	for i, v := range data {
		if v != math.Trunc(v) {
			return nil, fmt.Errorf("tensor %q: got %v, want whole numbers", t.Name, v)
		}
		out[i] = int(max(math.MinInt32, min(math.MaxInt32, v)))
	}
	return out, nil
}

// Scalar is the one value of a tensor.
func (t *Tensor) Scalar() (float64, error) {
	if t.Size() != 1 {
		return 0, fmt.Errorf("tensor %q: got shape %v, want one value", t.Name, t.Dims)
	}
	data, err := t.Data()
	if err != nil {
		return 0, err
	}
	return data[0], nil
}

// Renamed is the tensor under another name; the values are shared.
func (t *Tensor) Renamed(name string) *Tensor {
	c := *t
	c.Name = name
	return &c
}

func (t *Tensor) load() ([]float64, error) {
	size := t.Size()
	if t.form == smallForm {
		return t.small(size)
	}
	element := elements[t.Type]
	bits := element.bits
	switch {
	case t.form == wordForm:
		element, bits = elements[Float], 32
	case t.form == longForm:
		element, bits = elements[Double], 64
	}
	have := int64(0)
	for _, p := range t.parts {
		have += p.size
	}
	if want := (int64(size)*int64(bits) + 7) / 8; have != want {
		return nil, fmt.Errorf("got %d bytes of values, want the %d of shape %v in %s", have, want, t.Dims, t.Type)
	}
	out := make([]float64, 0, size)
	buffer := make([]byte, windowSize)
	for _, p := range t.parts {
		for p.size > 0 {
			raw := buffer[:min(int64(len(buffer)), p.size)]
			if err := t.from.read(raw, p.at); err != nil {
				return nil, err
			}
			p.at, p.size = p.at+int64(len(raw)), p.size-int64(len(raw))
			out = unpack(out, raw, bits, element.decode, size)
		}
	}
	return out, nil
}

// unpack appends the elements of raw to out, up to size; of those smaller than a byte the first are lowest.
func unpack(out []float64, raw []byte, bits int, decode func([]byte) float64, size int) []float64 {
	if step := bits / 8; step > 0 {
		for i := 0; i+step <= len(raw); i += step {
			out = append(out, decode(raw[i:]))
		}
		return out
	}
	for _, b := range raw {
		for shift := 0; shift < 8 && len(out) < size; shift += bits {
			out = append(out, decode([]byte{b >> shift}))
		}
	}
	return out
}

// small reads numbers of the wire format: whole numbers as they are, others by their bits.
func (t *Tensor) small(size int) ([]float64, error) {
	src := &source{file: t.from, window: make([]byte, 0, windowSize), size: t.from.size}
	bits := t.Type.Bits()
	perEntry := 1
	if bits < 8 {
		perEntry = 8 / bits
	}
	var out []float64
	for _, p := range t.parts {
		m := &message{src: src, name: "TensorProto", next: p.at, end: p.at + p.size}
		for m.err == nil && m.next < m.end {
			v, ok := m.varint()
			if !ok {
				break
			}
			if len(out) >= size {
				return nil, fmt.Errorf("got more values than shape %v has", t.Dims)
			}
			out = append(out, fromEntry(t.Type, v, min(perEntry, size-len(out)))...)
		}
		if m.err != nil {
			return nil, m.err
		}
	}
	if len(out) != size {
		return nil, fmt.Errorf("got %d values, want the %d of shape %v", len(out), size, t.Dims)
	}
	return out, nil
}

// fromEntry is what an entry of int32_data, int64_data or uint64_data holds.
func fromEntry(t DType, v uint64, elementsIn int) []float64 {
	raw := binary.LittleEndian.AppendUint64(nil, v)
	if t.Bits() < 8 {
		return unpack(nil, raw[:1], t.Bits(), elements[t].decode, elementsIn)
	}
	return []float64{elements[t].decode(raw)}
}

// tensor reads a constant; its values stay where they are.
func (l *loader) tensor(m *message) *Tensor {
	t := &Tensor{from: l.main}
	var dims []int64
	external := map[string]string{}
	outside := false
	for m.more() {
		switch m.field {
		case 1:
			dims = m.ints(dims)
		case 2:
			t.Type = DType(m.int())
		case 3:
			m.fail(m.next, "got a tensor in segments, want it whole")
		case 4:
			t.values(m, wordForm, fixed32)
		case 5, 7, 11:
			t.values(m, smallForm, varint)
		case 8:
			t.Name = m.text()
		case 9:
			t.values(m, rawForm, bytes)
		case 10:
			t.values(m, longForm, fixed64)
		case 13:
			in := m.inner("StringStringEntryProto")
			key, value := entry(in)
			if m.done(in) {
				external[key] = value
			}
		case 14:
			outside = m.int() == 1
		}
	}
	if m.err != nil {
		return t
	}
	err := t.shape(dims)
	if err == nil && outside {
		err = l.outside(t, external)
	}
	if err != nil {
		m.fail(m.next, "tensor %q: %w", t.Name, err)
	}
	return t
}

// values notes where values of a field lie: several packed, or one alone.
func (t *Tensor) values(m *message, f form, single int) {
	switch {
	case len(t.parts) > 0 && t.form != f:
		m.fail(m.next, "tensor %q: got its values in two forms, want one", t.Name)
	case m.kind == bytes:
		t.parts = append(t.parts, m.body)
	case m.kind == single && f == smallForm:
		m.fail(m.next, "tensor %q: got numbers one by one, want them packed", t.Name)
	case m.kind == single:
		size := int64(4)
		if single == fixed64 {
			size = 8
		}
		t.parts = append(t.parts, span{m.next - size, size})
	default:
		m.fail(m.next, "tensor %q: got values of kind %d, want kind %d", t.Name, m.kind, single)
	}
	if len(t.parts) > 1<<16 {
		m.fail(m.next, "tensor %q: got its values in more than %d parts, want them packed", t.Name, 1<<16)
	}
	t.form = f
}

// maxRank bounds the axes of tensors.
const maxRank = 8

func (t *Tensor) shape(dims []int64) error {
	if len(dims) > maxRank {
		return fmt.Errorf("shape: got %d axes, want at most %d", len(dims), maxRank)
	}
	if t.Type.Bits() == 0 {
		return fmt.Errorf("got %s, want numbers of another type", t.Type)
	}
	t.Dims = make([]int, len(dims))
	size := int64(1)
	for i, d := range dims {
		if d < 0 || d > 0 && size > build.MaxWeights/d {
			return fmt.Errorf("shape: got %v, want axes of no negative size and at most %d values", dims,
				build.MaxWeights)
		}
		size *= d
		t.Dims[i] = int(d)
	}
	return nil
}

// entry reads a pair of texts.
func entry(m *message) (key, value string) {
	for m.more() {
		switch m.field {
		case 1:
			key = m.text()
		case 2:
			value = m.text()
		}
	}
	return key, value
}

var errBeyond = errors.New("got a place beyond the end of the file")
