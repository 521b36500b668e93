package keras

import "bytes"

// strictJSON puts texts in the places of the numbers that Python writes and JSON does not have: NaN, Infinity
// and -Infinity. Settings of regularizers have them; where a layer wants a number a text is refused.
func strictJSON(text []byte) []byte {
	if !bytes.Contains(text, []byte("Infinity")) && !bytes.Contains(text, []byte("NaN")) {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for i := 0; i < len(text); {
		n := token(text[i:])
		if word := text[i : i+n]; isSpecial(word) {
			out = append(append(append(out, '"'), word...), '"')
		} else {
			out = append(out, word...)
		}
		i += n
	}
	return out
}

func isSpecial(word []byte) bool {
	switch string(word) {
	case "NaN", "Infinity", "-Infinity":
		return true
	}
	return false
}

// token is the length of the text in quotes, the word or the byte that comes first.
func token(text []byte) int {
	if text[0] == '"' {
		for i := 1; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
		return len(text)
	}
	n := 0
	for n < len(text) && (letter(text[n]) || text[n] == '-') {
		n++
	}
	return max(n, 1)
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
