package mutatetest

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
)

// byteOperators know nothing of the file.
var byteOperators = []operator{
	{"flip bits", flipBits},
	{"truncate", func(r *rand.Rand, data []byte) []byte { return data[:place(r, data)] }},
	{"extreme integer", func(r *rand.Rand, data []byte) []byte {
		return extremeAt(r, data, place(r, data))
	}},
	{"set a run", func(r *rand.Rand, data []byte) []byte {
		from, to := span(r, data)
		by := pick(r, []byte{0, 1, 0x7f, 0x80, 0xff, '\n', ' ', '9'})
		return replace(data, from, to, bytes.Repeat([]byte{by}, to-from))
	}},
	{"remove a run", func(r *rand.Rand, data []byte) []byte {
		from, to := span(r, data)
		return replace(data, from, to, nil)
	}},
	{"repeat a run", func(r *rand.Rand, data []byte) []byte {
		from, to := span(r, data)
		return replace(data, from, from, bytes.Repeat(data[from:to], 1+r.IntN(8)))
	}},
	{"move a run", func(r *rand.Rand, data []byte) []byte {
		from, to := span(r, data)
		copy(data[place(r, data):], bytes.Clone(data[from:to]))
		return data
	}},
}

func flipBits(r *rand.Rand, data []byte) []byte {
	for range 1 + r.IntN(8) {
		if len(data) > 0 {
			data[r.IntN(len(data))] ^= 1 << r.IntN(8)
		}
	}
	return data
}

// extremeAt writes an integer on which arithmetic goes wrong, of one to eight bytes, little-endian.
func extremeAt(r *rand.Rand, data []byte, at int) []byte {
	size := 1 << r.IntN(4)
	if at+size > len(data) {
		return data
	}
	full := uint64(math.MaxUint64) >> (64 - 8*size)
	v := pick(r, []uint64{
		0, 1, 2, full, full - 1, full / 2, full/2 + 1, full >> 4, 1 << 31, 1 << 32, 1 << 20,
		uint64(len(data)), uint64(len(data)) - 1, uint64(at), uint64(r.IntN(len(data))),
	})
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	copy(data[at:at+size], b[:])
	return data
}
