package cmd_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// repository is the root of the repository.
const repository = ".."

// wholeSuite is the one command of README.md that its test does not run: it would run itself.
const wholeSuite = "go test -timeout 25m ./..."

// commands are the blocks of README.md marked sh, and the commands in its table of verbs, as they stand
// there.
func commands(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "README.md"))
	require.NoError(t, err)
	var list []string
	inBlock := false
	example := regexp.MustCompile("\\| `(hlsgo [^`]+)` \\|$")
	for line := range strings.SplitSeq(string(text), "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inBlock = line == "```sh"
		case inBlock:
			list = append(list, line)
		default:
			if m := example.FindStringSubmatch(line); m != nil {
				list = append(list, m[1])
			}
		}
	}
	return list
}

// TestReadme runs the commands of README.md, exactly as they stand there and one after the other, in a copy
// of the repository, and finds what it says that they show.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and compiles firmware")
	}
	for _, program := range []string{"bash", "g++", "go"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	list := commands(t)
	require.Contains(t, list, "go run ./cmd/hlsgo predict")
	require.Contains(t, list, "CGO_ENABLED=0 go build -o hlsgo ./cmd/hlsgo")
	require.Contains(t, list, "hlsgo compare config.yml -i digits_X.npy --write tuned.yml")
	i := slices.Index(list, wholeSuite)
	require.GreaterOrEqual(t, i, 0)
	list = slices.Delete(list, i, i+1)

	dir := copyOf(t, repository)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "bash", "--norc", "-euc", strings.Join(list, "\n"))
	c.Dir = dir
	var path []string
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		// The program of README.md is the one that it builds, and no other.
		if _, err := os.Stat(filepath.Join(folder, "hlsgo")); err != nil {
			path = append(path, folder)
		}
	}
	c.Env = append(os.Environ(), "PATH="+strings.Join(path, string(filepath.ListSeparator)))
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, line := range shownByReadme(t) {
		require.Contains(t, string(out), line+"\n")
	}
	require.FileExists(t, filepath.Join(dir, "digits", "y.npy"))
	require.FileExists(t, filepath.Join(dir, "digits", "model.svg"))
}

// shownByReadme are the lines that README.md says the example prints, but for the throughput.
func shownByReadme(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "README.md"))
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), "\n```\ndigits:")
	require.True(t, ok)
	block, _, ok := strings.Cut("digits:"+rest, "\n...\n```")
	require.True(t, ok)
	var lines []string
	for line := range strings.SplitSeq(block, "\n") {
		if !strings.Contains(line, "throughput") {
			lines = append(lines, line)
		}
	}
	require.Greater(t, len(lines), 8)
	return lines
}

// copyOf copies what a checkout has, without what is not the repository's.
func copyOf(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	left := regexp.MustCompile(`^(\.git|\.cache|\.venv.*|dist|testdata)$`)
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && left.MatchString(d.Name()):
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		case !d.Type().IsRegular():
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o666)
	})
	require.NoError(t, err)
	return to
}

// TestWholeSuite is the command by which README.md, CI and contributors run all tests.
func TestWholeSuite(t *testing.T) {
	ci, err := os.ReadFile(filepath.Join(repository, ".ci", "run"))
	require.NoError(t, err)
	require.Contains(t, string(ci), strings.Replace(wholeSuite, "go test ", "go test -count=1 ", 1))
}
