package config

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The forms of plain scalars in YAML 1.1 as PyYAML reads them. They differ from what other readers do: 1e3
// has no point and is text, yes and on are truth values, 010 is octal and 1:30 counts in sixties.
var (
	yamlBool = regexp.MustCompile(
		`^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$`)
	yamlNull = regexp.MustCompile(`^(?:~|null|Null|NULL|)$`)
	yamlInt  = regexp.MustCompile(
		`^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	yamlFloat = regexp.MustCompile(
		`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|` +
			`[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
)

// scalarOf returns what PyYAML makes of a scalar: nil, bool, int, float64 or string. Tags of its own, such as
// the !keras_model of hls4ml, leave the text.
func scalarOf(n *yaml.Node) any {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	if n.Style&yaml.TaggedStyle != 0 {
		switch n.Tag {
		case "!!bool", "!!int", "!!float", "!!null":
			return plainScalar(n.Value)
		}
		return n.Value
	}
	if n.Style&quoted != 0 {
		return n.Value
	}
	return plainScalar(n.Value)
}

// plainScalar reads an unquoted scalar.
func plainScalar(s string) any {
	switch {
	case yamlNull.MatchString(s):
		return nil
	case yamlBool.MatchString(s):
		first := strings.ToLower(s)
		return first == "yes" || first == "true" || first == "on"
	case yamlInt.MatchString(s):
		return intScalar(s)
	case yamlFloat.MatchString(s):
		return floatScalar(s)
	}
	return s
}

func intScalar(s string) any {
	digits := strings.ReplaceAll(s, "_", "")
	negative := strings.HasPrefix(digits, "-")
	digits = strings.TrimLeft(digits, "+-")
	base := 10
	switch {
	case strings.HasPrefix(digits, "0b"):
		digits, base = digits[2:], 2
	case strings.HasPrefix(digits, "0x"):
		digits, base = digits[2:], 16
	case strings.Contains(digits, ":"):
		return signed(int(sixties(digits)), negative)
	case len(digits) > 1 && digits[0] == '0':
		base = 8
	}
	v, err := strconv.ParseInt(digits, base, 64)
	if err != nil { // too large for the machine; no key takes such a number
		return s
	}
	return signed(int(v), negative)
}

func signed(v int, negative bool) int {
	if negative {
		return -v
	}
	return v
}

func floatScalar(s string) any {
	digits := strings.ToLower(strings.ReplaceAll(s, "_", ""))
	negative := strings.HasPrefix(digits, "-")
	digits = strings.TrimLeft(digits, "+-")
	var v float64
	var err error
	switch {
	case digits == ".inf":
		v = math.Inf(1)
	case digits == ".nan":
		v = math.NaN()
	case strings.Contains(digits, ":"):
		v = sixties(digits)
	default:
		v, err = strconv.ParseFloat(digits, 64)
	}
	if err != nil {
		return s
	}
	if negative {
		return -v
	}
	return v
}

// sixties reads 1:30 as 90.
func sixties(s string) float64 {
	total := 0.0
	for part := range strings.SplitSeq(s, ":") {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return math.NaN()
		}
		total = total*60 + v
	}
	return total
}

// isDate matches what PyYAML would read as a date.
var isDate = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}`)
