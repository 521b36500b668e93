//go:build linux

package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/internal/mutatetest"
	"github.com/hlsgo/hlsgo/internal/npy"
)

// brokenCases are small recorded networks of one input that between them have most kinds of layers.
var brokenCases = []string{
	"keras2_rnn_bidir_lstm_vitis_parallel", "qkeras_conv2dbn_vitis_parallel",
	"keras2_embedding_vitis_parallel",
	"keras2_bram_conv1d_vivado_stream", "hgq1_lut_vitis_parallel", "keras2_timedist_dense_vitis_parallel",
	"qkeras_sepconv2d_vitis_stream", "keras2_layernorm_vitis_parallel", "keras2_zeropad2d_vitis_parallel",
	"keras2_ternarydense_bn_tanh_vivado_stream",
}

// victims are the files of a case that are broken, by kind.
var victims = map[string]string{
	"h5": "model.h5", "json": "arch.json", "yml": "config.yml", "npy": "X.npy", "dat": "X.dat",
}

// brokenCommands are the commands that read a kind. What they write has a name that starts with "out".
func brokenCommands(kind string) []string {
	const network = "predict %[1]s -i X.npy -o out.npy --trace out.npz\n" +
		"predict %[1]s -i X.npy -o out.npy --health --json\n" + "ir %[1]s\n" + "ir %[1]s --json\n" +
		"ir %[1]s --kernels\n" + "convert %[1]s --output-dir out\n" + "profile %[1]s -i X.npy --plot out\n" +
		"profile %[1]s -i X.npy --html out.html\n" + "compare %[1]s -i X.npy\n" + "plot %[1]s -o out.svg"
	const data = "predict config.yml -i %[1]s -o out.npy --trace out.npz\n" + "profile config.yml -i %[1]s\n" +
		"predict config.yml -i %[1]s -o out.npy --health\n" + "compare config.yml -i %[1]s\n" +
		"compare config.yml -i X.npy --labels %[1]s\n" + "convert config.yml --output-dir out"
	var lines string
	switch kind {
	case "h5":
		lines = fmt.Sprintf(network, "model.h5") + "\n" + fmt.Sprintf(network, "config.yml") +
			"\nconfig model.h5 -o out.yml\nconfig model.h5 -g name\nconfig model.h5 -g type"
	case "json", "yml":
		lines = fmt.Sprintf(network, "config.yml") +
			"\nconfig config.yml --explain\nconfig config.yml --explain --json"
	case "npy", "dat":
		lines = fmt.Sprintf(data, victims[kind])
	}
	return strings.Split(lines, "\n")
}

// A ward is a folder with the files of a case, in which broken ones take their turns.
type ward struct {
	dir    string
	honest map[string][]byte
}

// newWard takes the recorded case apart: its architecture stands in a file of its own too.
func newWard(t *testing.T, name, kind string) *ward {
	from := filepath.Join("..", "testdata", "oracle", "cases", name)
	w := &ward{t.TempDir(), map[string][]byte{}}
	for file, as := range map[string]string{
		"model.h5": "model.h5", "hls4ml_config.yml": "config.yml", "X.npy": "X.npy", "y_float.npy": "y_float.npy",
	} {
		text, err := os.ReadFile(filepath.Join(from, file))
		require.NoError(t, err)
		w.honest[as] = text
	}
	if kind == "json" {
		w.honest["arch.json"] = architecture(t, w.honest["model.h5"])
		w.honest["config.yml"] = bytes.Replace(w.honest["config.yml"], []byte("KerasH5:"),
			[]byte("KerasJson: arch.json\nKerasH5:"), 1)
	}
	if kind == "dat" {
		w.honest["X.dat"] = asText(t, filepath.Join(from, "X.npy"))
		w.honest["config.yml"] = bytes.Replace(w.honest["config.yml"], []byte("X.npy"), []byte("X.dat"), 1)
	}
	for file, text := range w.honest {
		require.NoError(t, os.WriteFile(filepath.Join(w.dir, file), text, 0o666))
	}
	return w
}

func architecture(t *testing.T, model []byte) []byte {
	h5, err := hdf5.Open(bytes.NewReader(model), int64(len(model)))
	require.NoError(t, err)
	a, err := h5.Root().Attr("model_config")
	require.NoError(t, err)
	text, err := a.Text()
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, []byte(text), "", " "))
	return b.Bytes()
}

func asText(t *testing.T, path string) []byte {
	r, err := npy.Open(path)
	require.NoError(t, err)
	defer r.Close()
	values, err := npy.ReadAll[float32](r)
	require.NoError(t, err)
	row := len(values) / r.Shape()[0]
	var b []byte
	for i, v := range values {
		b = strconv.AppendFloat(b, float64(v), 'g', -1, 32)
		if b = append(b, ' '); (i+1)%row == 0 {
			b[len(b)-1] = '\n'
		}
	}
	return b
}

const (
	patience      = 20 * time.Second
	memoryFloor   = 160 << 20 // bytes; what the program takes for the smallest network depends on the machine
	memoryCeiling = 6 << 20   // KiB of addresses: a mistake ends the child and not the machine
	longestShown  = 2000      // bytes of a line
)

// An outcome is what is known of a child that has ended.
type outcome struct {
	code   int
	out    string // all it said
	memory int64  // bytes, at the peak
	took   time.Duration
}

// run runs a command line in a child with bounded memory and time.
func (w *ward) run(t *testing.T, line string, within time.Duration) outcome {
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	args := []string{"-c", `ulimit -v "$0"; exec hlsgo "$@"`, strconv.Itoa(memoryCeiling)}
	c := exec.CommandContext(ctx, "/bin/sh", append(args, strings.Fields(line)...)...)
	c.Dir = w.dir
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	begin := time.Now()
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return outcome{c.ProcessState.ExitCode(), said.String(), usage.Maxrss << 10, time.Since(begin)}
}

var goTrace = regexp.MustCompile(`goroutine \d|panic|BUG|runtime error|internal error|fatal error|\.go:\d`)

// judge says what the program must not do, whatever it reads; "": it did nothing of that.
func (o outcome) judge() string {
	switch {
	case o.took >= patience:
		return fmt.Sprintf("took more than %v", patience)
	case o.code != 0 && o.code != 1:
		return fmt.Sprintf("exit code %d, want 0 or 1", o.code)
	case o.code == 1 && strings.TrimSpace(o.out) == "":
		return "said nothing"
	}
	return o.judgeText()
}

// judgeText judges what it said.
func (o outcome) judgeText() string {
	switch {
	case goTrace.MatchString(o.out):
		return "a trace of Go"
	case !utf8.ValidString(o.out):
		return "no UTF-8"
	}
	for line := range strings.Lines(o.out) {
		line = strings.TrimSuffix(line, "\n")
		if len(line) > longestShown {
			return fmt.Sprintf("a line of %d bytes, want at most %d", len(line), longestShown)
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }); i >= 0 {
			return fmt.Sprintf("control character %q", line[i:i+1])
		}
	}
	return ""
}

// judgeMemory compares with the honest file.
func (w *ward) judgeMemory(t *testing.T, o outcome, kind, line string) string {
	if o.memory <= memoryFloor {
		return ""
	}
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, victims[kind]), w.honest[victims[kind]], 0o666))
	honest := w.run(t, line, patience).memory
	w.clean(t)
	if o.memory <= 4*honest {
		return ""
	}
	return fmt.Sprintf("%d MB of memory, the honest file %d MB", o.memory>>20, honest>>20)
}

// clean removes what a run wrote and returns its names.
func (w *ward) clean(t *testing.T) (written []string) {
	entries, err := os.ReadDir(w.dir)
	require.NoError(t, err)
	for _, e := range entries {
		if _, ok := w.honest[e.Name()]; ok {
			continue
		}
		written = append(written, e.Name())
		require.NoError(t, os.RemoveAll(filepath.Join(w.dir, e.Name())))
	}
	return written
}

// treat runs one command on one broken file.
func (w *ward) treat(t *testing.T, kind, line string, m mutatetest.Mutant) (wrong string, o outcome) {
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, victims[kind]), m.Data, 0o666))
	o = w.run(t, line, patience)
	written := w.clean(t)
	if wrong = o.judge(); wrong == "" {
		wrong = w.judgeMemory(t, o, kind, line)
	}
	foreign := func(s string) bool { return !strings.HasPrefix(s, "out") }
	if wrong == "" && (o.code != 0 && len(written) > 0 || slices.ContainsFunc(written, foreign)) {
		wrong = fmt.Sprintf("exit code %d, and wrote %q", o.code, written)
	}
	return wrong, o
}

// skipChildren skips what needs hundreds of children: the race detector, for which -short is, wants more
// addresses than they may have, and nothing of them runs beside another.
func skipChildren(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
}

// number is the value of a variable, or standard.
func number(t *testing.T, variable string, standard uint64) uint64 {
	text := os.Getenv(variable)
	if text == "" {
		return standard
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, variable)
	return n
}

// TestBrokenFiles feeds broken files of each kind to the program: HLSGO_MUTANTS of each, from the seed
// HLSGO_MUTANT_SEED on. HLSGO_MUTANT_KEEP names a folder for those that it does not take well.
func TestBrokenFiles(t *testing.T) {
	skipChildren(t)
	count, seed := number(t, "HLSGO_MUTANTS", 24), number(t, "HLSGO_MUTANT_SEED", uint64(time.Now().Unix()))
	for _, kind := range mutatetest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Logf("HLSGO_MUTANTS=%d HLSGO_MUTANT_SEED=%d", count, seed)
			breakAll(t, kind, seed, count)
		})
	}
}

func breakAll(t *testing.T, kind string, seed, count uint64) {
	var honest [][]byte
	for _, name := range brokenCases {
		honest = append(honest, newWard(t, name, kind).honest[victims[kind]])
	}
	commands := brokenCommands(kind)
	var mu sync.Mutex
	next, codes := uint64(0), map[int]int{}
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		var wards []*ward
		for _, name := range brokenCases {
			wards = append(wards, newWard(t, name, kind))
		}
		all.Go(func() {
			for {
				mu.Lock()
				n := next
				next++
				mu.Unlock()
				if n >= count {
					return
				}
				m := mutatetest.Break(kind, honest, seed+n)
				line := commands[n%uint64(len(commands))]
				wrong, o := wards[m.Of].treat(t, kind, line, m)
				mu.Lock()
				codes[o.code]++
				mu.Unlock()
				if wrong != "" {
					keep(t, seed+n, kind, m.Data)
					t.Errorf("seed %d, %s: %s: hlsgo %s: %s\n%s", seed+n, brokenCases[m.Of], m.How, line, wrong,
						shorten(o.out))
				}
			}
		})
	}
	all.Wait()
	t.Logf("exit codes: %v", codes)
	require.NotZero(t, codes[1], "no file was broken")
}

var wrongFirmware = regexp.MustCompile(`C\+\+ compiler|firmware:|prediction differ`)

// TestBrokenFilesCompile verifies networks and configurations that were broken, HLSGO_VERIFIED_MUTANTS of
// each kind: what hlsgo converts all the same compiles, and the firmware answers what it predicts.
func TestBrokenFilesCompile(t *testing.T) {
	count, seed := number(t, "HLSGO_VERIFIED_MUTANTS", 0), number(t, "HLSGO_MUTANT_SEED", 1)
	if count == 0 {
		t.Skip("HLSGO_VERIFIED_MUTANTS=0: compiling takes seconds each")
	}
	for _, kind := range []string{"h5", "json", "yml"} {
		var honest [][]byte
		var wards []*ward
		for _, name := range brokenCases {
			w := newWard(t, name, kind)
			wards, honest = append(wards, w), append(honest, w.honest[victims[kind]])
		}
		codes := map[int]int{}
		for s := seed; s < seed+count; s++ {
			m := mutatetest.Break(kind, honest, s)
			w := wards[m.Of]
			require.NoError(t, os.WriteFile(filepath.Join(w.dir, victims[kind]), m.Data, 0o666))
			o := w.run(t, "verify config.yml -n 3", 10*patience)
			codes[o.code]++
			if o.code > 1 || wrongFirmware.MatchString(o.out) || o.judgeText() != "" {
				keep(t, s, kind, m.Data)
				t.Errorf("seed %d, %s: %s: %s\n%s", s, brokenCases[m.Of], m.How, o.judgeText(), shorten(o.out))
			}
		}
		t.Logf("%s: HLSGO_VERIFIED_MUTANTS=%d HLSGO_MUTANT_SEED=%d: exit codes %v", kind, count, seed, codes)
	}
}

func shorten(s string) string {
	if len(s) > 1500 {
		return fmt.Sprintf("%.900q ... %.500q", s, s[len(s)-500:])
	}
	return fmt.Sprintf("%q", s)
}

func keep(t *testing.T, seed uint64, kind string, data []byte) {
	if dir := os.Getenv("HLSGO_MUTANT_KEEP"); dir != "" {
		err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.%s", seed, kind)), data, fs.FileMode(0o666))
		require.NoError(t, err)
	}
}
