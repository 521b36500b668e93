package conformance_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

// bundle is how many models share one executable: reading the headers takes as long as several small models.
const bundle = 24

// trial is a model to compile and the samples to compare it on; nil: artificial ones.
type trial struct {
	name   string
	model  *hlsgo.Model
	inputs []*hlsgo.Array
}

func toolkit(t testing.TB) *hlsgo.Toolkit {
	t.Helper()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	return tk
}

// verifyAll compiles the trials, several at a time, and wants every raw integer of every layer equal to the
// simulator's.
func verifyAll(t *testing.T, trials []trial, o hlsgo.FirmwareOptions) {
	t.Helper()
	trials = only(t, trials)
	rows := tabletest.New(t)
	for at := 0; at < len(trials); at += bundle {
		group := trials[at:min(at+bundle, len(trials))]
		f := compileTrials(t, group, o)
		for i, c := range group {
			rows.Run(c.name, func(t *tabletest.T) {
				verifyTrial(t, f, i, c)
			})
		}
	}
}

// only keeps the trials whose names match HLSGO_ONLY.
func only(t *testing.T, trials []trial) []trial {
	t.Helper()
	pattern, err := regexp.Compile(os.Getenv("HLSGO_ONLY"))
	require.NoError(t, err)
	return slices.DeleteFunc(slices.Clone(trials), func(c trial) bool { return !pattern.MatchString(c.name) })
}

// compileTrials skips the test when there is no compiler, unless one is required.
func compileTrials(t *testing.T, trials []trial, o hlsgo.FirmwareOptions) *hlsgo.Firmware {
	t.Helper()
	var models []*hlsgo.Model
	var names []string
	for _, c := range trials {
		models, names = append(models, c.model), append(names, c.name)
	}
	f, err := hlsgo.CompileFirmware(context.Background(), models, o)
	var missing *hlsgo.MissingCompilerError
	if errors.As(err, &missing) && os.Getenv("HLSGO_REQUIRE_CXX") != "1" {
		t.Skip(err)
	}
	require.NoError(t, err, "models %s", strings.Join(names, ", "))
	return f
}

func verifyTrial(t testing.TB, f *hlsgo.Firmware, i int, c trial) {
	t.Helper()
	r, err := f.Verify(context.Background(), i, hlsgo.VerifyJob{N: 64, Seed: 1, Inputs: c.inputs})
	require.NoError(t, err)
	for _, l := range r.Layers {
		if d := l.First; d != nil {
			t.Errorf("%s %s %s: %d of %d values differ, first at sample %d, value %d: got %s, want %s",
				l.Kind, l.Name, l.Type, l.Differ, l.Values, d.Sample, d.Index, d.Got, d.Want)
		}
	}
}

// vendorTypes is the folder of the vendor's number types, or skips the test.
func vendorTypes(t *testing.T) hlsgo.FirmwareOptions {
	t.Helper()
	dir := os.Getenv("HLSGO_VENDOR_AP_TYPES")
	if dir == "" {
		t.Skip("HLSGO_VENDOR_AP_TYPES is not set: nothing is compiled with the vendor's ap_fixed.h")
	}
	require.FileExists(t, filepath.Join(dir, "ap_fixed.h"))
	return hlsgo.FirmwareOptions{VendorTypes: dir}
}

// oracleTrials loads the cases that hls4ml answered, on their own samples.
func oracleTrials(t *testing.T) []trial {
	t.Helper()
	tk := toolkit(t)
	root := filepath.Join("..", "testdata", "oracle")
	var out []trial
	for _, name := range oracletest.Names(t) {
		dir := filepath.Join(root, "cases", name)
		m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
		require.NoError(t, err, name)
		out = append(out, trial{name, m, oracletest.Arrays[hlsgo.Array](t, dir, "X")})
	}
	// A table of bit patterns is in cases of Vivado's streams alone.
	dir := filepath.Join(root, "cases", "hgq1_lut_vivado_stream")
	m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{Backend: "Vitis"})
	require.NoError(t, err)
	return append(out, trial{"hgq1_lut_vivado_stream on Vitis", m, oracletest.Arrays[hlsgo.Array](t, dir, "X")})
}

// TestFirmwareOfOracleCases is step 3 of the ladder for the cases of step 2.
func TestFirmwareOfOracleCases(t *testing.T) {
	verifyAll(t, oracleTrials(t), hlsgo.FirmwareOptions{})
}
