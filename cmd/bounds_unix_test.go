//go:build linux

package cmd_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/cmd"
	"github.com/hlsgo/hlsgo/internal/npy"
)

// ended is how a process ended.
type ended struct {
	code   int
	out    string
	words  string
	memory int64 // bytes at its peak
}

// longPatience is for what must not hang; it says nothing about speed.
const longPatience = 2 * time.Minute

// end waits for a process, and kills it when it hangs.
func end(t *testing.T, c *exec.Cmd, out, words *bytes.Buffer) ended {
	t.Helper()
	late := time.AfterFunc(longPatience, func() { _ = c.Process.Kill() })
	_ = c.Wait()
	require.True(t, late.Stop(), "hangs: %v", c.Args)
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return ended{c.ProcessState.ExitCode(), out.String(), words.String(), usage.Maxrss << 10}
}

// process starts hlsgo as a process of its own; begin may change the command.
func process(
	t *testing.T, dir string, begin func(*exec.Cmd), args ...string,
) (wait func() ended, c *exec.Cmd) {
	t.Helper()
	c = exec.Command("hlsgo", args...)
	c.Dir, c.Env = dir, os.Environ()
	var out, words bytes.Buffer
	c.Stdout, c.Stderr = &out, &words
	if begin != nil {
		begin(c)
	}
	require.NoError(t, c.Start())
	return func() ended { return end(t, c, &out, &words) }, c
}

// little is what the processes of the next test may take for a model.
const little = 200 << 20

// layer is a layer of Keras.
type layer struct {
	class  string
	config map[string]any
}

// network writes a model of the layers one behind the other, whose weights, none, are in weights.h5, and
// a configuration m.yml for it. With several inputs, the first layer reads them all.
func network(t *testing.T, dir string, inputs, count int, shape []int, layers ...layer) {
	t.Helper()
	type node map[string]any
	var list []node
	var first, names []any
	for i := range inputs {
		name := fmt.Sprintf("x%d", i)
		list = append(list, node{"class_name": "InputLayer", "name": name, "inbound_nodes": []any{}, "config": node{
			"name": name, "batch_input_shape": append([]any{nil}, anys(shape)...), "dtype": "float32",
		}})
		first, names = append(first, []any{name, 0, 0, node{}}), append(names, []any{name, 0, 0})
	}
	last := ""
	for i := range count * len(layers) {
		l, c := layers[i%len(layers)], node{}
		for k, v := range l.config {
			c[k] = v
		}
		if last = fmt.Sprintf("l%d", i); c["name"] != nil { // of weights in the file
			last = c["name"].(string)
		}
		c["name"] = last
		list = append(list, node{"class_name": l.class, "name": last, "inbound_nodes": []any{first}, "config": c})
		first = []any{[]any{last, 0, 0, node{}}}
	}
	text, err := json.Marshal(node{"class_name": "Functional", "config": node{
		"name": "m", "layers": list, "input_layers": names, "output_layers": []any{[]any{last, 0, 0}},
	}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m.json"), text, 0o600))
	config := "KerasJson: m.json\nKerasH5: weights.h5\nOutputDir: prj\n" +
		"HLSConfig:\n  Model:\n    Precision: fixed<16,6>\n    ReuseFactor: 1\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m.yml"), []byte(config), 0o600))
}

func anys(list []int) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// absurdity is a network that asks for more than anybody has.
type absurdity struct {
	name          string
	inputs, count int
	shape         []int
	layers        []layer
	want          string // of the message; "": it works; "*": either
}

const (
	million = 1 << 20
	refused = "memory: got "
	done    = ""
)

// with adds the place of the channels to the settings of a layer.
func with(settings map[string]any) map[string]any {
	settings["data_format"] = "channels_last"
	return settings
}

func act(f string) layer { return layer{"Activation", map[string]any{"activation": f}} }

// pool is a pooling of pictures, line one of lines.
func pool(class, padding string, size, stride int) layer {
	return layer{class, with(map[string]any{
		"pool_size": []int{size, size}, "strides": []int{stride, stride}, "padding": padding,
	})}
}

func line(class, padding string, size int) layer {
	return layer{class, with(map[string]any{"pool_size": []int{size}, "strides": []int{1}, "padding": padding})}
}

// absurdWindows are pictures and windows over them.
func absurdWindows() []absurdity {
	return []absurdity{
		{"max pool", 1, 1, []int{64, 64, 1}, []layer{pool("MaxPooling2D", "same", 1e6, 1)}, "in 32 bits"},
		{"average pool", 1, 1, []int{64, 64, 1}, []layer{pool("AveragePooling2D", "same", 1e6, 1)}, "in 32 bits"},
		{"max pool 500", 1, 1, []int{64, 64, 1}, []layer{pool("MaxPooling2D", "same", 500, 1)}, done},
		{"average pool 500", 1, 1, []int{64, 64, 1}, []layer{pool("AveragePooling2D", "same", 500, 1)}, refused},
		{"pool of a line", 1, 1, []int{million, 1}, []layer{line("MaxPooling1D", "valid", million/2)}, refused},
		{"mean of a line", 1, 1, []int{million, 1}, []layer{line("AveragePooling1D", "same", million/2)}, refused},
		{"pool of 2^40", 1, 1, []int{8, 1}, []layer{line("MaxPooling1D", "same", 1<<40)}, "in 32 bits"},
		{"global", 1, 1, []int{1024, 1024, 1}, []layer{{"GlobalMaxPooling2D", with(map[string]any{})}}, "*"},
		{"upsampling", 1, 1, []int{2, 2, 1}, []layer{
			{"UpSampling2D", with(map[string]any{"size": []int{1e6, 1e6}})},
		}, "at most 4194304 values"},
		{"bilinear", 1, 1, []int{64, 64, 1}, []layer{
			{"UpSampling2D", with(map[string]any{"size": []int{32, 32}, "interpolation": "bilinear"})},
		}, done},
		{"up and down", 1, 40, []int{64, 64, 1}, []layer{
			{"UpSampling2D", with(map[string]any{"size": []int{32, 32}})}, pool("MaxPooling2D", "valid", 32, 32),
		}, "*"},
		{"padding", 1, 1, []int{2, 2, 1}, []layer{
			{"ZeroPadding2D", with(map[string]any{"padding": [][]int{{1e6, 1e6}, {1e6, 1e6}}})},
		}, "at most 4194304 values"},
		{"permute", 1, 9, []int{2048, 2048}, []layer{{"Permute", map[string]any{"dims": []int{2, 1}}}}, "*"},
		{"time distributed", 1, 1, []int{8, 64, 64, 1}, []layer{{"TimeDistributed", map[string]any{
			"layer": map[string]any{"class_name": "AveragePooling2D", "config": with(map[string]any{
				"name": "inner", "pool_size": []int{500, 500}, "strides": []int{1, 1}, "padding": "same",
			})},
		}}}, refused},
	}
}

// absurdTensors are layers that do the same to each value, and those that want weights.
func absurdTensors() []absurdity {
	return []absurdity{
		{"softmax", 1, 1, []int{4 * million}, []layer{act("softmax")}, refused},
		{"softmax of rows", 1, 1, []int{2048, 2048}, []layer{act("softmax")}, "*"},
		{"relu", 1, 60, []int{4 * million}, []layer{act("relu")}, done},
		{"tanh", 1, 60, []int{4 * million}, []layer{act("tanh")}, done},
		{"elu", 1, 3, []int{4 * million}, []layer{{"ELU", map[string]any{"alpha": 1.0}}}, done},
		{"leaky relu", 1, 3, []int{4 * million}, []layer{{"LeakyReLU", map[string]any{"alpha": 0.3}}}, done},
		{"add", 2, 1, []int{2 * million}, []layer{{"Add", nil}}, refused},
		{"multiply", 2, 1, []int{2 * million}, []layer{{"Multiply", nil}}, refused},
		{"maximum", 2, 1, []int{2 * million}, []layer{{"Maximum", nil}}, refused},
		{"concatenate", 2, 1, []int{2 * million}, []layer{{"Concatenate", map[string]any{"axis": -1}}}, refused},
		{"dot", 2, 1, []int{million}, []layer{{"Dot", map[string]any{"axes": 1}}}, refused},
		{"layer norm", 1, 1, []int{1024, 1024}, []layer{
			{"LayerNormalization", map[string]any{"axis": -1, "epsilon": 1e-3, "center": false, "scale": false}},
		}, refused},
		{"dense", 1, 1, []int{million}, []layer{
			{"Dense", map[string]any{"units": 1e9, "activation": "linear", "use_bias": false}},
		}, "at most 1073741824 values"},
		{"embedding", 1, 1, []int{10}, []layer{
			{"Embedding", map[string]any{"input_dim": 1e9, "output_dim": 1000}},
		}, "at most 1073741824 values"},
		{"lstm", 1, 1, []int{million, 1}, []layer{
			{"LSTM", map[string]any{"units": 1, "activation": "tanh", "recurrent_activation": "sigmoid"}},
		}, `"kernel": got none`},
		{"dense of rows", 1, 1, []int{65536, 64}, []layer{ofDigits()}, done},
		{"dense of columns", 1, 1, []int{64, 65536}, []layer{
			{"Permute", map[string]any{"dims": []int{2, 1}}}, ofDigits(),
		}, refused},
		{"garnet", 2, 1, []int{1}, []layer{{"GarNet", map[string]any{
			"simplified": true, "collapse": "mean", "input_format": "xn", "output_activation": "linear",
			"n_aggregators": million, "n_filters": million, "n_propagate": million,
		}}}, "want [vertices features] and [1]"},
		{"input", 1, 1, []int{1e6, 1e6}, []layer{act("relu")}, "at most 4194304 values"},
	}
}

// TestAbsurdSizes asks for programs of any size with a file of a few hundred bytes, kind by kind. Each is
// answered or refused in one line; either way memory stays near what the process may take.
func TestAbsurdSizes(t *testing.T) {
	dir := unpack(t)
	require.NoError(t, os.Rename(filepath.Join(dir, "digits.h5"), filepath.Join(dir, "weights.h5")))
	for _, c := range append(absurdWindows(), absurdTensors()...) {
		t.Run(c.name, func(t *testing.T) {
			network(t, dir, c.inputs, c.count, c.shape, c.layers...)
			limited := func(p *exec.Cmd) { p.Env = append(p.Env, fmt.Sprintf("GOMEMLIMIT=%d", little)) }
			wait, _ := process(t, dir, limited, "ir", "m.yml", "--kernels")
			e := wait()
			require.Less(t, e.memory, int64(3*little))
			said := complaints(e.words)
			if e.code == 0 && (c.want == done || c.want == "*") {
				return
			}
			require.Equal(t, cmd.ExitFailed, e.code, e.words)
			require.Len(t, said, 1, e.words)
			if c.want == "*" {
				c.want = refused
			}
			require.NotEmpty(t, c.want, e.words)
			require.Contains(t, said[0], c.want)
		})
	}
}

// ofDigits is a layer whose weights the example's file has.
func ofDigits() layer {
	return layer{"Dense", map[string]any{"name": "fc1", "units": 32, "activation": "linear", "use_bias": true}}
}

// TestAbsurdSettings asks for tables and reuse of any size with a line of a configuration.
func TestAbsurdSettings(t *testing.T) {
	dir := unpack(t)
	require.NoError(t, os.Rename(filepath.Join(dir, "digits.h5"), filepath.Join(dir, "weights.h5")))
	for _, c := range []struct {
		layer layer
		size  int
		set   string
		works bool
	}{
		{act("tanh"), 64, "LayerName.l0.TableSize=1073741824", false},
		{act("tanh"), 64, "LayerName.l0.TableSize=1073741823", false},
		{act("sigmoid"), 64, "LayerName.l0.TableSize=1073741824", false},
		{layer{"ELU", map[string]any{"alpha": 1.0}}, 64, "LayerName.l0.TableSize=1073741824", false},
		{act("softmax"), 64, "LayerName.l0.exp_table_size=1073741824", false},
		{ofDigits(), 64, "LayerName.fc1.ReuseFactor=1000000000000", true},
		{ofDigits(), 64, "Model.ReuseFactor=1073741824", true},
	} {
		for _, args := range [][]string{{"ir", "m.yml", "--kernels"}, {"convert", "m.yml"}} {
			network(t, dir, 1, 1, []int{c.size}, c.layer)
			limited := func(p *exec.Cmd) { p.Env = append(p.Env, fmt.Sprintf("GOMEMLIMIT=%d", little)) }
			wait, _ := process(t, dir, limited, append(args, "--set", c.set)...)
			e := wait()
			require.Less(t, e.memory, int64(3*little), "%v %s", args, c.set)
			if e.code == 0 {
				continue
			}
			require.False(t, c.works, "%v %s: %s", args, c.set, e.words)
			require.Equal(t, cmd.ExitFailed, e.code, e.words)
			require.Len(t, complaints(e.words), 1, e.words)
		}
	}
}

// TestStreams gives pipes, devices and folders wherever a file is wanted. None hangs.
func TestStreams(t *testing.T) {
	dir := unpack(t)
	for _, name := range []string{"p.npy", "o.npy", "p.h5", "p.yml", "p.json", "p", "l.npy"} {
		require.NoError(t, syscall.Mkfifo(filepath.Join(dir, name), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "d.npy"), 0o700))
	for name, device := range map[string]string{"zero.npy": "/dev/zero", "full.npy": "/dev/full"} {
		require.NoError(t, os.Symlink(device, filepath.Join(dir, name)))
	}
	weights := "KerasJson: m.json\nKerasH5: p.h5\nOutputDir: prj\nHLSConfig:\n  Model:\n    ReuseFactor: 1\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "w.yml"), []byte(weights), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m.json"), []byte("{}"), 0o600))
	model := strings.Replace(weights, "m.json", "p.json", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "j.yml"), []byte(model), 0o600))
	predict := func(args ...string) []string { return append([]string{"predict", "digits.yml"}, args...) }
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"ir", "p.yml"}, "p.yml: not a regular file"},
		{[]string{"ir", "p.h5"}, "p.h5: not a regular file: got a pipe"},
		{[]string{"ir", "w.yml"}, "p.h5: not a regular file: got a pipe"},
		{[]string{"ir", "j.yml"}, "not a regular file"},
		{predict("-i", "p.npy", "-o", "y.npy"), "p.npy: pipe: got no writer within"},
		{predict("-i", "p", "-o", "y.npy"), "p: pipe: got no writer within"},
		{predict("-i", "d.npy", "-o", "y.npy"), "d.npy: got a folder, want a .npy file"},
		{predict("-i", "zero.npy", "-o", "y.npy"), "not a .npy file"},
		{predict("-i", "/dev/null", "-o", "y.npy"), "got no samples"},
		{predict("-i", "digits_X.npy", "-o", "full.npy"), "no space left on device"},
		{predict("-i", "digits_X.npy", "-o", "d.npy"), "is a directory, want a file"},
		{predict("-i", "digits_X.npy", "-o", "o.npy"), "pipe: got no reader within"},
		{[]string{"compare", "digits.yml", "-i", "digits_X.npy", "--labels", "l.npy"}, "got no writer within"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Parallel() // some wait for a partner
			wait, _ := process(t, dir, nil, c.args...)
			e := wait()
			require.Equal(t, cmd.ExitFailed, e.code, "%v: %s", c.args, e.words)
			said := complaints(e.words)
			require.Len(t, said, 1, e.words)
			require.Contains(t, said[0], c.want, c.args)
		})
	}
	t.Cleanup(func() { require.NoFileExists(t, filepath.Join(dir, "y.npy")) })
}

// TestStandardStreams predicts from standard input to standard output, in the same bits as from file to file.
func TestStandardStreams(t *testing.T) {
	dir := unpack(t)
	wait, _ := process(t, dir, nil, "predict", "digits.yml", "-i", "digits_X.npy", "-o", "y.npy")
	require.Zero(t, wait().code)
	want, err := os.ReadFile(filepath.Join(dir, "y.npy"))
	require.NoError(t, err)
	for _, in := range []string{"-", "/dev/stdin"} {
		x, err := os.Open(filepath.Join(dir, "digits_X.npy"))
		require.NoError(t, err)
		cat := exec.Command("cat")
		cat.Stdin = x
		piped, err := cat.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cat.Start())
		from := func(c *exec.Cmd) { c.Stdin = piped }
		wait, _ := process(t, dir, from, "predict", "digits.yml", "-i", in, "-o", "-")
		e := wait()
		require.Zero(t, e.code, e.words)
		require.Equal(t, string(want), e.out)
		require.NoError(t, cat.Wait())
		x.Close()
	}
	require.NoFileExists(t, filepath.Join(dir, "-"))
}

// TestSignals ends processes in each phase of their work, soon and without a word but one.
func TestSignals(t *testing.T) {
	dir := unpack(t)
	require.NoError(t, os.Rename(filepath.Join(dir, "digits.h5"), filepath.Join(dir, "weights.h5")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "p.npy"), 0o600))
	cxx := filepath.Join(dir, "cxx")
	script := "#!/bin/sh\ncase $* in *--version*) echo slow; exit;; esac\nsleep 1000 & echo $! > child; wait\n"
	require.NoError(t, os.WriteFile(cxx, []byte(script), 0o700))
	picture := []int{1 << 11, 1 << 11, 1}
	zeros(t, filepath.Join(dir, "x.npy"), picture)
	sparse(t, filepath.Join(dir, "c.npy"), "False", 40*million, 64)
	sparse(t, filepath.Join(dir, "f.npy"), "True", 40*million, 64)
	relu, largest := act("relu"), pool("MaxPooling2D", "same", 5, 1)
	for _, c := range []struct {
		phase string
		layer layer
		count int
		shape []int
		args  []string
	}{
		{"graph", relu, 20_000, []int{4}, []string{"ir", "m.yml"}},
		{"compile", act("softmax"), 1, []int{1 << 19}, []string{"ir", "m.yml", "--kernels"}},
		{"picture", largest, 500, picture, []string{"predict", "m.yml", "-i", "x.npy", "-o", "y.npy"}},
		{"reference", largest, 500, picture, []string{"predict", "m.yml", "-i", "x.npy", "-o", "y.npy", "--float"}},
		{"pipe", relu, 1, []int{64}, []string{"predict", "m.yml", "-i", "p.npy", "-o", "y.npy"}},
		{"g++", relu, 1, []int{64}, []string{"verify", "m.yml"}},
		{"samples", relu, 1, []int{64}, predicted("c.npy", "y.npy")},
		{"columns", relu, 1, []int{64}, predicted("f.npy", "y.npy")},
		{"text", relu, 1, []int{64}, predicted("c.npy", "y.csv")},
		{"trace", relu, 1, []int{64}, append(predicted("c.npy", "y.npy"), "--trace", "t.npz")},
		{"counts", relu, 1, []int{64}, append(predicted("c.npy", "y.npy"), "--health")},
		{"profile", relu, 1, []int{64}, []string{"profile", "m.yml", "-i", "c.npy"}},
	} {
		for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			network(t, dir, 1, c.count, c.shape, c.layer)
			slow := func(p *exec.Cmd) { p.Env = append(p.Env, "CXX="+cxx, "HLSGO_CACHE="+dir) }
			e := signalled(t, c.phase, s, func() (func() ended, *exec.Cmd) {
				return process(t, dir, slow, c.args...)
			})
			require.Equal(t, cmd.ExitInterrupted, e.code, "%s: %s", c.phase, e.words)
			require.Contains(t, e.words, "hlsgo: interrupted\n")
			require.Less(t, e.memory, int64(1<<30), c.phase)
			left, err := filepath.Glob(filepath.Join(dir, ".*"))
			require.NoError(t, err)
			require.Empty(t, left, c.phase)
		}
	}
	requireGone(t, dir)
}

// signalled starts a process, sends it a signal in the middle of its work and says how it ended. One that
// died of the signal itself had not come to listen yet, on a busy machine; the next gets more time.
func signalled(t *testing.T, phase string, s syscall.Signal, start func() (func() ended, *exec.Cmd)) ended {
	t.Helper()
	for head := 400 * time.Millisecond; ; head *= 4 {
		wait, p := start()
		time.Sleep(head)
		begin := time.Now()
		require.NoError(t, p.Process.Signal(s))
		e := wait()
		t.Logf("%s: %v: %v", phase, s, time.Since(begin))
		require.Less(t, time.Since(begin), 10*time.Second, phase)
		if e.code != -1 || head > 5*time.Second {
			return e
		}
	}
}

// zeros writes one sample of a shape.
func zeros(t *testing.T, path string, shape []int) {
	t.Helper()
	size := 1
	for _, d := range shape {
		size *= d
	}
	w, err := npy.Create[float32](path, size)
	require.NoError(t, err)
	require.NoError(t, w.WriteRows(make([]float32, size)))
	require.NoError(t, w.Finish())
	require.NoError(t, w.File().Commit())
}

// predicted is the command line of a prediction from file to file.
func predicted(from, to string) []string { return []string{"predict", "m.yml", "-i", from, "-o", to} }

// sparse writes an array of 10 GB or any size, zeros all of them, that takes no room on the disk.
func sparse(t *testing.T, path, fortran string, shape ...int) {
	t.Helper()
	head := fmt.Sprintf("{'descr': '<f4', 'fortran_order': %s, 'shape': (%d, %d)}", fortran, shape[0], shape[1])
	head = fmt.Sprintf("%-117s\n", head)
	text := "\x93NUMPY\x01\x00" + string(binary.LittleEndian.AppendUint16(nil, uint16(len(head)))) + head
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	require.NoError(t, os.Truncate(path, int64(len(text)+4*shape[0]*shape[1])))
}

// requireGone wants what the compiler had started to be gone.
func requireGone(t *testing.T, dir string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "csim", "*", "child"))
	require.NoError(t, err)
	for _, name := range found {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(text)) + "/stat")
		dead := err != nil || strings.Contains(string(stat), ") Z ")
		require.True(t, dead, "a child of the compiler lives: %s", stat)
	}
}

// TestKilled kills writing commands at any time; what they leave disturbs no later run and goes with it.
func TestKilled(t *testing.T) {
	dir := unpack(t)
	for _, args := range [][]string{
		{"predict", "digits.yml", "-i", "digits_X.npy", "-o", "out/y.npy", "--trace", "out/t.npz"},
		{"convert", "digits.yml", "--output-dir", "out"},
		{"config", "digits.h5", "-o", "out/c.yml"},
		{"plot", "digits.yml", "-o", "out/m.svg"},
		{"profile", "digits.yml", "--html", "out/r.html"},
	} {
		out := filepath.Join(dir, "out")
		require.NoError(t, os.RemoveAll(out))
		require.NoError(t, os.Mkdir(out, 0o700))
		for i := range 8 {
			wait, p := process(t, dir, nil, args...)
			time.Sleep(time.Duration(10+15*i) * time.Millisecond)
			_ = p.Process.Kill()
			wait()
		}
		wait, _ := process(t, dir, nil, args...)
		require.Zero(t, wait().code, args)
		for _, name := range list(t, out) {
			require.NotContains(t, name, ".tmp-", "%v", args)
			require.NotContains(t, name, "ready", "%v", args)
		}
	}
}
