package cmd_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What is typed in each shell before the tabulator, and the word that the shell makes of the last one.
var typed = []struct{ line, word string }{
	{"hlsgo pred", "predict"},
	{"hlsgo predict digits.yml --backend Vit", "Vitis"},
	{"hlsgo predict digits.yml --io-type io_s", "io_stream"},
	{"hlsgo profile --kind hist", "histogram"},
	{"hlsgo ir digits.yml --after fuse_batch", "fuse_batch_normalization"},
	{"hlsgo example dig", "digits"},
	{"hlsgo predict digits.yml --set LayerName.fc2.Reuse", "LayerName.fc2.ReuseFactor="},
	{"hlsgo predict digits.y", "digits.yml"},
}

// shell finds a shell, or skips the test; with HLSGO_REQUIRE_SHELLS it must be there.
func shell(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("HLSGO_REQUIRE_SHELLS") != "" {
			t.Fatal(err)
		}
		t.Skipf("%v", err)
	}
}

// output runs a shell without a terminal.
func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// TestBashCompletes with the package bash-completion and without it.
func TestBashCompletes(t *testing.T) {
	shell(t, "bash")
	dir := unpack(t)
	const ask = `
source <(hlsgo completion bash)
COMP_LINE=$LINE COMP_POINT=${#LINE} COMP_TYPE=9
saved=$COMP_WORDBREAKS
read -ra COMP_WORDS <<< "$LINE"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMPREPLY=()
compopt() { :; }
__start_hlsgo hlsgo
printf '%s\n' "${COMPREPLY[@]}"
`
	const library = "/usr/share/bash-completion/bash_completion"
	for _, before := range []string{"", "source " + library + "\n"} {
		if _, err := os.Stat(library); before != "" && err != nil {
			t.Logf("without the package bash-completion alone: %v", err)
			continue
		}
		for _, c := range typed {
			got := output(t, dir, "bash", "--norc", "-c", before+"LINE='"+c.line+"'"+ask)
			require.Equal(t, c.word, strings.TrimSpace(got), "%s%s", before, c.line)
		}
		got := output(t, dir, "bash", "--norc", "-c", before+"LINE='hlsgo predict digits.yml --backend V'"+ask)
		require.Contains(t, got, "Vitis", before)
		require.Contains(t, got, "Vivado", before)
	}
}

func TestFishCompletes(t *testing.T) {
	shell(t, "fish")
	dir := unpack(t)
	t.Setenv("HOME", t.TempDir())
	for _, c := range typed {
		got := output(t, dir, "fish", "-N", "-c",
			"hlsgo completion fish | source\ncomplete -C '"+c.line+"'")
		require.True(t, strings.HasPrefix(got, c.word), "%s: got %q", c.line, got)
	}
}

// TestZshCompletes types into a zsh on a terminal, since zsh completes nowhere else.
func TestZshCompletes(t *testing.T) {
	shell(t, "zsh")
	dir := unpack(t)
	ours, theirs := openTerminal(t, 120)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	z := exec.CommandContext(ctx, "zsh", "-f", "-i")
	z.Dir, z.Stdin, z.Stdout, z.Stderr = dir, theirs, theirs, theirs
	z.Env = append(os.Environ(), "TERM=dumb", "PS1=> ", "HOME="+t.TempDir())
	require.NoError(t, z.Start())
	theirs.Close()
	shown := readAlong(ours)
	until := func(want string) {
		all := ""
		for !strings.Contains(all, want) {
			text, ok := <-shown
			require.True(t, ok, "want %q, got %q", want, all)
			all += text
		}
	}
	// In two parts, so that what is typed is not what is waited for.
	_, _ = io.WriteString(ours, "autoload -U compinit; compinit -u -D; source <(hlsgo completion zsh); "+
		"unsetopt zle_bracketed_paste; echo re''ady\n")
	until("ready")
	for _, c := range typed {
		const killLine = "\x15"
		_, _ = io.WriteString(ours, killLine+c.line+"\t")
		until(c.word)
	}
	cancel()
	_ = z.Wait()
}

// readAlong hands on what a terminal shows, until its last writer is gone.
func readAlong(terminal *os.File) <-chan string {
	shown := make(chan string, 100)
	go func() {
		defer close(shown)
		b := make([]byte, 4096)
		for {
			n, err := terminal.Read(b)
			if err != nil {
				return
			}
			shown <- string(b[:n])
		}
	}()
	return shown
}
