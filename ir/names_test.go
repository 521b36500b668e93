package ir_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
)

func TestCheckName(t *testing.T) {
	for _, name := range []string{"fc1", "größe", "a/b.c:0", "a b", "層", "q\"'<", strings.Repeat("n", 500)} {
		require.NoError(t, ir.CheckName(name), name)
	}
	for name, want := range map[string]string{
		"a\nb":                    `name: got "a\nb" with U+000A, want letters, digits, marks and blanks only`,
		"\x1b[31m":                `name: got "\x1b[31m" with U+001B`,
		"\u202eevil":              `name: got "\u202eevil" with U+202E`,
		"\u009b":                  `name: got "\u009b" with U+009B`,
		"\u2028":                  `name: got "\u2028" with U+2028`,
		"\x00":                    `name: got "\x00" with U+0000`,
		"\xff":                    `name: got "\xff" with U+FFFD`,
		strings.Repeat("é", 1000): `é"... of 2000 bytes, want at most 500`,
	} {
		err := ir.CheckName(name)
		require.ErrorContains(t, err, want)
		require.Less(t, len(err.Error()), 2000)
	}
}
