package rnn

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// A GRU with one value of each bias reads in their place what stands in memory from these values on. g++ lays
// the arrays of a project out from the one defined last to the one defined first, each where its alignment
// lets it begin: the value of the state, that of the input, the weights of the state, those of the input, and
// then what the layers before have. Between them are zeros. Mirrors one_bias in nnet_recurrent.h.

// oneBias fills in the biases that such a GRU reads.
func (k *cell) oneBias(n *ir.Node, input, again sim.Num) (inputs, agains []sim.Num, err error) {
	m := &memory{bits: new(big.Int), end: k.offset(n)}
	first, second := m.put(again), m.put(input)
	m.put(sim.WeightNums(k.weight(n, "recurrent_weight"))...)
	m.put(sim.WeightNums(k.weight(n, "weight"))...)
	width := uint(k.width())
	if max(first+width*layers.Stored(again.T), second+width*layers.Stored(input.T)) > m.end {
		return nil, nil, n.Errorf("reset_after: got false with biases so much wider than the weights that the " +
			"firmware reads behind those too, want reset_after")
	}
	for i := range width {
		agains = append(agains, m.read(first+i*layers.Stored(again.T), again.T))
		inputs = append(inputs, m.read(second+i*layers.Stored(input.T), input.T))
	}
	return inputs, agains, nil
}

// offset is where in memory the one value of the state's bias begins, in bits from where every array may
// begin.
func (p part) offset(n *ir.Node) uint {
	return layers.Place(n.Graph(), p.weight(n, "recurrent_bias")) % 256
}

// memory is numbers one behind the other, in bits from the lowest address on.
type memory struct {
	bits *big.Int
	end  uint
}

// put appends an array of numbers, in two's complement, and returns where it stands.
func (m *memory) put(values ...sim.Num) uint {
	size := layers.Stored(values[0].T)
	_, align := layers.Array{Format: values[0].T, N: len(values)}.Layout()
	m.end = (m.end + align - 1) / align * align
	at := m.end
	for _, v := range values {
		raw := new(big.Int).Set(v.X)
		if raw.Sign() < 0 {
			raw.Add(raw, new(big.Int).Lsh(big.NewInt(1), size))
		}
		m.bits.Or(m.bits, raw.Lsh(raw, m.end))
		m.end += size
	}
	return at
}

// read is what a number of a format is when it stands at a place: all bits that it takes in memory count.
func (m *memory) read(at uint, f fixed.Format) sim.Num {
	f.I, f.W = f.I+int(layers.Stored(f))-f.W, int(layers.Stored(f))
	raw := new(big.Int).Rsh(m.bits, at)
	one := big.NewInt(1)
	size := new(big.Int).Lsh(one, uint(f.W))
	raw.And(raw, new(big.Int).Sub(size, one))
	if f.Signed && raw.Bit(f.W-1) == 1 {
		raw.Sub(raw, size)
	}
	return sim.Num{X: raw, T: f}
}
