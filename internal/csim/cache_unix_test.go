//go:build unix

package csim_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/csim"
)

// answers is a program that answers no sample, as a shell script.
const answers = `#!/bin/sh
printf 'hlscsim1E\000\000\000\000'
`

// fakeCompiler makes a compiler of a shell script that finds the file to write in $out, and sets CXX to it.
// Each of its compilations adds a line to the file whose name is returned.
func fakeCompiler(t *testing.T, script string) (count string) {
	t.Helper()
	dir := t.TempDir()
	count = filepath.Join(dir, "count")
	text := fmt.Sprintf(`#!/bin/sh
[ "$1" = --version ] && { echo %s; exit 0; }
echo >> %s
for a; do [ "$last" = -o ] && out=$a; last=$a; done
%s
`, dir, count, script)
	path := filepath.Join(dir, "cxx")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "answers"), []byte(answers), 0o755))
	t.Setenv("CXX", path)
	t.Setenv("ANSWERS", filepath.Join(dir, "answers"))
	return count
}

func compilations(t *testing.T, count string) int {
	t.Helper()
	text, err := os.ReadFile(count)
	require.NoError(t, err)
	return len(text)
}

// TestCacheHeals damages a cached program in every way that a disk, a cleaner or a hand may, and wants it
// compiled again.
func TestCacheHeals(t *testing.T) {
	count := fakeCompiler(t, `cp "$ANSWERS" "$out"`)
	o := csim.Options{Cache: t.TempDir()}
	m := scaler("", double)
	m.Files["firmware/weights/w.txt"] = []byte("1,2,3")
	p := build(t, o, m)
	program := filepath.Join(p.Dir(), "program")
	cache := filepath.Dir(p.Dir())
	require.Equal(t, 1, compilations(t, count))
	for i, damage := range []func() error{
		func() error { return os.Remove(program) },
		func() error { return os.Truncate(program, 0) },
		func() error { return os.Truncate(program, 10) },
		func() error { return os.WriteFile(program, []byte(answers+"# changed"), 0o755) },
		func() error { return os.Chmod(program, 0o644) },
		func() error { return os.Remove(filepath.Join(p.Dir(), "program.sha256")) },
		func() error { os.Remove(program); return os.Mkdir(program, 0o755) },
		func() error { os.Remove(program); return os.Symlink("/nowhere", program) },
		func() error { return os.Truncate(filepath.Join(p.Dir(), "m0/firmware/weights/w.txt"), 1) },
		func() error { os.RemoveAll(p.Dir()); return os.WriteFile(p.Dir(), nil, 0o644) },
		func() error { os.RemoveAll(p.Dir()); return os.Symlink("/nowhere", p.Dir()) },
	} {
		require.NoError(t, damage(), i)
		again := build(t, o, m)
		require.Equal(t, i+2, compilations(t, count), i)
		_, err := again.Run(t.Context(), "", csim.Samples{Float32: []float32{}})
		require.NoError(t, err, i)
		require.Len(t, entries(t, cache), 1, i)
	}
	build(t, o, m)
	require.Equal(t, 12, compilations(t, count), "a sound one is used")
}

func entries(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	e, err := os.ReadDir(dir)
	require.NoError(t, err)
	return e
}

// TestCacheOfSeveralProcesses builds one program from many sides, and a damaged one.
func TestCacheOfSeveralProcesses(t *testing.T) {
	fakeCompiler(t, `sleep 0.1; cp "$ANSWERS" "$out"`)
	o := csim.Options{Cache: t.TempDir()}
	for range 2 {
		var wg sync.WaitGroup
		errs := make([]error, 8)
		dirs := make([]string, 8)
		for i := range errs {
			wg.Go(func() {
				p, err := csim.Build(t.Context(), []csim.Model{scaler("", double)}, o)
				if err == nil {
					dirs[i] = p.Dir()
					_, err = p.Run(t.Context(), "", csim.Samples{Float32: []float32{}})
				}
				errs[i] = err
			})
		}
		wg.Wait()
		for i, err := range errs {
			require.NoError(t, err, i)
		}
		require.Len(t, entries(t, filepath.Dir(dirs[0])), 1)
		require.NoError(t, os.Truncate(filepath.Join(dirs[0], "program"), 3))
	}
}

// TestBadCompilers die, say nothing, say too much, or write nothing.
func TestBadCompilers(t *testing.T) {
	for script, want := range map[string]string{
		`kill -9 $$`:                  `C++ compiler: ended by the signal "killed"`,
		`exit 4`:                      "project does not compile: exit status 4, no reason given",
		`exit 0`:                      "got no program from it",
		`: > "$out"`:                  "got no program from it",
		`: > "$out"; chmod +x "$out"`: "got no program from it",
		`head -c 5000000 /dev/zero | tr "\0" e; exit 1`:                       "project does not compile: eeee",
		`head -c 5000000 /dev/zero; echo; echo "x.cpp:1: error: no" ; exit 1`: "x.cpp:1: error: no",
	} {
		fakeCompiler(t, script)
		cache := t.TempDir()
		_, err := csim.Build(t.Context(), []csim.Model{scaler("", double)}, csim.Options{Cache: cache})
		require.ErrorContains(t, err, want, script)
		require.Less(t, len(err.Error()), 1000, script)
		require.Empty(t, entries(t, filepath.Join(cache, "csim")), script)
	}
}

// TestCompilersLeaveNothing in the system's folder of temporary files, where they would stay when killed.
func TestCompilersLeaveNothing(t *testing.T) {
	fakeCompiler(t, `: > "$TMPDIR/cc1.o"; kill -9 $$`)
	system, cache := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", system)
	_, err := csim.Build(t.Context(), []csim.Model{scaler("", double)}, csim.Options{Cache: cache})
	require.ErrorContains(t, err, "ended by the signal")
	require.Empty(t, entries(t, system))
	require.Empty(t, entries(t, filepath.Join(cache, "csim")))
}

// TestBadPrograms are stopped when they are not understood, however much they say.
func TestBadPrograms(t *testing.T) {
	for script, want := range map[string]string{
		`printf hlscsim1; exec cat /dev/zero`:                           "protocol: unknown record",
		`cat "$0" -; exec cat /dev/zero`:                                "protocol: got head",
		`cat ANSWERS; exec cat /dev/zero`:                               "protocol: ",
		`head -c 3000000 /dev/zero >&2; echo >&2; echo why >&2; exit 3`: "failed: exit status 3: why",
		`kill -11 $$`: "failed: signal: segmentation fault",
	} {
		fakeCompiler(t, "cat > \"$out\" <<'END'\n#!/bin/sh\n"+script+"\nEND\nchmod +x \"$out\"")
		p := build(t, csim.Options{}, scaler("", double))
		_, err := p.Run(t.Context(), "", csim.Samples{Float32: []float32{1, 2}})
		require.ErrorContains(t, err, want, script)
		require.Less(t, len(err.Error()), 1000, script)
	}
}

// TestStoppedCompilerTakesItsChildrenAlong ends a compiler whose work is done by a process that it started.
func TestStoppedCompilerTakesItsChildrenAlong(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "mark")
	fakeCompiler(t, fmt.Sprintf(`(sleep 1; echo late > %s) & wait`, mark))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begin := time.Now()
	_, err := csim.Build(ctx, []csim.Model{scaler("", double)}, csim.Options{Cache: t.TempDir()})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.True(t, strings.HasPrefix(err.Error(), "compiler: stopped"), err)
	require.Less(t, time.Since(begin), 900*time.Millisecond)
	time.Sleep(1200 * time.Millisecond)
	require.NoFileExists(t, mark)
}
