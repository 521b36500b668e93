package main

import (
	"bufio"
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// known reads what an assembler made of instructions: text to word.
func known(t *testing.T) map[string]string {
	file, err := os.ReadFile("testdata/encodings.txt")
	require.NoError(t, err)
	out := map[string]string{}
	for line := range strings.Lines(string(file)) {
		if !strings.HasPrefix(line, "#") {
			bits, text, _ := strings.Cut(strings.TrimSpace(line), " ")
			out[text] = bits
		}
	}
	return out
}

// generated lists the words of the kernels: text to word.
func generated(t *testing.T) map[string]string {
	out := map[string]string{}
	pattern := regexp.MustCompile(`^\tWORD \$0x([0-9a-f]{8}) // (.+)$`)
	lines := bufio.NewScanner(bytes.NewReader(generate().code.Bytes()))
	for lines.Scan() {
		if m := pattern.FindStringSubmatch(lines.Text()); m != nil {
			out[m[2]] = m[1]
		}
	}
	require.NoError(t, lines.Err())
	return out
}

// form is an instruction without the numbers of registers, elements and constants.
func form(text string) string {
	return regexp.MustCompile(`(\b[vxwqdsh]|#|\[)\d+`).ReplaceAllString(text, "${1}N")
}

// TestEncodings compares two instructions of every form that the kernels use with an assembler's words.
func TestEncodings(t *testing.T) {
	want, got := known(t), generated(t)
	forms := map[string]bool{}
	for text, bits := range want {
		require.Equal(t, bits, got[text], text)
		forms[form(text)] = true
	}
	for text := range got {
		require.True(t, forms[form(text)], "no known encoding of the form of %s", text)
	}
}

// TestWordsDiffer: different instructions have different words.
func TestWordsDiffer(t *testing.T) {
	seen := map[string]string{}
	for text, bits := range generated(t) {
		require.Empty(t, seen[bits], text)
		seen[bits] = text
	}
}

// TestCommitted: the kernels are what the generator writes.
func TestCommitted(t *testing.T) {
	a := generate()
	code, err := os.ReadFile("../kernels_arm64.s")
	require.NoError(t, err)
	require.Equal(t, a.code.String(), string(code), "run go generate")
	stubs, err := os.ReadFile("../kernels_arm64.go")
	require.NoError(t, err)
	require.Equal(t, a.stubs.String(), string(stubs), "run go generate")
}
