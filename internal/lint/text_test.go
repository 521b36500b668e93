package lint_test

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// unfinished marks work that somebody meant to come back to, and machinesPath what only exists on one
// machine. The words are put together here so that this file does not match itself.
var (
	unfinished   = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	machinesPath = regexp.MustCompile(`(^|[\s"'` + "`" + `=(:])/(ho` + `me|ro` + `ot|wo` + `rk|op` + `t)/[a-z]`)
)

// textFiles calls f with the path and text of each file that people write and read.
func textFiles(t *testing.T, f func(name, text string)) {
	kinds := []string{".go", ".md", ".py", ".yml", ".h", ".cpp", ".sh", ".txtar", ""}
	walk(t, func(name string, text []byte) {
		if !slices.Contains(kinds, path.Ext(path.Base(name))) || strings.Contains("/"+name, "/testdata/fuzz/") {
			return
		}
		if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
			return
		}
		f(name, string(text))
	})
}

func TestNothingIsUnfinished(t *testing.T) {
	textFiles(t, func(name, text string) {
		if m := unfinished.FindString(text); m != "" {
			t.Errorf("%s: %s: want work done, or an error that names what is missing", name, m)
		}
	})
}

func TestNoMachinePaths(t *testing.T) {
	textFiles(t, func(name, text string) {
		if m := machinesPath.FindString(text); m != "" {
			t.Errorf("%s: %q: a path of one machine", name, strings.TrimSpace(m))
		}
	})
}

// TestPatternsCanFail makes sure that the patterns above find what they look for.
func TestPatternsCanFail(t *testing.T) {
	if !unfinished.MatchString("// TO"+"DO: later") || unfinished.MatchString("TODOS") {
		t.Error("unfinished: wrong pattern")
	}
	if !machinesPath.MatchString(`open("/wo`+`rk/x")`) || machinesPath.MatchString("a/work/b") {
		t.Error("machinesPath: wrong pattern")
	}
}
