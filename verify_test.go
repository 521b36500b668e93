package hlsgo_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/npy"
)

const verifyCase = "testdata/oracle/cases/keras2_dense_mixed_per_layer_vivado_stream"

// loadVerified loads a case; keys are settings on top of its configuration.
func loadVerified(t *testing.T, keys ...string) *hlsgo.Model {
	t.Helper()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load(filepath.Join(verifyCase, "hls4ml_config.yml"), hlsgo.Overrides{Set: keys})
	require.NoError(t, err)
	return m
}

// verified verifies, or skips the test when there is no compiler and none is required.
func verified(t *testing.T, m *hlsgo.Model, job hlsgo.VerifyJob) *hlsgo.VerifyReport {
	t.Helper()
	r, err := m.Verify(context.Background(), job)
	var missing *hlsgo.MissingCompilerError
	if os.Getenv("HLSGO_REQUIRE_CXX") != "1" {
		if errors.As(err, &missing) {
			t.Skip(err)
		}
	}
	require.NoError(t, err)
	return r
}

// TestVerifyExample runs the example of Verify, which has no Output because machines without a compiler would
// fail.
func TestVerifyExample(t *testing.T) {
	verified(t, digits(), hlsgo.VerifyJob{N: 1}) // is there a compiler?
	r, w, err := os.Pipe()
	require.NoError(t, err)
	stdout := os.Stdout
	os.Stdout = w
	ExampleModel_Verify()
	os.Stdout = stdout
	require.NoError(t, w.Close())
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "50 samples, equal in every bit: true\n", string(text))
}

func TestVerifyArtificialSamples(t *testing.T) {
	var told []int
	m := loadVerified(t)
	m.Config().InputData = ""
	r := verified(t, m, hlsgo.VerifyJob{
		N: 300, Seed: 3, Progress: func(done, total int) { told = append(told, done, total) },
	})
	require.True(t, r.OK)
	require.Equal(t, 300, r.Samples)
	require.Equal(t, uint64(3), r.Seed)
	require.Equal(t, []int{256, 300, 300, 300}, told)
	last := r.Layers[len(r.Layers)-1]
	require.Equal(t, "Output", last.Kind)
	require.Equal(t, "float", last.Type)
	for _, l := range r.Layers {
		require.Positive(t, l.Values, l.Name)
		require.Zero(t, l.Values%300, l.Name)
	}
}

func TestVerifyReadsInputData(t *testing.T) {
	x, err := filepath.Abs(filepath.Join(verifyCase, "X.npy"))
	require.NoError(t, err)
	file, err := npy.Open(x)
	require.NoError(t, err)
	defer file.Close()
	m := loadVerified(t, "InputData="+x)
	require.Equal(t, 5, verified(t, m, hlsgo.VerifyJob{N: 5}).Samples)
	require.Equal(t, file.Shape()[0], verified(t, m, hlsgo.VerifyJob{N: 1 << 20}).Samples)
}

func TestVerifyWithoutCompiler(t *testing.T) {
	t.Setenv("CXX", "no-such-compiler")
	_, err := loadVerified(t).Verify(context.Background(), hlsgo.VerifyJob{})
	var missing *hlsgo.MissingCompilerError
	require.ErrorAs(t, err, &missing)
}

func TestVerifyRefuses(t *testing.T) {
	for want, job := range map[string]hlsgo.VerifyJob{
		"samples: got -1, want at least 1": {N: -1},
		"inputs: got 2 arrays, want 1":     {Inputs: []*hlsgo.Array{{}, {}}},
	} {
		m := loadVerified(t)
		verified(t, m, hlsgo.VerifyJob{N: 1}) // skips without a compiler
		_, err := m.Verify(context.Background(), job)
		require.ErrorContains(t, err, want)
	}
}

// TestVerifyRefusesDamagedData damages the third sample: the two before it must not pass for the whole.
func TestVerifyRefusesDamagedData(t *testing.T) {
	lines := strings.Repeat("1 2 3 4 5 6 7 8 9 10\n", 2) + "1 2 x\n"
	data := filepath.Join(t.TempDir(), "X.dat")
	require.NoError(t, os.WriteFile(data, []byte(lines), 0o600))
	verified(t, loadVerified(t), hlsgo.VerifyJob{N: 1}) // skips without a compiler
	_, err := loadVerified(t, "InputData="+data).Verify(context.Background(), hlsgo.VerifyJob{N: 10})
	require.ErrorContains(t, err, "X.dat")
	require.ErrorContains(t, err, "line 3")
}

func TestVerifyStops(t *testing.T) {
	m := loadVerified(t)
	verified(t, m, hlsgo.VerifyJob{N: 1})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := m.Verify(ctx, hlsgo.VerifyJob{N: 10})
	require.ErrorIs(t, err, context.Canceled)
}
