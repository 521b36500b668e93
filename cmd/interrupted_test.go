//go:build linux

package cmd_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/cmd"
)

// writers are the commands that write files, all of them below the folder out. %s is what tells the new run
// from the old one.
var writers = []struct{ name, line, old, new string }{
	{"convert", "convert config.yml --output-dir out/prj --precision %s", "fixed<16,6>", "fixed<12,4>"},
	{"convert with tar",
		"convert config.yml --output-dir out/prj --set WriterConfig.WriteTar=true --precision %s",
		"fixed<16,6>", "fixed<12,4>"},
	{"predict", "predict config.yml -i X.npy -o out/y.npy --trace out/t.npz --precision %s",
		"fixed<16,6>", "fixed<12,4>"},
	{"profile plot", "profile config.yml -i X.npy --plot out/pictures --format %s", "png,svg", "svg --facet"},
	{"profile html", "profile config.yml -i X.npy --html out/page.html --precision %s",
		"fixed<16,6>", "fixed<12,4>"},
	{"plot", "plot config.yml -o out/graph.svg --types=%s", "true", "false"},
	{"config", "config model.h5 -o out/config.yml -g %s", "model", "name"},
	{"example", "example digits -o out/%s", "", "digits"},
}

// A desk is a folder in which a command writes again and again.
type desk struct {
	dir, out, tmp string
	line          string        // of the new run
	old, new      string        // what is in out after undisturbed runs
	oldDir        string        // a copy of out after the old run
	takes         time.Duration // an undisturbed run
}

func newDesk(t *testing.T, line, old, new string) *desk {
	w := newWard(t, "keras2_layernorm_vitis_parallel", "yml")
	d := &desk{
		dir: w.dir, out: filepath.Join(w.dir, "out"), tmp: filepath.Join(w.dir, "tmp"),
		line: fmt.Sprintf(line, new), oldDir: filepath.Join(w.dir, "old"),
	}
	require.NoError(t, os.Mkdir(d.tmp, 0o777))
	require.NoError(t, os.Mkdir(d.out, 0o777))
	if old != "" {
		d.finish(t, fmt.Sprintf(line, old))
	}
	d.old = d.state(t)
	require.NoError(t, os.CopyFS(d.oldDir, os.DirFS(d.out)))
	begin := time.Now()
	d.finish(t, d.line)
	d.takes = time.Since(begin)
	d.new = d.state(t)
	require.NotEqual(t, d.old, d.new)
	return d
}

// reset puts what the old run left into out.
func (d *desk) reset(t *testing.T) {
	require.NoError(t, os.RemoveAll(d.out))
	require.NoError(t, os.CopyFS(d.out, os.DirFS(d.oldDir)))
}

// command is the program in the desk's folder; before is put before it by a shell.
func (d *desk) command(before, line string) (*exec.Cmd, *bytes.Buffer) {
	c := exec.Command("/bin/sh", append([]string{"-c", before + ` exec hlsgo "$@"`, "sh"},
		strings.Fields(line)...)...)
	c.Dir, c.Env = d.dir, append(os.Environ(), "TMPDIR="+d.tmp)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	return c, &said
}

// finish runs a command undisturbed, which leaves nothing hidden.
func (d *desk) finish(t *testing.T, line string) {
	c, said := d.command("", line)
	require.NoError(t, c.Run(), said.String())
	require.Empty(t, d.hidden(t), "left behind")
}

// onTheWay reports whether a name is of something that has not got its name yet.
func onTheWay(name string) bool {
	return strings.Contains(name, ".tmp-") || strings.HasPrefix(name, ".hlsgo-ready")
}

// hidden lists what is on its way, in out and among the temporary files.
func (d *desk) hidden(t *testing.T) (names []string) {
	for _, dir := range []string{d.out, d.tmp} {
		require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if onTheWay(filepath.Base(path)) || dir == d.tmp && path != dir {
				names = append(names, path)
				return fs.SkipDir
			}
			return err
		}))
	}
	return names
}

// state is what out holds under its right names. Folders count by what they hold.
func (d *desk) state(t *testing.T) string {
	var b strings.Builder
	require.NoError(t, filepath.WalkDir(d.out, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case onTheWay(e.Name()) && e.IsDir():
			return fs.SkipDir
		case onTheWay(e.Name()) || e.IsDir():
			return nil
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %q\n", path, text)
		return err
	}))
	return b.String()
}

// judgeEnd wants the old or the new state, whole, and nothing hidden.
func (d *desk) judgeEnd(t *testing.T, code int, said string) (isNew bool) {
	got := d.state(t)
	require.Empty(t, outcome{code: code, out: said}.judgeText(), said)
	require.Empty(t, d.hidden(t), "left behind; it said %q", said)
	require.True(t, got == d.old || got == d.new, "a mix of old and new; it said %q", said)
	require.True(t, code != 0 || got == d.new, "exit code 0, and not written; it said %q", said)
	return got == d.new
}

// TestInterruptedWriters ends commands at random moments: HLSGO_INTERRUPTS times each, from the seed
// HLSGO_INTERRUPT_SEED on. What they write is then as it was before or as it should be.
func TestInterruptedWriters(t *testing.T) {
	skipChildren(t)
	count := int(number(t, "HLSGO_INTERRUPTS", 3))
	seed := number(t, "HLSGO_INTERRUPT_SEED", uint64(time.Now().Unix()))
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			d := newDesk(t, w.line, w.old, w.new)
			r := rand.New(rand.NewPCG(seed, 0))
			news, mixes := 0, 0
			for i := range count {
				d.reset(t)
				signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL}[i%3]
				code, said := d.interrupt(t, signal, time.Duration(r.Int64N(int64(d.takes)*5/4)))
				if signal == syscall.SIGKILL {
					mixes += d.judgeKilled(t, w.name)
					continue
				}
				// Less than 0: it had not begun to look for signals.
				require.Contains(t, []int{-1, 0, cmd.ExitInterrupted}, code, said)
				news += b2i(d.judgeEnd(t, code, said))
			}
			t.Logf("HLSGO_INTERRUPTS=%d HLSGO_INTERRUPT_SEED=%d: %d new, %d killed while files got their names",
				count, seed, news, mixes)
		})
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// interrupt sends a signal to a command some time after its start.
func (d *desk) interrupt(t *testing.T, s syscall.Signal, after time.Duration) (code int, said string) {
	c, out := d.command("", d.line)
	require.NoError(t, c.Start())
	time.Sleep(after)
	_ = c.Process.Signal(s) // it may have ended
	_ = c.Wait()
	return c.ProcessState.ExitCode(), out.String()
}

// judgeKilled wants that a killed command left the old or the new state, or files that wait for the next run
// to go on; and that the next run does.
func (d *desk) judgeKilled(t *testing.T, name string) (mixes int) {
	got := d.state(t)
	if got != d.old && got != d.new {
		ready, err := filepath.Glob(filepath.Join(d.out, "*", ".hlsgo-ready"))
		require.NoError(t, err)
		require.True(t, len(ready) > 0 || name == "predict" || name == "convert with tar",
			"a mix of old and new, and nothing that goes on")
		mixes++
	}
	if name == "example" && got == d.new {
		return mixes // it replaces nothing
	}
	d.finish(t, d.line)
	require.Equal(t, d.new, d.state(t), "after the next run")
	return mixes
}

// TestFullDisk gives commands less room than they need: the largest file, by a limit of the shell, and all
// files, by a small disk where the machine lets one be mounted.
func TestFullDisk(t *testing.T) {
	skipChildren(t)
	count := int(number(t, "HLSGO_INTERRUPTS", 1))
	seed := number(t, "HLSGO_INTERRUPT_SEED", uint64(time.Now().Unix()))
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			d := newDesk(t, w.line, w.old, w.new)
			r := rand.New(rand.NewPCG(seed, 1))
			limits := map[string]int{"ulimit -f": largestFile(t, d.out)}
			if canMount() {
				limits["mount"] = 2 * size(t, d.out)
			}
			full := 0
			for how, most := range limits {
				for range count {
					full += d.fill(t, how, 1+r.IntN(most))
				}
			}
			t.Logf("HLSGO_INTERRUPTS=%d HLSGO_INTERRUPT_SEED=%d: %d of %d were too full", count, seed, full,
				count*len(limits))
		})
	}
}

// fill runs the command with that many bytes of room.
func (d *desk) fill(t *testing.T, how string, room int) (full int) {
	d.reset(t)
	before := fmt.Sprintf("ulimit -f %d;", room/512)
	if how == "mount" {
		// What is on the small disk goes with the shell, so it is copied there and back.
		before = fmt.Sprintf(`mount -t tmpfs -o size=%d none out && cp -a old/. out/ || exit 77
			hlsgo "$@"; code=$?; mkdir back && cp -a out/. back/ && exit $code;`, room+size(t, d.oldDir))
	}
	c, said := d.command(before, d.line)
	if how == "mount" {
		c.SysProcAttr = ownMounts
	}
	err := c.Run()
	code := c.ProcessState.ExitCode()
	if how == "mount" {
		if code == 77 {
			return 0 // not even the old files fit
		}
		require.NoError(t, os.RemoveAll(d.out))
		require.NoError(t, os.Rename(filepath.Join(d.dir, "back"), d.out))
	}
	require.Contains(t, []int{0, 1}, code, "%v: %s", err, said)
	d.judgeEnd(t, code, said.String())
	return code
}

// ownMounts gives a child a view of the disks of its own.
var ownMounts = &syscall.SysProcAttr{
	Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
	UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
	GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
}

func canMount() bool {
	c := exec.Command("/bin/sh", "-c", "mount -t tmpfs none /mnt")
	c.SysProcAttr = ownMounts
	return c.Run() == nil
}

func sizes(t *testing.T, dir string) (sum, largest int) {
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		info, stat := e.Info()
		if err == nil && stat == nil && !e.IsDir() {
			// A disk gives whole pages.
			sum, largest = sum+(int(info.Size())+4095)&^4095, max(largest, int(info.Size()))
		}
		return err
	}))
	return sum, largest
}

func size(t *testing.T, dir string) int {
	sum, _ := sizes(t, dir)
	return sum
}

func largestFile(t *testing.T, dir string) int {
	_, largest := sizes(t, dir)
	return largest
}

// TestKilledVerify ends compilations at random moments: what is left in the cache is no executable, and the
// next run says what a run on an empty cache does.
func TestKilledVerify(t *testing.T) {
	skipChildren(t)
	if _, err := exec.LookPath("g++"); err != nil && os.Getenv("HLSGO_REQUIRE_CXX") == "" {
		t.Skip("no g++")
	}
	count := int(number(t, "HLSGO_INTERRUPTS", 1))
	seed := number(t, "HLSGO_INTERRUPT_SEED", uint64(time.Now().Unix()))
	d := newDesk(t, "plot config.yml -o out/%s.svg", "a", "b")
	r := rand.New(rand.NewPCG(seed, 2))
	verify := func(cache string) (*exec.Cmd, *bytes.Buffer) {
		c, said := d.command("", "verify config.yml -n 3")
		c.Env = append(c.Env, "HLSGO_CACHE="+filepath.Join(d.dir, cache))
		return c, said
	}
	begin := time.Now()
	c, want := verify("honest")
	require.NoError(t, c.Run(), want.String())
	takes := time.Since(begin)
	for i := range count {
		c, _ := verify("cache")
		require.NoError(t, c.Start())
		time.Sleep(time.Duration(r.Int64N(int64(takes))))
		_ = c.Process.Signal([]syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM}[i%3])
		_ = c.Wait()
		if i%10 == 9 {
			require.NoError(t, os.RemoveAll(filepath.Join(d.dir, "cache")))
		}
	}
	c, got := verify("cache")
	require.NoError(t, c.Run(), got.String())
	require.Equal(t, want.String(), got.String())
	left, err := filepath.Glob(filepath.Join(d.dir, "cache", ".*.tmp-*"))
	require.NoError(t, err)
	require.Empty(t, left)
	require.Empty(t, d.hidden(t))
	t.Log("HLSGO_INTERRUPTS=" + strconv.Itoa(count))
}
