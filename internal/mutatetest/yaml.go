package mutatetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
)

// yamlOperators keep the indentation, so that most of what they make is YAML.
var yamlOperators = []operator{
	{"value of a key", func(r *rand.Rand, data []byte) []byte {
		from, to := yamlValue(r, data)
		return replace(data, from, to, yamlScalar(r))
	}},
	{"quoted value of a key", func(r *rand.Rand, data []byte) []byte {
		from, to := yamlValue(r, data)
		return replace(data, from, to, jsonText(r))
	}},
	{"key", func(r *rand.Rand, data []byte) []byte {
		from, to := yamlKey(r, data)
		return replace(data, from, to, jsonText(r))
	}},
	{"key of the file", func(r *rand.Rand, data []byte) []byte {
		a, b := yamlKey(r, data)
		from, to := yamlKey(r, data)
		return replace(data, from, to, bytes.Clone(data[a:b]))
	}},
	{"indentation", func(r *rand.Rand, data []byte) []byte {
		lines := bytes.SplitAfter(data, []byte("\n"))
		i := r.IntN(len(lines))
		text := bytes.TrimLeft(lines[i], " ")
		lines[i] = append([]byte(pick(r, []string{"", " ", "  ", "      ", "\t", "- ", "  - "})), text...)
		return bytes.Join(lines, nil)
	}},
	{"bomb", func(r *rand.Rand, data []byte) []byte { return append(bomb(r), data...) }},
	{"alias", func(r *rand.Rand, data []byte) []byte {
		// One value takes a name and another place uses it; half of the time the name is inside what it names.
		from, to := yamlValue(r, data)
		data = replace(data, from, to, []byte("*x"))
		from, _ = yamlValue(r, data)
		return replace(data, from, from, []byte("&x "))
	}},
	{"merge", func(r *rand.Rand, data []byte) []byte {
		lines := bytes.SplitAfter(data, []byte("\n"))
		i := r.IntN(len(lines))
		indent := lines[i][:len(lines[i])-len(bytes.TrimLeft(lines[i], " "))]
		by := pick(r, []string{
			"<<: *x", "<<: {a: 1}", "<<: [*x, *x]", "<<: 3", "<<: {<<: {<<: 1}}", "<<: &x {<<: *x}",
		})
		lines[i] = append(fmt.Appendf(nil, "%s%s\n", indent, by), lines[i]...)
		return bytes.Join(lines, nil)
	}},
}

// yamlValue finds the text behind a key, which is empty where a mapping follows.
func yamlValue(r *rand.Rand, data []byte) (from, to int) {
	start := place(r, data)
	colon := bytes.Index(data[start:], []byte(":"))
	if colon < 0 {
		return start, start
	}
	from = start + colon + 1
	to = from + max(0, bytes.IndexByte(data[from:], '\n'))
	if from < to {
		from++
	}
	return from, to
}

// yamlKey finds the text before a colon.
func yamlKey(r *rand.Rand, data []byte) (from, to int) {
	start := place(r, data)
	colon := bytes.Index(data[start:], []byte(":"))
	if colon < 0 {
		return start, start
	}
	to = start + colon
	for from = to; from > 0 && isWord(data[from-1]); {
		from--
	}
	return from, to
}

func yamlScalar(r *rand.Rand) []byte {
	switch r.IntN(5) {
	case 0:
		return hostile(r)
	case 1:
		return []byte(pick(r, jsonWords))
	case 2:
		return []byte(pick(r, []string{
			"!!float 1", "!!int x", "!!binary AAAA", "!!null 1", "!!set {a}", "!!omap [a: 1]",
			"!!python/object:os.x {}",
			"|\n  a\n  b", ">-\n", "? a\n: b", "{a: 1, a: 2}", "*none", "&x", "&x *x", "[a, b", "'", "\"a", "@",
			"`", "%",
		}))
	}
	return []byte(pick(r, numbers))
}

// bomb is a small text that aliases make large.
func bomb(r *rand.Rand) []byte {
	var b strings.Builder
	wide := pick(r, []int{2, 9})
	b.WriteString("a0: &a0 [x, y]\n")
	for i := range pick(r, []int{9, 30, 1000}) {
		words := strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), wide), ", ")
		form := pick(r, []string{"a%d: &a%[1]d [%s]\n", "a%d: &a%[1]d {p: [%s]}\n"})
		fmt.Fprintf(&b, form, i+1, words)
	}
	return []byte(b.String())
}
