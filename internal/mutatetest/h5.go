package mutatetest

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
)

// h5Operators aim at what an HDF5 file is made of: of a file of weights nearly every other byte is a weight,
// on which nothing depends.
var h5Operators = []operator{
	{"field of a message", func(r *rand.Rand, data []byte) []byte {
		m := message(r, data)
		return extremeAt(r, data, m.from+r.IntN(m.to-m.from+1))
	}},
	{"bits of a message", func(r *rand.Rand, data []byte) []byte {
		m := message(r, data)
		copy(data[m.from:], flipBits(r, bytes.Clone(data[m.from:m.to])))
		return data
	}},
	{"message for another", func(r *rand.Rand, data []byte) []byte {
		m, n := message(r, data), message(r, data)
		copy(data[m.from:m.to], bytes.Clone(data[n.from:n.to]))
		return data
	}},
	{"field of a node", func(r *rand.Rand, data []byte) []byte {
		return extremeAt(r, data, signature(r, data)+r.IntN(48))
	}},
	{"node for another", func(r *rand.Rand, data []byte) []byte {
		from, to := signature(r, data), signature(r, data)
		n := min(16+r.IntN(200), len(data)-from, len(data)-to)
		copy(data[to:to+n], bytes.Clone(data[from:from+n]))
		return data
	}},
	{"address", func(r *rand.Rand, data []byte) []byte {
		a := address(r, data)
		if a < 0 {
			return data
		}
		by := pick(r, []uint64{0, 1, 8, 96, ^uint64(0), 1 << 63, uint64(len(data)), uint64(len(data) - 1)})
		if to := address(r, data); r.IntN(2) == 0 && to >= 0 {
			by = binary.LittleEndian.Uint64(data[to:]) // of something else, or of itself
		}
		binary.LittleEndian.PutUint64(data[a:], by)
		return data
	}},
	{"text of an attribute", inPlace},
	{"number of an attribute", func(r *rand.Rand, data []byte) []byte {
		t := description(data)
		from, to := find(r, data[t.from:t.to], isNumber)
		by := bytes.Repeat([]byte{pick(r, []byte("9010-."))}, to-from)
		copy(data[t.from+from:], by)
		return data
	}},
	{"value of an attribute", func(r *rand.Rand, data []byte) []byte {
		// A value of the same length keeps the file whole.
		t := description(data)
		v := pick(r, jsonValues(data[t.from:t.to]))
		by := jsonValue(r)
		if n := v.to - v.from; len(by) <= n {
			by = append(by, bytes.Repeat([]byte(" "), n-len(by))...)
			copy(data[t.from+v.from:], by)
		}
		return data
	}},
	{"link", func(r *rand.Rand, data []byte) []byte {
		name := pick(r, []string{"kernel", "bias", "dense", "model_weights", "_names"})
		start := place(r, data)
		at := bytes.Index(data[start:], []byte(name))
		if at < 0 {
			return data
		}
		copy(data[start+at:], pick(r, []string{"\x1b[31m", "../../", "a\nb", "\x00", "<script>", "\"", "\xff\xfe"}))
		return data
	}},
	{"doubled description", func(r *rand.Rand, data []byte) []byte {
		// The file stays readable as it was, and much is behind its end.
		return append(data, bytes.Repeat(data, pick(r, []int{1, 20}))...)
	}},
}

// messageTypes are those of dataspaces, links, datatypes, fill values, layouts, groups, filters, attributes,
// continuations, symbol tables and attribute and link storage.
var messageTypes = []byte{1, 2, 3, 5, 6, 8, 10, 11, 12, 16, 17, 21}

// message finds what looks like a message of an object header of version 1: type, size, flags, data.
func message(r *rand.Rand, data []byte) part {
	start := place(r, data) &^ 7
	for i := 0; i < len(data); i += 8 {
		at := (start + i) % max(len(data)&^7, 8)
		if at+8 >= len(data) || bytes.IndexByte(messageTypes, data[at]) < 0 || data[at+1] != 0 {
			continue
		}
		size := int(binary.LittleEndian.Uint16(data[at+2:]))
		if size == 0 || size%8 != 0 || data[at+5]|data[at+6]|data[at+7] != 0 || at+8+size > len(data) {
			continue
		}
		return part{at, at + 8 + min(size, 64)}
	}
	return part{0, len(data)}
}

var signatures = []string{
	"TREE", "SNOD", "HEAP", "GCOL", "OHDR", "OCHK", "BTHD", "BTLF", "BTIN", "FRHP", "FHDB", "FHIB", "FSHD",
	"EAHD",
	"FAHD", "\x89HDF",
}

// signature finds the start of a node; none: of the file.
func signature(r *rand.Rand, data []byte) int {
	start := place(r, data)
	for range 8 {
		if at := bytes.Index(data[start:], []byte(pick(r, signatures))); at >= 0 {
			return start + at
		}
	}
	return max(0, bytes.Index(data, []byte(pick(r, signatures))))
}

// address finds eight bytes that may be an offset in the file.
func address(r *rand.Rand, data []byte) int {
	start := place(r, data) &^ 7
	for at := start; at+8 <= len(data); at += 8 {
		if v := binary.LittleEndian.Uint64(data[at:]); v >= 96 && v < uint64(len(data)) {
			return at
		}
	}
	return -1
}

// description finds the text of the model's architecture.
func description(data []byte) part {
	from := max(0, bytes.Index(data, []byte(`{"class_name"`)))
	to := from + max(0, bytes.IndexByte(data[from:], 0))
	return part{from, to}
}

// inPlace writes a hostile string over a part of the architecture, as the text of JSON or as it is.
func inPlace(r *rand.Rand, data []byte) []byte {
	t := description(data)
	from, to := find(r, data[t.from:t.to], isWord)
	by := pick(r, []string{
		`\u001b[1m`, `a\nb`, `\u0000`, "\x1b[31m", "\n", "\xff", `<b>`, `"`, `../`, `\ud800`, `\u202e`,
		"\x00", "{", "]",
	})
	n := min(len(by), to-from)
	copy(data[t.from+from:], by[:n])
	return data
}
