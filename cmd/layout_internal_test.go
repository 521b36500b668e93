package cmd

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sample is a table with everything that a layout must decide about.
func sample() *sheet {
	s := &sheet{
		columns: []string{"layer", "integer bits", "empty", "share", "why", "unimportant"},
		right:   []string{"integer bits", "share"}, spare: []string{"unimportant"},
	}
	s.add("block_1_expand_BN", 7, "", "12.5 %", "no sum leaves its type", block{"one thing", "and another"})
	s.add("fc", marked{"3 short", bad}, "", "0.1 %", "runs within the sums before it, or not at all", block(nil))
	return s
}

// TestTablesFit a terminal of any width at which their words have room: no line is wider, and no word, number
// or unit is torn.
func TestTablesFit(t *testing.T) {
	plain := sample().text(terminal{})
	require.NotContains(t, plain, "left out")
	known := map[string]bool{}
	for _, w := range words(strings.NewReplacer("│", " ", "\n", " ").Replace(plain)) {
		known[w] = true
	}
	for _, w := range strings.Fields("nothing in: left out for want of room: empty empty; unimportant layer: " +
		"integer bits: share: why: unimportant:") {
		known[w] = true
	}
	for width := 24; width < 160; width++ {
		text := sample().text(terminal{width: width})
		for line := range strings.SplitSeq(text, "\n") {
			require.LessOrEqual(t, displayWidth(line), width, text)
			if strings.HasPrefix(line, "─") || strings.ContainsAny(line, "┌├└") {
				continue
			}
			for _, w := range words(strings.ReplaceAll(line, "│", " ")) {
				require.True(t, known[w], "%q at width %d\n%s", w, width, text)
			}
		}
		require.Contains(t, text, "12.5 %")
		require.Contains(t, text, "3 short")
	}
}

// TestLayoutLeavesOut what is empty first, then what a sheet can spare; then come records.
func TestLayoutLeavesOut(t *testing.T) {
	for _, c := range []struct {
		width         int
		nothing, left []string
		ok            bool
	}{
		{0, nil, nil, true},
		{120, nil, nil, true},
		{88, nil, nil, true},
		{80, []string{"empty"}, nil, true},
		{70, []string{"empty"}, []string{"unimportant"}, true},
		{30, []string{"empty"}, []string{"unimportant"}, false},
	} {
		l, ok := sample().layout(c.width)
		require.Equal(t, c.ok, ok, c.width)
		require.Equal(t, c.nothing, l.nothing, c.width)
		require.Equal(t, c.left, l.left, c.width)
	}
	records := sample().text(terminal{width: 40})
	require.True(t, strings.HasPrefix(records, "block_1_expand_BN\n  integer bits: 7\n"), records)
}

func TestFold(t *testing.T) {
	for _, c := range []struct {
		line   string
		width  int
		indent string
		want   []string
	}{
		{"as it is", 0, "", []string{"as it is"}},
		{"one two three", 7, "", []string{"one two", "three"}},
		{"one two three", 7, "  ", []string{"one two", "  three"}},
		{"  of it: 12.5 % of all", 12, "  ", []string{"  of it:", "    12.5 %", "    of all"}},
		{"unbreakable", 5, "", []string{"unbreakable"}},
		{"größe größe", 6, "", []string{"größe", "größe"}},
		{"", 5, "", []string{""}},
	} {
		require.Equal(t, c.want, fold(c.line, c.width, c.indent), c.line)
	}
}

// TestProseOnATerminal is folded, and shows at a glance who speaks; in a pipe it is as it was written.
func TestProseOnATerminal(t *testing.T) {
	message := "hlsgo: warning: a long warning about nothing\nhlsgo: x\x1b[2J\nplain words\n"
	var b bytes.Buffer
	s := &screen{w: &b, prose: true, terminal: terminal{24, true}}
	_, err := s.Write([]byte(message))
	require.NoError(t, err)
	require.Equal(t, "\x1b[35mhlsgo: warning:\x1b[0m a long\n  warning about nothing\n"+
		"\x1b[1;31mhlsgo:\x1b[0m x\\u001b[2J\nplain words\n", b.String())
	b.Reset()
	s = &screen{w: &b, prose: true}
	_, err = s.Write([]byte(message))
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(message, "\x1b", `\u001b`), b.String())
}

// TestColoursAreReadable on black and on white: the contrast of the first sixteen colours, as xterm draws
// them, is 3 to 1 or more, what accessibility guidelines ask of large and bold text.
func TestColoursAreReadable(t *testing.T) {
	xterm := map[string][3]float64{
		"30": {0, 0, 0}, "31": {205, 0, 0}, "32": {0, 205, 0}, "33": {205, 205, 0}, "34": {0, 0, 238},
		"35": {205, 0, 205}, "36": {0, 205, 205}, "37": {229, 229, 229},
	}
	readable := func(s style) bool {
		for code := range strings.SplitSeq(string(s), ";") {
			n, err := strconv.Atoi(code)
			require.NoError(t, err)
			if rgb, ok := xterm[code]; ok && min(contrast(rgb, 0), contrast(rgb, 255)) < 3 {
				return false
			}
			require.True(t, n == 1 || xterm[code] != [3]float64{} || code == "30", "%q: an unknown code", code)
		}
		return true
	}
	for _, s := range []style{heading, bad, doubtful} {
		require.True(t, readable(s), s)
	}
	require.False(t, readable("32"), "green on white")
	require.False(t, readable("34"), "blue on black")
}

// contrast is that of a colour on grey, by the formula of the guidelines.
func contrast(rgb [3]float64, grey float64) float64 {
	a, b := luminance(rgb), luminance([3]float64{grey, grey, grey})
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

func luminance(rgb [3]float64) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := rgb[i] / 255
		if v <= 0.03928 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
