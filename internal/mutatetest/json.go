package mutatetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
)

// jsonOperators change values so that the rest stays JSON: they get past the parser.
var jsonOperators = []operator{
	{"value", func(r *rand.Rand, data []byte) []byte {
		v := pick(r, jsonValues(data))
		return replace(data, v.from, v.to, jsonValue(r))
	}},
	{"text of a value", func(r *rand.Rand, data []byte) []byte {
		v := pick(r, jsonValues(data))
		return replace(data, v.from, v.to, jsonText(r))
	}},
	{"value of the file", func(r *rand.Rand, data []byte) []byte {
		all := jsonValues(data)
		v, w := pick(r, all), pick(r, all)
		return replace(data, v.from, v.to, bytes.Clone(data[w.from:w.to]))
	}},
	{"repeat a value", func(r *rand.Rand, data []byte) []byte {
		v := pick(r, jsonValues(data))
		return replace(data, v.to, v.to, append([]byte(", "), data[v.from:v.to]...))
	}},
	{"name", func(r *rand.Rand, data []byte) []byte {
		return afterKey(r, data, []string{`"name": `, `"class_name": `, `"activation": `, `"dtype": `})
	}},
}

// A part is a part of a file, from one offset to another.
type part struct{ from, to int }

// jsonValues are the strings, numbers and words, keys included; none: the start of the file.
func jsonValues(data []byte) []part {
	var all []part
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	for {
		t, err := d.Token()
		if err != nil {
			break
		}
		to := int(d.InputOffset())
		switch t := t.(type) {
		case json.Delim:
		case string:
			if from := bytes.LastIndex(data[:to-1], []byte(`"`)); from >= 0 {
				all = append(all, part{from, to})
			}
		default:
			if t == nil {
				t = "null"
			}
			all = append(all, part{max(0, to-len(fmt.Sprint(t))), to})
		}
	}
	if len(all) == 0 {
		return []part{{0, 0}}
	}
	return all
}

var jsonWords = []string{
	"null", "true", "false", "[]", "{}", "[null]", "[[]]", `[1, 2, 3]`, `{"class_name": "Dense"}`, `"linear"`,
	`{"class_name": "quantized_bits", "config": {"bits": 1000000, "integer": -5}}`, `"quantized_relu(64,63)"`,
	`{"class_name": "Sequential", "config": {"layers": []}}`, `"quantized_bits(4,0,1,alpha='auto_po2')"`,
	`[null, 100000]`, `[null, 1, 1]`, `[-1, -1]`, `"valid"`, `"same"`, `"channels_first"`, `"softmax"`,
	`"float64"`,
}

func jsonValue(r *rand.Rand) []byte {
	switch r.IntN(3) {
	case 0:
		return []byte(pick(r, numbers))
	case 1:
		return []byte(pick(r, jsonWords))
	}
	if r.IntN(40) == 0 {
		return nested(r)
	}
	return jsonText(r)
}

func jsonText(r *rand.Rand) []byte {
	text, err := json.Marshal(string(hostile(r)))
	if err != nil {
		panic(fmt.Sprintf("BUG: mutatetest: %v", err))
	}
	return text
}

// afterKey replaces the text behind one of the keys.
func afterKey(r *rand.Rand, data []byte, keys []string) []byte {
	key := []byte(pick(r, keys))
	start := place(r, data)
	at := bytes.Index(data[start:], key)
	if at < 0 {
		return data
	}
	from := start + at + len(key)
	to := from
	for to < len(data) && data[to] != ',' && data[to] != '}' {
		to++
	}
	return replace(data, from, to, jsonText(r))
}
