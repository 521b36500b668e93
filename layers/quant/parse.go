package quant

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxText bounds the text of a quantizer.
const maxText = 1000

// Parse reads a quantizer written as a call, such as quantized_relu(4,negative_slope=0.5). A name alone takes
// the defaults. What QKeras itself reads as something else than it says, like alpha=None, is an error.
func Parse(text string) (Config, error) {
	if len(text) > maxText {
		return Config{}, fmt.Errorf("quantizer: got a text of %d bytes, want at most %d", len(text), maxText)
	}
	name, rest, call := strings.Cut(text, "(")
	c := Config{name, map[string]any{}}
	if err := c.check(); err != nil {
		return c, err
	}
	if !call {
		return c, nil
	}
	inner, ok := strings.CutSuffix(rest, ")")
	if !ok || strings.ContainsAny(inner, "()") {
		return c, fmt.Errorf("quantizer %q: got %q, want one pair of parentheses around its arguments", name, text)
	}
	if slices.Contains(functions, name) {
		return c, fmt.Errorf("quantizer %q: got a call, want the name alone", name)
	}
	if strings.TrimSpace(inner) == "" {
		return c, nil
	}
	return c, c.parseArgs(strings.Split(inner, ","))
}

// parseArgs fills in the arguments: those without a name come first, in the order of the constructor.
func (c Config) parseArgs(parts []string) error {
	sig, named := signatures[c.Class], false
	for i, part := range parts {
		key, value, hasKey := strings.Cut(part, "=")
		if !hasKey {
			key, value = "", part
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case hasKey:
			named = true
		case named:
			return fmt.Errorf("quantizer %q: got %q behind an argument with a name, want a name", c.Class, value)
		case i >= len(sig):
			return fmt.Errorf("quantizer %q: got %d arguments, want at most %d", c.Class, len(parts), len(sig))
		default:
			key = sig[i].name
		}
		v, err := literal(value)
		if err != nil {
			return fmt.Errorf("quantizer %q: %s: %w", c.Class, key, err)
		}
		if _, twice := c.Args[key]; twice {
			return fmt.Errorf("quantizer %q: %s: got it twice, want it once", c.Class, key)
		}
		c.Args[key] = v
	}
	return c.check()
}

// literal reads True, False, a number or a quoted text.
func literal(s string) (any, error) {
	switch s {
	case "True":
		return true, nil
	case "False":
		return false, nil
	}
	if i, err := strconv.Atoi(s); err == nil {
		return i, nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && decimal(s) {
		return f, nil
	}
	for _, quote := range []string{"'", `"`} {
		if len(s) >= 2 && strings.HasPrefix(s, quote) && strings.HasSuffix(s, quote) {
			return s[1 : len(s)-1], nil
		}
	}
	return nil, fmt.Errorf("got %q, want True, False, a number or a text in quotes", s)
}

// decimal refuses Go's other spellings of numbers: hexadecimal, underscores, inf.
func decimal(s string) bool {
	return strings.Trim(s, "+-.eE0123456789") == ""
}
