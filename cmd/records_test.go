package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/cmd"
)

// record is a line of standard error with --json-errors.
type record struct {
	Level string `json:"level"`
	hlsgo.Problem
}

// recordsOf wants every line to be one.
func recordsOf(t *testing.T, stderr string) []record {
	t.Helper()
	var out []record
	for line := range strings.Lines(stderr) {
		var r record
		d := json.NewDecoder(strings.NewReader(line))
		d.DisallowUnknownFields()
		require.NoError(t, d.Decode(&r), line)
		require.NotEmpty(t, r.Message)
		require.NotEmpty(t, r.Code)
		out = append(out, r)
	}
	return out
}

// failure is a command line and the errors that it ends in, without their messages.
type failure struct {
	args []string
	exit int
	want []hlsgo.Problem
}

// failures has each code of docs/errors.md that a command line can bring about, but for those below.
func failures() []failure {
	one := func(p hlsgo.Problem) []hlsgo.Problem { return []hlsgo.Problem{p} }
	return []failure{
		{[]string{"predct"}, 2, one(hlsgo.Problem{Code: "usage"})},
		{[]string{"predict", "digits.yml", "--threads", "x"}, 2, one(hlsgo.Problem{
			Code: "usage", Flag: "--threads", Got: "x", Want: "a whole number",
		})},
		{[]string{"ir", "digits.yml", "--io-type", "serial"}, 2, one(hlsgo.Problem{
			Code: "usage", Flag: "--io-type", Got: "serial", Want: "io_parallel or io_stream",
		})},
		{[]string{"ir", "digits.h5", "--precision", "fixed<0,3>"}, 2, one(hlsgo.Problem{
			Code: "config", Flag: "--precision", Got: "0", Want: "1 to 1024",
		})},
		{[]string{"ir", "bad.yml"}, 1, []hlsgo.Problem{
			{Code: "config", File: "bad.yml", Line: 2, Got: "io_parallell",
				Want: `one of io_parallel, io_stream, did you mean "io_parallel"?`},
			{Code: "config", File: "bad.yml", Line: 5, Got: "x", Want: "a whole number from 1"},
		}},
		{[]string{"ir", "digits.yml", "--set", "fc9.ReuseFactor=2"}, 1, one(hlsgo.Problem{
			Code: "config", File: "digits.yml", Layer: "fc9",
		})},
		{[]string{"ir", "cut.h5"}, 1, one(hlsgo.Problem{
			Code: "model", File: "cut.h5", Got: "100 bytes", Want: "37440",
		})},
		{[]string{"ir", "odd.json", "--weights", "digits.h5"}, 1, []hlsgo.Problem{
			{Code: "unsupported", File: "odd.json"}, {Code: "unsupported", Layer: "own"},
		}},
		{[]string{"predict", "digits.yml", "-i", "digits_labels.npy"}, 1, one(hlsgo.Problem{
			Code: "data", File: "digits_labels.npy", Got: "(360)", Want: `(samples, 64) for input "pixels"`,
		})},
		{[]string{"predict", "digits.yml", "-i", "ragged.dat"}, 1, one(hlsgo.Problem{
			Code: "data", File: "ragged.dat", Line: 2, Got: "1 numbers", Want: "64 as in the first sample",
		})},
		{[]string{"compare", "digits.yml", "--labels", "digits_X.npy"}, 1, one(hlsgo.Problem{
			Code: "data", File: "digits_X.npy", Got: "shape (360, 64)",
			Want: "(samples), (samples, 1) or one-hot (samples, 10)",
		})},
		{[]string{"predict", "digits.yml", "-i", "none.npy"}, 1, one(hlsgo.Problem{
			Code: "file", File: "none.npy",
		})},
		{[]string{"predict", "digits.yml", "-o", "none/y.npy"}, 1, one(hlsgo.Problem{
			Code: "file", File: "none/y.npy",
		})},
		{[]string{"predict", "digits.yml", "-o", "y.npy", "--strict", "--set", "relu1.result_t=ufixed<8,2>"}, 3,
			one(hlsgo.Problem{Code: "overflow", Flag: "--strict"})},
		{[]string{"verify", "digits.yml"}, 1, one(hlsgo.Problem{Code: "compiler"})},
		{[]string{"predict", "digits.yml", "--set", "relu1.result_t=float"}, 1, one(hlsgo.Problem{
			Code: "network", Layer: "relu1", Got: "float", Want: "a fixed-point type",
		})},
	}
}

// TestRecords ends command lines in every way and wants nothing but records on standard error.
func TestRecords(t *testing.T) {
	dir := unpack(t)
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	model, err := os.ReadFile(filepath.Join(dir, "digits.h5"))
	require.NoError(t, err)
	write("cut.h5", string(model[:100]))
	write("bad.yml", "KerasModel: digits.h5\nIOType: io_parallell\nHLSConfig:\n  Model:\n    ReuseFactor: x\n")
	write("ragged.dat", strings.Repeat("0 ", 64)+"\n1\n")
	write("odd.json", `{"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Own",
		"config": {"name": "own", "batch_input_shape": [null, 4]}}]}}`)
	t.Chdir(dir)
	t.Setenv("CXX", "no-such-compiler")
	for _, c := range failures() {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			code, _, plain := run(t.Context(), c.args)
			require.Equal(t, c.exit, code, plain)
			code, _, stderr := run(t.Context(), append(c.args, "--json-errors"))
			require.Equal(t, c.exit, code, stderr)
			var got []hlsgo.Problem
			for _, r := range recordsOf(t, stderr) {
				if r.Level == "error" {
					require.Contains(t, plain, r.Message, "want the words that people get")
					r.Message = ""
					got = append(got, r.Problem)
				}
			}
			require.Equal(t, c.want, got, stderr)
		})
	}
}

// TestRecordsOfWork are of what goes well, of warnings, of an interrupt and of a defect.
func TestRecordsOfWork(t *testing.T) {
	t.Chdir(unpack(t))
	args := []string{"predict", "digits.yml", "-o", "y.npy", "--json-errors"}
	code, out, stderr := run(t.Context(), args)
	require.Zero(t, code)
	require.Empty(t, out)
	said := recordsOf(t, stderr)
	require.Len(t, said, 1)
	require.Equal(t, "note", said[0].Level)
	require.Contains(t, said[0].Message, "predicted 360 samples in ")

	unchanged := "fuse_consecutive_batch_normalization"
	code, _, stderr = run(t.Context(), []string{"ir", "digits.yml", "--after", unchanged, "--json-errors"})
	require.Zero(t, code, stderr)
	said = recordsOf(t, stderr)
	require.Len(t, said, 1)
	require.Equal(t, "warning", said[0].Level)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, _, stderr = run(ctx, args)
	require.Equal(t, cmd.ExitInterrupted, code)
	require.Equal(t, []record{{"error", hlsgo.Problem{Code: "interrupted", Message: "interrupted"}}},
		recordsOf(t, stderr))

	bad := hlsgo.Plugin{Name: "p", Setup: func(*hlsgo.Registry) error { panic("BUG: two\nlines") }}
	code, _, stderr = run(t.Context(), []string{"version", "--json-errors"}, bad)
	require.Equal(t, cmd.ExitFailed, code)
	said = recordsOf(t, stderr)
	require.Len(t, said, 1)
	require.Equal(t, hlsgo.Code("internal"), said[0].Code)
	stuck := hlsgo.Plugin{Name: "p", Setup: func(*hlsgo.Registry) error { time.Sleep(time.Minute); return nil }}
	code, _, stderr = run(ctx, args, stuck)
	require.Equal(t, cmd.ExitInterrupted, code)
	require.Len(t, recordsOf(t, stderr), 1)
}

// TestCodesAreDocumented holds the table of docs/errors.md against the constants.
func TestCodesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/errors.md")
	require.NoError(t, err)
	documented := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z]+)` \\| ([0-9]+) \\|").FindAllSubmatch(text, -1) {
		documented[string(m[1])] = true
	}
	constant := regexp.MustCompile(`(?m)^\t[Cc]ode[A-Z]\w+\s+(?:hlsgo\.)?Code\s+= "([a-z]+)"`)
	found := 0
	for _, file := range []string{"../problems.go", "records.go"} {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range constant.FindAllSubmatch(source, -1) {
			if code := string(m[1]); code != "warning" && code != "note" {
				require.True(t, documented[code], "docs/errors.md: code %s", code)
				found++
			}
		}
	}
	require.Len(t, documented, found)
	for _, c := range failures() {
		row := "| `" + string(c.want[0].Code) + "` | "
		at := bytes.Index(text, []byte(row))
		require.GreaterOrEqual(t, at, 0, row)
		if c.exit != cmd.ExitUsage { // flags that stand for keys are a matter of the command line
			require.Equal(t, strconv.Itoa(c.exit), string(text[at+len(row)]), row)
		}
	}
}
