package ir

import (
	"strings"
	"unicode"
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
