package rnn

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim"
)

// oneBias is what a GRU with one value of each bias reads in their place: the bits of what stands in memory
// from these values on. That is the value of the state, that of the input, and from the next address that
// compilers give to arrays the weights of the state; then zeros. Mirrors gru_class_one_bias in
// nnet_recurrent.h.
func oneBias(input, again sim.Num, weights []sim.Num, n int) (inputs, agains []sim.Num) {
	m := &memory{bits: new(big.Int)}
	first := m.put(again)
	second := m.put(input)
	m.align(arrayAlign(weights))
	for _, w := range weights {
		m.put(w)
	}
	for i := range uint(n) {
		agains = append(agains, m.read(first+i*stored(again.T), again.T))
		inputs = append(inputs, m.read(second+i*stored(input.T), input.T))
	}
	return inputs, agains
}

// memory is numbers one behind the other, in bits from the lowest address on.
type memory struct {
	bits *big.Int
	end  uint
}

// put appends a number, in two's complement, and returns where it stands.
func (m *memory) put(v sim.Num) uint {
	size := stored(v.T)
	m.align(min(size, 64))
	at := m.end
	raw := new(big.Int).Set(v.X)
	if raw.Sign() < 0 {
		raw.Add(raw, new(big.Int).Lsh(big.NewInt(1), size))
	}
	m.bits.Or(m.bits, raw.Lsh(raw, at))
	m.end += size
	return at
}

func (m *memory) align(bits uint) { m.end = (m.end + bits - 1) / bits * bits }

// read is the number of a format that stands at a place.
func (m *memory) read(at uint, f fixed.Format) sim.Num {
	raw := new(big.Int).Rsh(m.bits, at)
	one := big.NewInt(1)
	size := new(big.Int).Lsh(one, uint(f.W))
	raw.And(raw, new(big.Int).Sub(size, one))
	if f.Signed && raw.Bit(f.W-1) == 1 {
		raw.Sub(raw, size)
	}
	return sim.Num{X: raw, T: f}
}

// stored is how many bits a number takes in memory.
func stored(f fixed.Format) uint {
	for _, size := range []int{8, 16, 32} {
		if f.W <= size {
			return uint(size)
		}
	}
	return uint((f.W + 63) / 64 * 64)
}

// arrayAlign is the alignment, in bits, of an array of such numbers on x86-64.
func arrayAlign(values []sim.Num) uint {
	size := stored(values[0].T)
	switch all := size * uint(len(values)); {
	case all >= 256:
		return 256
	case all >= 128:
		return 128
	}
	return min(size, 64)
}
