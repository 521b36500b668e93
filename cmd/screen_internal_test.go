package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

func TestScreen(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\n":          "plain\ttext\n",
		"größe ≤ 5 │":            "größe ≤ 5 │",
		"a\x1b[31mb\x07\r":       `a\u001b[31mb\u0007\u000d`,
		"c1 \u009b, turn \u202e": `c1 \u009b, turn \u202e`,
		"no \xff\x9b text":       "no \ufffd\ufffd text",
		"cut \xe2\x94":           "cut \ufffd\ufffd",
	} {
		var whole, bytewise bytes.Buffer
		s := &screen{w: &whole}
		n, err := s.Write([]byte(in))
		require.NoError(t, err)
		require.Equal(t, len(in), n)
		s.close()
		require.Equal(t, want, whole.String())
		s = &screen{w: &bytewise}
		for i := range len(in) {
			_, err := s.Write([]byte{in[i]})
			require.NoError(t, err)
		}
		s.close()
		require.Equal(t, want, bytewise.String(), "byte by byte")
	}
}

// TestErrorsMakeTheirOwnLines only: line ends in names begin none.
func TestErrorsMakeTheirOwnLines(t *testing.T) {
	forged := errors.New("layer a\nhlsgo: all is well")
	for _, err := range []error{
		forged, fmt.Errorf("x: %w", forged), &hlsgo.ConfigError{Problems: []hlsgo.ConfigProblem{{Text: "a\nb"}}},
	} {
		require.Len(t, problems(err), 1)
	}
	joined := fmt.Errorf("m.yml: %w", errors.Join(errors.New("one"), errors.New("two")))
	said := problems(joined)
	require.Len(t, said, 2)
	require.Equal(t, "m.yml: one", said[0].Message)
	require.Equal(t, "two", said[1].Message)

	var b bytes.Buffer
	Streams{Err: &b}.complain(errors.Join(forged, errors.New(strings.Repeat("n", 10<<20)+" want fewer")))
	printed := strings.Split(strings.TrimSpace(b.String()), "\n")
	require.Len(t, printed, 2)
	require.Equal(t, `hlsgo: layer a\nhlsgo: all is well`, printed[0])
	require.Less(t, len(printed[1]), 1200)
	require.True(t, strings.HasSuffix(printed[1], "want fewer"))
}

// TestPanicIsOneLine of any goroutine that carries it here.
func TestPanicIsOneLine(t *testing.T) {
	var b bytes.Buffer
	plugin := hlsgo.Plugin{Name: "p", Setup: func(*hlsgo.Registry) error { panic("BUG: two\nlines") }}
	require.Equal(t, ExitFailed, Streams{Out: &b, Err: &b}.Run(t.Context(), nil, plugin))
	require.Equal(t, "hlsgo: internal error, please report it: BUG: two\\nlines\n", b.String())
}

// TestCellsAreOneLine unless they are made of several.
func TestCellsAreOneLine(t *testing.T) {
	var b bytes.Buffer
	s := sheet{columns: []string{"a"}}
	s.add("x\ny")
	s.add(block{"p", "q"})
	require.NoError(t, s.print(&b, false))
	require.Contains(t, b.String(), `x\ny`)
	require.NotContains(t, b.String(), `p\nq`)
}
