package cmd_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// openTerminal makes a pseudo-terminal: what is written to its one end is read from the other.
func openTerminal(t *testing.T, columns int) (ours, theirs *os.File) {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { ours.Close() })
	fd := int(ours.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { theirs.Close() })
	require.NoError(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: uint16(columns)}))
	return ours, theirs
}

// onTerminal runs hlsgo, both of its streams on a terminal, and returns what is there in the end: progress
// comes and goes.
func onTerminal(t *testing.T, columns int, dir string, env []string, args ...string) string {
	t.Helper()
	ours, theirs := openTerminal(t, columns)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "hlsgo", args...) // testscript has put it in PATH
	c.Dir, c.Stdout, c.Stderr = dir, theirs, theirs
	c.Env = append(append(os.Environ(), "TERM=xterm", "NO_COLOR="), env...)
	shown := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(ours) // ends with an error when the last writer is gone
		shown <- b
	}()
	require.NoError(t, c.Start())
	theirs.Close()
	_ = c.Wait() // verify and others may end with a code of their own
	lines := strings.Split(strings.ReplaceAll(string(<-shown), "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = line[strings.LastIndex(line, "\r")+1:]
	}
	return strings.Join(lines, "\n")
}

// tables are command lines that print a table, run in the folder of the example.
func tables() [][]string {
	lines := [][]string{
		{"predict"},
		{"predict", "--health"},
		{"predict", "digits.yml", "-o", "y.npy", "--health", "--precision", "fixed<10,3,RND,SAT>"},
		{"config", "digits.yml", "--explain"},
		{"compare", "digits.yml", "--labels", "digits_labels.npy", "--precision", "fixed<10,3>"},
		{"profile"},
		{"ir", "digits.yml", "--kernels"},
		{"layers"}, {"backends"}, {"passes"}, {"flows"}, {"example"},
	}
	if _, err := exec.LookPath("g++"); err == nil {
		lines = append(lines, []string{"verify", "digits.yml", "-n", "10"})
	}
	return lines
}

var (
	escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")
	changes = regexp.MustCompile(`[0-9.]+[kMG]? samples/s.*|in [0-9.e-]+ s$`) // from run to run
)

// shownWords are the words of a text, without frames and what changes from run to run.
func shownWords(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.NewReplacer("│", " ").Replace(changes.ReplaceAllString(line, ""))
		if strings.ContainsAny(line, "┌├└") {
			continue
		}
		out = append(out, strings.Fields(line)...)
	}
	return out
}

// TestTerminals draws every table on terminals of 80 and 120 columns. No line is wider, every word and number
// is one of those that a pipe gets, and what a table leaves out it names.
func TestTerminals(t *testing.T) {
	dir := unpack(t)
	for _, args := range tables() {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			plain := piped(t, dir, args...)
			require.NotContains(t, plain, "\x1b", "a pipe gets no escape codes")
			require.NotContains(t, plain, "left out", "and all there is")
			known := map[string]bool{}
			for _, w := range shownWords(plain) {
				known[w], known[w+":"], known[w+","], known[w+";"] = true, true, true, true
			}
			for w := range strings.FieldsSeq("left out for want of room: nothing in:") {
				known[w] = true
			}
			for _, columns := range []int{80, 120} {
				shown := onTerminal(t, columns, dir, nil, args...)
				require.Contains(t, shown, "\x1b[1m", "headers stand out")
				bare := escapes.ReplaceAllString(shown, "")
				require.NotContains(t, bare, "\x1b", "colours are the only codes")
				for line := range strings.SplitSeq(bare, "\n") {
					require.LessOrEqual(t, len([]rune(line)), columns, line)
				}
				for _, w := range shownWords(bare) {
					require.True(t, known[w], "%q is torn at %d columns:\n%s", w, columns, bare)
				}
			}
		})
	}
}

// piped runs hlsgo with both streams in a pipe.
func piped(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var b bytes.Buffer
	c := exec.CommandContext(t.Context(), "hlsgo", args...)
	c.Dir, c.Stdout, c.Stderr = dir, &b, &b
	require.NoError(t, c.Run(), b.String())
	return b.String()
}

// TestTerminalsWithoutColour obey NO_COLOR and terminals that only print.
func TestTerminalsWithoutColour(t *testing.T) {
	dir := unpack(t)
	for _, env := range []string{"NO_COLOR=1", "TERM=dumb"} {
		require.NotContains(t, onTerminal(t, 80, dir, []string{env}, "compare", "digits.yml"), "\x1b", env)
	}
	require.Contains(t, onTerminal(t, 80, dir, nil, "compare", "digits.yml"), "\x1b[1;31mdeparts\x1b[0m")
	wrong := onTerminal(t, 80, dir, nil, "predict", "digits.yml", "--backend", "none")
	require.Contains(t, wrong, "\x1b[1;31mhlsgo:\x1b[0m --backend")
}

// TestDataOnATerminal is as it is in a file: it is copied, and lines that hlsgo breaks would be other lines.
func TestDataOnATerminal(t *testing.T) {
	dir := unpack(t)
	for _, args := range [][]string{
		{"predict", "digits.yml", "--float"}, {"ir", "digits.yml"}, {"layers", "--json"}, {"config", "digits.h5"},
	} {
		c := exec.CommandContext(t.Context(), "hlsgo", args...)
		c.Dir = dir
		want, err := c.Output()
		require.NoError(t, err)
		shown := onTerminal(t, 80, dir, nil, args...)
		require.Contains(t, shown, strings.TrimSpace(string(want)), args)
	}
}
