package lint_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	link     = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)
	caseName = regexp.MustCompile("`((?:keras2|doc|qkeras)_[a-z0-9_]+)`")
	filePath = regexp.MustCompile("`([a-z]+/[a-z/]+\\.txtar)`")
	testName = regexp.MustCompile("`([a-z/0-9]+)\\.(Test[A-Za-z0-9]+)`")
)

// TestDocsLinks follows the links between pages of the repository.
func TestDocsLinks(t *testing.T) {
	textFiles(t, func(name, text string) {
		if path.Ext(name) != ".md" {
			return
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			_, err := os.Stat(filepath.Join("..", "..", path.Dir(name), m[1]))
			assert.NoError(t, err, "%s: link %s", name, m[1])
		}
	})
}

// TestQuirksAreCovered finds every case and test that docs/quirks.md names.
func TestQuirksAreCovered(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "quirks.md"))
	require.NoError(t, err)
	cases := caseName.FindAllSubmatch(text, -1)
	require.NotEmpty(t, cases)
	for _, m := range cases {
		_, err := os.Stat(filepath.Join("..", "..", "testdata", "oracle", "cases", string(m[1])))
		assert.NoError(t, err, "docs/quirks.md names the case %s", m[1])
	}
	for _, m := range filePath.FindAllSubmatch(text, -1) {
		_, err := os.Stat(filepath.Join("..", "..", string(m[1])))
		assert.NoError(t, err, "docs/quirks.md names the file %s", m[1])
	}
	all := sources(t)
	for _, m := range testName.FindAllSubmatch(text, -1) {
		assert.True(t, declares(all, string(m[1]), string(m[2])), "docs/quirks.md names %s.%s", m[1], m[2])
	}
}

// declares reports whether a test of the folder has that name.
func declares(all []source, dir, test string) bool {
	for _, s := range all {
		if s.dir() == dir && s.isTest() && strings.Contains(s.text, "\nfunc "+test+"(") {
			return true
		}
	}
	return false
}
