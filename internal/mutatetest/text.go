package mutatetest

import (
	"bytes"
	"math/rand/v2"
	"strings"
)

// textOperators know lines, words and numbers.
var textOperators = []operator{
	{"number", func(r *rand.Rand, data []byte) []byte {
		from, to := find(r, data, isNumber)
		return replace(data, from, to, []byte(pick(r, numbers)))
	}},
	{"word", func(r *rand.Rand, data []byte) []byte {
		from, to := find(r, data, isWord)
		return replace(data, from, to, hostile(r))
	}},
	{"word of the file", func(r *rand.Rand, data []byte) []byte {
		a, b := find(r, data, isWord)
		from, to := find(r, data, isWord)
		return replace(data, from, to, bytes.Clone(data[a:b]))
	}},
	{"insert", func(r *rand.Rand, data []byte) []byte {
		at := place(r, data)
		return replace(data, at, at, hostile(r))
	}},
	{"remove a line", func(r *rand.Rand, data []byte) []byte {
		lines := bytes.SplitAfter(data, []byte("\n"))
		i := r.IntN(len(lines))
		return bytes.Join(append(lines[:i:i], lines[i+1:]...), nil)
	}},
	{"repeat a line", func(r *rand.Rand, data []byte) []byte {
		lines := bytes.SplitAfter(data, []byte("\n"))
		i, line := r.IntN(len(lines)), pick(r, lines)
		text := bytes.Repeat(line, min(pick(r, []int{1, 1, 2, 10, 100000}), largest/(1+len(line))))
		lines[i] = replace(lines[i], 0, 0, text)
		return bytes.Join(lines, nil)
	}},
	{"swap lines", func(r *rand.Rand, data []byte) []byte {
		lines := bytes.SplitAfter(data, []byte("\n"))
		i, k := r.IntN(len(lines)), r.IntN(len(lines))
		lines[i], lines[k] = lines[k], lines[i]
		return bytes.Join(lines, nil)
	}},
	{"nest", func(r *rand.Rand, data []byte) []byte {
		from, to := find(r, data, isWord)
		return replace(data, from, to, nested(r))
	}},
}

// numbers are written where honest ones were.
var numbers = []string{
	"0", "-1", "1", "2", "3", "63", "64", "65", "1024", "1025", "65536", "1000000", "2147483647", "2147483648",
	"-2147483648", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808",
	"18446744073709551616", "-9223372036854775809", "1e3", "1e18", "1e308", "1e309", "-1e309", "1e-320", "0.5",
	"NaN", "nan", ".nan", "inf", "-inf", ".inf", "Infinity", "-Infinity", "0x7fffffffffffffff", "1_000", "08",
	"-0",
	"1.0000000000000000000000001", strings.Repeat("9", 400), "1" + strings.Repeat("0", 40000), "1e999999999",
	"0." + strings.Repeat("3", 5000), "1:30", "2001-01-01", "true", "null", "~", "[]", "{}", "",
}

// hostiles are strings that mean something to terminals, shells, pages, C++, paths or parsers.
var hostiles = []string{
	"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\r\nhlsgo: all is well\r\n", "a\nb", "\\n", "\\u001b[2J",
	"\x00",
	"\x7f", "\u009b31m", "\u202eevil", "\u2028", "\ufeff", "\xff\xfe", "\xc3", "\xed\xa0\x80", "\\ud800",
	"<script>alert(1)</script>", "\"><svg onload=alert(1)>", "'", "\"", "`", "$(reboot)", "; rm -rf .",
	"../../../x",
	"/etc/passwd", "con", ".", "..", "", " ", "\t", "%s%n%d", "*/", "//", "\\", "#", "&x", "*x",
	"!!binary", "!x",
	"int", "class", "ap_fixed<16,6>", "fixed<0,0>", "fixed<-1,3>", "ap_fixed<99999999999,1>",
	"ufixed<1024,-1024>",
	"ap_fixed<16,6,AP_RND,AP_SAT,77>", "auto", "io_stream", "Resource", "Latency", "Quartus", "relu",
	"softmax",
	"größe", "層", "\U0001F600", "e\u0301", "{", "}", "[", "]", ":", ",", "- ", "? ", "| ", "---", "...",
	"%YAML 9",
}

// hostile is one of hostiles; one in sixty is very long.
func hostile(r *rand.Rand) []byte {
	if r.IntN(60) > 0 {
		return []byte(pick(r, hostiles))
	}
	unit := pick(r, []string{"a", "\x1b[1m", "a\n", "ä", "\"", "a: ", "9", "a,", "\\"})
	size := pick(r, []int{3000, 70000, largest})
	return []byte(strings.Repeat(unit, size/len(unit)))
}

// nested is a value that parsers enter very often before it ends, if it does.
func nested(r *rand.Rand) []byte {
	depth := pick(r, []int{40, 1000, 10001, 100000})
	open := pick(r, []string{"[", "{\"a\":", "(", "<", "{a: ", "- ", "[\n", "? ", "!!seq [", "&a ["})
	closing := map[byte]string{'[': "]", '{': "}", '(': ")", '<': ">"}[open[0]]
	text := strings.Repeat(open, depth)
	if r.IntN(2) == 0 {
		text += "1" + strings.Repeat(closing, depth)
	}
	return []byte(text)
}

func isNumber(c byte) bool { return c >= '0' && c <= '9' || c == '-' || c == '.' }

func isWord(c byte) bool {
	return isNumber(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '<' || c == '>'
}

// find picks a longest run of such bytes; none: an empty one anywhere.
func find(r *rand.Rand, data []byte, is func(byte) bool) (from, to int) {
	start := place(r, data)
	for i := range data {
		from = (start + i) % len(data)
		if !is(data[from]) || from > 0 && is(data[from-1]) {
			continue
		}
		for to = from; to < len(data) && is(data[to]); {
			to++
		}
		return from, to
	}
	return start, start
}
