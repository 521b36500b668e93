package ir

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SnakeCase turns a configuration key into an attribute name as hls4ml does: an underscore before every
// capital but the first, doubled underscores made one. "TableSize" gives "table_size", "table_t" stays.
func SnakeCase(s string) string {
	var b strings.Builder
	var last rune
	put := func(r rune) {
		if r != '_' || last != '_' {
			b.WriteRune(r)
		}
		last = r
	}
	for i, r := range s {
		if i > 0 && r >= 'A' && r <= 'Z' {
			put('_')
		}
		put(unicode.ToLower(r))
	}
	return b.String()
}

// longestName is how many bytes a name of a layer may have; no framework's own come near it.
const longestName = 500

// CheckName refuses what no framework has in names of layers and tensors, and what reads them takes for
// something else: line ends, the escapes of terminals, marks that turn text round.
func CheckName(name string) error {
	if len(name) > longestName {
		return fmt.Errorf("name: got %q... of %d bytes, want at most %d", strings.ToValidUTF8(name[:40], ""),
			len(name), longestName)
	}
	for _, r := range name {
		if !unicode.IsGraphic(r) || r == utf8.RuneError {
			return fmt.Errorf("name: got %q with %U, want letters, digits, marks and blanks only", name, r)
		}
	}
	return nil
}

// PascalCase turns an attribute name into the configuration key that hls4ml writes: "table_size" gives
// "TableSize", "table_range_power2" gives "TableRangePower2".
// It is no inverse of SnakeCase ("table_t" becomes "TableT"), and is not one in hls4ml either.
func PascalCase(s string) string {
	var b strings.Builder
	for _, part := range strings.Split(s, "_") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + strings.ToLower(part[1:]))
		}
	}
	return b.String()
}
