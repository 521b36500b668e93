package tune

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
)

// TestKeepRange keeps the integer bits that a user gave a type, unless they are far too many.
func TestKeepRange(t *testing.T) {
	for _, row := range []struct{ found, user, want fixed.Format }{
		{fixed.Fixed(20, 5), fixed.Fixed(16, 6), fixed.Fixed(21, 6)},
		{fixed.Fixed(20, 5), fixed.Fixed(12, 4), fixed.Fixed(20, 5)},
		{fixed.Fixed(20, 5), fixed.UFixed(16, 6), fixed.Fixed(22, 7)}, // the sign takes a bit
		{fixed.Fixed(20, 5), fixed.Fixed(40, 30), fixed.Fixed(20, 5)},
		{fixed.Fixed(20, 5), fixed.Auto, fixed.Fixed(20, 5)},
	} {
		require.Equal(t, row.want, keepRange(row.found, row.user), "%v for %v", row.user, row.found)
	}
}
