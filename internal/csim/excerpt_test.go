package csim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExcerptKeepsStartAndEnd(t *testing.T) {
	var e excerpt
	for i := range 100 {
		n, err := e.Write([]byte(strings.Repeat(string(rune('a'+i%26)), 10000)))
		require.NoError(t, err)
		require.Equal(t, 10000, n)
	}
	require.Len(t, e.head, keptHead)
	require.Len(t, e.tail, keptTail)
	require.True(t, strings.HasPrefix(e.String(), strings.Repeat("a", 10000)+"b"))
	require.True(t, strings.HasSuffix(e.String(), "u"+strings.Repeat("v", 10000)))
	require.Contains(t, e.String(), "\n...\n")

	e = excerpt{}
	_, _ = e.Write([]byte("all of it"))
	require.Equal(t, "all of it", e.String())
	e.total = maxWords
	_, err := e.Write([]byte("x"))
	require.ErrorIs(t, err, errFlood)
}
