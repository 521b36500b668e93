package mutatetest

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"regexp"
)

// npyOperators rewrite the header, most of the time with a length that is right.
var npyOperators = []operator{
	{"shape", func(r *rand.Rand, data []byte) []byte {
		return header(r, data, shapeText, pick(r, []string{
			"()", "(0,)", "(1,)", "(16,)", "(0, 0)", "(1, -1)", "(-1,)", "(4294967296, 4294967296)",
			"(9223372036854775807,)",
			"(2147483647, 16)", "(1, 18446744073709551616)", "(3.5, 1)", "(1, 2", "16", "None", "(1,)*9",
			"(True, 4)",
			"(" + string(bytes.Repeat([]byte("1, "), 33)) + ")",
			"(" + string(bytes.Repeat([]byte("2, "), 100)) + ")",
			"(1000000, 0)", "(0, 16)", "[4, 4]", "(\x1b[1m, 2)",
			"(9" + string(bytes.Repeat([]byte("9"), 5000)) + ",)",
		}))
	}},
	{"descr", func(r *rand.Rand, data []byte) []byte {
		return header(r, data, descrText, pick(r, []string{
			"'<f8'", "'<f4'", "'>f4'", "'>f8'", "'<f2'", "'<f16'", "'<i4'", "'<i8'", "'|b1'", "'|u1'", "'|O'",
			"'<U10'",
			"'|S0'", "'|V8'", "'<c8'", "'=f4'", "'f4'", "''", "'<f4294967296'", "'<f-4'",
			"[('a', '<f4'), ('b', '<f4')]",
			"'<f4\x1b[31m'", "'<M8[ns]'", "None", "4", "'<f" + string(bytes.Repeat([]byte("4"), 5000)) + "'",
		}))
	}},
	{"order", func(r *rand.Rand, data []byte) []byte {
		return header(r, data, orderText, pick(r, []string{"True", "False", "1", "None", "'x'", "true", ""}))
	}},
	{"version", func(r *rand.Rand, data []byte) []byte {
		if len(data) > 8 {
			copy(data[6:], []byte{byte(r.IntN(5)), byte(r.IntN(3))})
		}
		return data
	}},
	{"length", func(r *rand.Rand, data []byte) []byte {
		if len(data) > 12 {
			return extremeAt(r, data, 8)
		}
		return data
	}},
	{"header", func(r *rand.Rand, data []byte) []byte {
		return header(r, data, anyText, string(hostile(r)))
	}},
	{"value", func(r *rand.Rand, data []byte) []byte {
		if len(data) < 136 {
			return data
		}
		at := 128 + 4*r.IntN((len(data)-132)/4)
		by := pick(r, []uint32{
			0x7fc00000, 0xff800000, 0x7f800000, 0x7f7fffff, 1, 0x80000000, 0x7fa00000, 0x501502f9,
		})
		binary.LittleEndian.PutUint32(data[at:], by)
		return data
	}},
}

var (
	shapeText = regexp.MustCompile(`\([^)]*\)`)
	descrText = regexp.MustCompile(`'[<>|=][^']*'`)
	orderText = regexp.MustCompile(`True|False`)
	anyText   = regexp.MustCompile(`[A-Za-z0-9<>]+`)
)

// header replaces the first match in the header of a file of version 1, and mends the length of the header
// three times out of four.
func header(r *rand.Rand, data []byte, what *regexp.Regexp, by string) []byte {
	if len(data) < 10 {
		return data
	}
	end := min(len(data), 10+int(binary.LittleEndian.Uint16(data[8:])))
	at := what.FindIndex(data[10:end])
	if at == nil {
		return data
	}
	out := replace(data, 10+at[0], 10+at[1], []byte(by))
	if size := end - 10 + len(out) - len(data); size < 1<<16 && r.IntN(4) > 0 {
		binary.LittleEndian.PutUint16(out[8:], uint16(size))
		return out
	}
	return append([]byte(nil), out...)
}
