package hdf5

import (
	"encoding/binary"
	"math/bits"
)

// lookup3 is Bob Jenkins' hash of that name with a zero seed: the checksum of the format's newer metadata
// structures, and the hash by which names are ordered in dense groups.
// The format says "checksum" throughout and means this function (section III, and the reference library's
// H5_checksum_lookup3). A last block that is full, all 12 bytes of it, belongs to the final mix, hence the
// loop stops at 12 and not at 11.
func lookup3(p []byte) uint32 {
	seed := 0xdeadbeef + uint32(len(p))
	h := [3]uint32{seed, seed, seed}
	if len(p) == 0 {
		return seed
	}
	for len(p) > 12 {
		lookup3Add(&h, p)
		lookup3Mix(&h)
		p = p[12:]
	}
	var tail [12]byte
	copy(tail[:], p)
	lookup3Add(&h, tail[:])
	return lookup3Final(&h)
}

func lookup3Add(h *[3]uint32, p []byte) {
	for i := range h {
		h[i] += binary.LittleEndian.Uint32(p[4*i:])
	}
}

// lookup3Mix stirs the state between blocks: six turns, each with its own rotation.
// The published function unrolls the turns over three variables. Their roles rotate from turn to turn, so
// indices modulo 3 say the same in a third of the lines.
func lookup3Mix(h *[3]uint32) {
	for turn, rotation := range [6]int{4, 6, 8, 16, 19, 4} {
		x, y, z := turn%3, (turn+1)%3, (turn+2)%3
		h[x] -= h[z]
		h[x] ^= bits.RotateLeft32(h[z], rotation)
		h[z] += h[y]
	}
}

// lookup3Final stirs the state after the last block and returns its last word.
func lookup3Final(h *[3]uint32) uint32 {
	for turn, rotation := range [7]int{14, 11, 25, 16, 4, 14, 24} {
		x, y := (turn+2)%3, (turn+1)%3
		h[x] ^= h[y]
		h[x] -= bits.RotateLeft32(h[y], rotation)
	}
	return h[2]
}

// fletcher32 is the checksum of the fletcher32 filter: two running sums, modulo 65535, of big-endian 16-bit
// words; an odd last byte is the high half of a word.
// The words are big-endian whatever the machine: the library's own code treats bytes this way, and files from
// either kind of machine agree with it.
func fletcher32(p []byte) uint32 {
	var sum1, sum2 uint64
	for len(p) > 0 {
		// 32,768 words of 16 bits keep the second sum below 2^16 * 2^15 * 2^15 = 2^46 before it is folded.
		block := p[:min(len(p), 1<<16)]
		p = p[len(block):]
		for len(block) >= 2 {
			sum1 += uint64(binary.BigEndian.Uint16(block))
			sum2 += sum1
			block = block[2:]
		}
		if len(block) == 1 {
			sum1 += uint64(block[0]) << 8
			sum2 += sum1
		}
		sum1, sum2 = fold16(sum1), fold16(sum2)
	}
	return uint32(sum2)<<16 | uint32(sum1)
}

// fold16 reduces x modulo 65535 to 16 bits, with 65535 standing for zero unless x is zero.
// This is what adding the carry back in gives, and it differs from x % 65535 in exactly that case; the
// library folds, so a sum of 65535 is stored as it is.
func fold16(x uint64) uint64 {
	for x > 0xffff {
		x = x&0xffff + x>>16
	}
	return x
}
