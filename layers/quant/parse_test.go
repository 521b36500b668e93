package quant_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/stretchr/testify/require"
)

// strict lists the texts that QKeras takes for something else than they say; they are errors.
var strict = []string{
	"quantized_bits(4)(5)", "quantized_bits(4))", "quantized_bits(4, alpha=None)",
	"quantized_bits(4,alpha=auto)", "quantized_bits(0x4)", "quantized_bits(4_0)", "quantized_bits(4) ",
}

// TestParseEqualsQKeras compares what becomes of a quantizer's text with QKeras 0.9.
func TestParseEqualsQKeras(t *testing.T) {
	var file []struct {
		Text, Class, Error string
		Config             map[string]any
	}
	load(t, "testdata/strings.json.gz", &file)
	accepted := 0
	for _, c := range file {
		got, err := quant.Parse(c.Text)
		if err == nil {
			_, err = quant.New(got)
		}
		if c.Error != "" || contains(strict, c.Text) {
			require.Error(t, err, c.Text)
			continue
		}
		if strings.HasSuffix(c.Text, "' )") { // QKeras keeps the quote
			require.NoError(t, err)
			continue
		}
		require.NoError(t, err, c.Text)
		want, err := quant.FromDict(map[string]any{"class_name": c.Class, "config": c.Config})
		require.NoError(t, err, c.Text)
		f, err := quant.New(want)
		require.NoError(t, err, c.Text)
		g, err := quant.New(got)
		require.NoError(t, err, c.Text)
		for _, x := range []float32{-2, -0.7, -0.1, 0, 0.3, 0.55, 1.4, 9} {
			require.Equal(t, f.Value(x), g.Value(x), "%s of %v", c.Text, x)
		}
		accepted++
	}
	require.Greater(t, accepted, 25)
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// TestErrorsOfQuantizers wants one line that names the quantizer, the argument and what was expected.
func TestErrorsOfQuantizers(t *testing.T) {
	for text, want := range map[string]string{
		"quantized_bit(4)":      `quantizer "quantized_bit": got an unknown class, want one of `,
		"quantized_bits(4":      `quantizer "quantized_bits": got "quantized_bits(4", want one pair of parentheses`,
		"quantized_bits(four)":  `quantizer "quantized_bits": bits: got "four", want True, False, a number`,
		"quantized_bits(4,b=1)": `quantizer "quantized_bits": got an unknown argument b, want one of bits, integer`,
		"quantized_bits(4,-1)":  `quantizer "quantized_bits": integer: got -1, want a whole number from 0 to 30`,
		"quantized_bits(1e9)":   `quantizer "quantized_bits": bits: got 1e+09, want a whole number from 0 to 30`,
		"quantized_bits(4.5)":   `quantizer "quantized_bits": bits: got 4.5, want a whole number`,
		"quantized_bits('x')":   `quantizer "quantized_bits": bits: got 'x', want a whole number`,
		"binary(alpha='best')":  `quantizer "binary": alpha: got 'best', want None, a number, 'auto' or 'auto_po2'`,
		"bernoulli":             `quantizer "bernoulli": its answers are drawn at random at inference too`,
		"quantized_relu(4,negative_slope=0.3)": `quantizer "quantized_relu": negative_slope: got 0.3, ` +
			`want 0 or a power of two`,
		strings.Repeat("b", 2000): "quantizer: got a text of 2000 bytes, want at most 1000",
	} {
		c, err := quant.Parse(text)
		if err == nil {
			_, err = quant.New(c)
		}
		require.ErrorContains(t, err, want, text)
		require.NotContains(t, err.Error(), "\n")
	}
}

// TestErrorsOfDictionaries feeds what a damaged file may hold.
func TestErrorsOfDictionaries(t *testing.T) {
	for text, want := range map[string]string{
		`7`:                                     "quantizer: got 7, want an object with class_name and config",
		`{}`:                                    "quantizer: class_name: got null, want a text",
		`{"class_name": ["binary"]}`:            `quantizer: class_name: got ["binary"], want a text`,
		`{"class_name": "quantized"}`:           `quantizer "quantized": got an unknown class`,
		`{"class_name": "binary", "config": 3}`: `"binary": config: got 3, want an object`,
		`{"class_name": "binary", "config": {"alpha": [1, 2]}}`:      `"binary": alpha: got [1,2], want a number`,
		`{"class_name": "binary", "config": {"alpha": 1e999}}`:       `"binary": alpha: got 1e999, want a number`,
		`{"class_name": "quantized_tanh", "config": {"bits": null}}`: `"quantized_tanh": bits: got None, want`,
	} {
		var v any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		require.NoError(t, d.Decode(&v))
		c, err := quant.FromDict(v)
		if err == nil {
			_, err = quant.New(c)
		}
		require.ErrorContains(t, err, want, text)
	}
}

// FuzzParse wants an error or a working quantizer from any text, and the same quantizer from its own text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"quantized_bits(4,0,1,alpha='auto')", "binary", "quantized_relu(4,negative_slope=0.5)",
		"quantized_po2(4,2)", "ternary(threshold=0.5)", "a(b(c",
		"quantized_bits(((", "quantized_bits(,,,)", "quantized_bits(-1e308)",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := quant.Parse(s)
		if err != nil {
			return
		}
		q, err := quant.New(c)
		if err != nil {
			return
		}
		y, _, err := q.Quantize([]float32{0.3, -0.7}, []int{1, 2})
		if err != nil {
			return
		}
		again, err := quant.Parse(q.String())
		require.NoError(t, err, "%s becomes %s", s, q)
		p, err := quant.New(again)
		require.NoError(t, err)
		z, _, err := p.Quantize([]float32{0.3, -0.7}, []int{1, 2})
		require.NoError(t, err)
		for i := range y {
			require.True(t, y[i] == z[i] || y[i] != y[i] && z[i] != z[i], "%s becomes %s: %v and %v", s, q, y, z)
		}
	})
}
