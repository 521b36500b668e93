package csim

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
)

// A Tensor holds the bits of one traced tensor or output over all samples.
// Bits and not numbers: the comparison is of raw integers, which float64 cannot hold beyond 53 bits, and -0
// and NaN have to differ from 0 where elements are IEEE numbers.
type Tensor struct {
	Name   string
	Count  int  // elements per sample
	Width  int  // bits of an element
	Bytes  int  // bytes of an element in Data
	Signed bool // raw integers are signed
	Float  bool // elements are IEEE numbers, not raw integers
	Data   []byte
}

// Len is the number of elements of all samples.
func (t *Tensor) Len() int { return len(t.Data) / t.Bytes }

// Raw returns element i as an integer: the raw two's complement value, or the bit pattern of a floating point
// number. It panics when the element has more than 64 bits; see Big.
func (t *Tensor) Raw(i int) int64 {
	if t.Bytes > 8 {
		panic(fmt.Sprintf("BUG: csim: tensor %q has %d bits per element, want Big", t.Name, t.Width))
	}
	var b [8]byte
	at := t.Data[i*t.Bytes : (i+1)*t.Bytes]
	// The program extends the sign to whole bytes, so the top bit of the last byte tells it, whatever the
	// width.
	if t.Signed && at[t.Bytes-1]&0x80 != 0 {
		b = [8]byte{255, 255, 255, 255, 255, 255, 255, 255}
	}
	copy(b[:], at)
	return int64(binary.LittleEndian.Uint64(b[:]))
}

// Big returns element i as Raw does, for any width.
func (t *Tensor) Big(i int) *big.Int {
	le := t.Data[i*t.Bytes : (i+1)*t.Bytes]
	be := make([]byte, len(le))
	for k, v := range le {
		be[len(le)-1-k] = v
	}
	x := new(big.Int).SetBytes(be)
	if t.Signed && le[t.Bytes-1]&0x80 != 0 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*t.Bytes)))
	}
	return x
}

// Float64 returns element i of a floating point tensor.
func (t *Tensor) Float64(i int) float64 {
	if t.Bytes == 4 {
		return float64(math.Float32frombits(uint32(t.Raw(i))))
	}
	return math.Float64frombits(uint64(t.Raw(i)))
}

// A Result is what a model answered.
type Result struct {
	Samples   int
	Outputs   []*Tensor // in the model's order
	Trace     []*Tensor // in the order in which the model computed them
	Undrained int       // streams that were not read to their end, over all samples
}

// Layer returns the traced tensor of a layer, or nil; the last of a layer with several outputs, as a trace
// of hls4ml keeps it.
func (r *Result) Layer(name string) *Tensor {
	for i := len(r.Trace) - 1; i >= 0; i-- {
		if r.Trace[i].Name == name {
			return r.Trace[i]
		}
	}
	return nil
}

// check compares what came with what the model should have.
func (r *Result) check(m Model) error {
	if len(r.Outputs) != len(m.Outputs) && r.Samples > 0 {
		return fmt.Errorf("compiled model %q: got %d outputs, want %d", m.Key(), len(r.Outputs), len(m.Outputs))
	}
	for i, t := range r.Outputs {
		if t.Count != m.Outputs[i].Size {
			return fmt.Errorf("compiled model %q: output %q: got %d numbers, want %d",
				m.Key(), t.Name, t.Count, m.Outputs[i].Size)
		}
	}
	return nil
}

const (
	magic = "hlscsim1"
	// The program is ours, but the model in it is not: a wild write can garble what it sends.
	maxName    = 1 << 12
	maxElement = 1 << 12 // bytes
	maxCount   = 1 << 31
)

// decoder collects the records of a program.
// The first sample tells which tensors there are and in what order; all further samples must repeat it,
// because a tensor that comes and goes would shift every later element of its buffer.
type decoder struct {
	in      *bufio.Reader
	result  Result
	buffers map[*Tensor]*bytes.Buffer
	seen    map[tensorKey]*Tensor
	current map[*Tensor]bool // tensors of the sample under way
}

// tensorKey tells tensors apart: the outputs of one layer come under one name, in a fixed order.
type tensorKey struct {
	kind byte
	name string
	nth  int // of that name in the sample
}

// early says that an answer ends too soon: the program has ended, and may have said why.
type early string

func (e early) Error() string { return string(e) }

// decode reads all that a program writes.
func decode(r io.Reader) (*Result, error) {
	in, ok := r.(*bufio.Reader)
	if !ok {
		in = bufio.NewReaderSize(r, 1<<16)
	}
	d := decoder{in: in,
		buffers: map[*Tensor]*bytes.Buffer{}, seen: map[tensorKey]*Tensor{},
		current: map[*Tensor]bool{}}
	head := make([]byte, len(magic))
	if n, err := io.ReadFull(d.in, head); err != nil {
		return nil, early(fmt.Sprintf("protocol: got head %q, want %q", head[:n], magic))
	}
	if string(head) != magic {
		return nil, fmt.Errorf("protocol: got head %q, want %q", head, magic)
	}
	for {
		done, err := d.record()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = early("protocol: the answer ends before its end record")
		}
		if err != nil {
			return nil, err
		}
		if done {
			for t, b := range d.buffers {
				t.Data = b.Bytes()
			}
			return &d.result, nil
		}
	}
}

func (d *decoder) record() (done bool, err error) {
	kind, err := d.in.ReadByte()
	if err != nil {
		return false, err
	}
	switch kind {
	case 'T', 'O':
		return false, d.tensor(kind)
	case 'S':
		return false, d.endSample()
	case 'E':
		var n [4]byte
		_, err := io.ReadFull(d.in, n[:])
		d.result.Undrained = int(binary.LittleEndian.Uint32(n[:]))
		return true, err
	}
	return false, fmt.Errorf("protocol: unknown record %q", kind)
}

// endSample makes sure that every sample has the same tensors.
func (d *decoder) endSample() error {
	d.result.Samples++
	for _, t := range d.seen {
		if !d.current[t] {
			return fmt.Errorf("protocol: tensor %q is missing in sample %d", t.Name, d.result.Samples-1)
		}
	}
	clear(d.current)
	return nil
}

func (d *decoder) tensor(kind byte) error {
	var n [4]byte
	if _, err := io.ReadFull(d.in, n[:]); err != nil {
		return err
	}
	length := binary.LittleEndian.Uint32(n[:])
	if length > maxName {
		return fmt.Errorf("protocol: name of %d bytes: want at most %d", length, maxName)
	}
	name := make([]byte, length)
	if _, err := io.ReadFull(d.in, name); err != nil {
		return err
	}
	var h [17]byte
	if _, err := io.ReadFull(d.in, h[:]); err != nil {
		return err
	}
	count := binary.LittleEndian.Uint64(h[:])
	width, size := binary.LittleEndian.Uint32(h[8:]), binary.LittleEndian.Uint32(h[12:])
	if count > maxCount || size < 1 || size > maxElement || width < 1 || width > 8*size {
		return fmt.Errorf("protocol: tensor %q: got %d elements of %d bits in %d bytes", name, count, width, size)
	}
	t, err := d.place(kind, Tensor{Name: string(name), Count: int(count), Width: int(width), Bytes: int(size),
		Signed: h[16]&1 != 0, Float: h[16]&2 != 0})
	if err != nil {
		return err
	}
	_, err = io.CopyN(d.buffers[t], d.in, int64(count)*int64(size)) // grows with what is there
	return err
}

// place finds the tensor that the record continues, or starts a new one in the first sample.
func (d *decoder) place(kind byte, want Tensor) (*Tensor, error) {
	key := tensorKey{kind: kind, name: want.Name}
	t, ok := d.seen[key]
	// A layer of several outputs, or one that a loop runs often, sends the same name more than once per
	// sample.
	for ok && d.current[t] {
		key.nth++
		t, ok = d.seen[key]
	}
	if !ok && d.result.Samples > 0 {
		return nil, fmt.Errorf("protocol: tensor %q: unexpected in sample %d", want.Name, d.result.Samples)
	}
	if !ok {
		t = &want
		d.seen[key], d.buffers[t] = t, new(bytes.Buffer)
		list := &d.result.Trace
		if kind == 'O' {
			list = &d.result.Outputs
		}
		*list = append(*list, t)
	}
	if t.Count != want.Count || t.Width != want.Width || t.Bytes != want.Bytes ||
		t.Signed != want.Signed || t.Float != want.Float {
		return nil, fmt.Errorf("protocol: tensor %q: changes its shape in sample %d", want.Name, d.result.Samples)
	}
	d.current[t] = true
	return t, nil
}
