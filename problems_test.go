package hlsgo_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

func TestCodeOf(t *testing.T) {
	_, missing := os.Open("none.npy")
	for _, c := range []struct {
		err  error
		want hlsgo.Code
	}{
		{nil, ""},
		{errors.New("odd"), "failed"},
		{fmt.Errorf("run: %w", context.Canceled), "interrupted"},
		{fmt.Errorf("verify: %w", &hlsgo.MissingCompilerError{}), "compiler"},
		{errors.Join(errors.New("a"), &hlsgo.ConfigError{}), "config"},
		{errors.New("memory: got 8 TB or more for a program, want at most 4 GB"), "memory"},
		{fmt.Errorf("data: %w", missing), "file"},
	} {
		require.Equal(t, c.want, hlsgo.CodeOf(c.err), "%v", c.err)
	}
	require.Nil(t, hlsgo.Problems(nil))
}

// TestProblemsOfCalls wants the codes of what a library's user does wrong.
func TestProblemsOfCalls(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	_, err = tk.Load("examples/digits/none.yml", hlsgo.Overrides{})
	require.Equal(t, hlsgo.CodeFile, hlsgo.CodeOf(err), "%v", err)
	_, err = tk.Load("examples/digits/digits_X.npy", hlsgo.Overrides{})
	require.Equal(t, hlsgo.CodeModel, hlsgo.CodeOf(err), "%v", err)
	m, err := tk.Load("examples/digits/digits.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	x := &hlsgo.Array{Shape: []int{2, 3}, F32: make([]float32, 6)}
	_, err = m.Predict(t.Context(), x)
	require.Equal(t, []hlsgo.Problem{{
		Code: hlsgo.CodeData, Message: err.Error(), Got: "[2 3] with 6 values",
		Want: "(samples, ...) with 64 values each",
	}}, hlsgo.Problems(err))
	_, err = m.Profile(t.Context(), hlsgo.ProfileOptions{}, x, x)
	require.Equal(t, hlsgo.CodeData, hlsgo.CodeOf(err), "%v", err)
	for _, settings := range [][]string{{"relu1.result_t=float"}, {"fc1.result_t=float", "fc2.result_t=float"}} {
		_, err = digits(settings...).Predict(t.Context(), x)
		problems := hlsgo.Problems(err)
		require.NotEmpty(t, problems)
		for _, p := range problems {
			require.Equal(t, hlsgo.CodeNetwork, p.Code)
			require.NotEmpty(t, p.Layer)
		}
	}
}

// TestProblemOf takes messages of every form apart.
func TestProblemOf(t *testing.T) {
	for message, want := range map[string]hlsgo.Problem{
		"odd": {},
		"c.yml:12: Backend: got \"a, b\", want one of x, y": {
			File: "c.yml", Line: 12, Got: "a, b", Want: "one of x, y",
		},
		"dir.d/x.dat: line 3: got 1 numbers, want 64": {
			File: "dir.d/x.dat", Line: 3, Got: "1 numbers", Want: "64",
		},
		`C:\w\x.npy: shape: got (3), want (samples, 4)`: {
			File: `C:\w\x.npy`, Got: "(3)", Want: "(samples, 4)",
		},
		`C:\w\c.yml:4: ClockPeriod: got 0, want more`: {
			File: `C:\w\c.yml`, Line: 4, Got: "0", Want: "more",
		},
		"--set fc1.Foo: fc1: unknown key": {
			Flag: "--set",
		},
		"-i: got 2 files, want 1, one per input": {
			Flag: "-i", Got: "2 files", Want: "1, one per input",
		},
		"fc1.Foo: got none": {
			Got: "none",
		},
		`create "/p/x": no such file or directory`: {
			File: "/p/x",
		},
		`x.yml: LayerName.fc9: the model has no such layer`: {
			File: "x.yml", Layer: "fc9",
		},
		`layer "a b": the name is not unique: got it, want it`: {
			Layer: "a b", Got: "it", Want: "it",
		},
		"what he forgot, want more": {},
	} {
		want.Code, want.Message = hlsgo.CodeFailed, message
		require.Equal(t, want, hlsgo.ProblemOf(hlsgo.CodeFailed, message))
	}
}
