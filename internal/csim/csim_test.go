package csim_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hlsgo/hlsgo/hlslib"
	"github.com/hlsgo/hlsgo/internal/csim"
	"github.com/stretchr/testify/require"
)

// needCompiler skips a test when there is no C++ compiler, unless one is required.
func needCompiler(t testing.TB) {
	t.Helper()
	_, err := csim.Compiler()
	var missing *csim.MissingCompilerError
	if errors.As(err, &missing) && os.Getenv("HLSGO_REQUIRE_CXX") == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
}

// scaler is a project whose model doubles its inputs in the format result, by way of a traced layer.
func scaler(namespace, body string) csim.Model {
	open, end := "", ""
	if namespace != "" {
		open, end = "namespace "+namespace+" {\n", "}\n"
	}
	files := map[string][]byte{
		"firmware/scaler.h": fmt.Appendf(nil, `#pragma once
#include "ap_fixed.h"
#include "hls_stream.h"
#include "nnet_utils/nnet_types.h"
%stypedef ap_fixed<16,6> input_t;
typedef ap_fixed<18,8> mid_t;
typedef ap_ufixed<70,60> wide_t;
typedef nnet::array<ap_int<5>, 2> word_t;
void scaler(input_t x[2], wide_t wide[2], hls::stream<word_t> &words);
%s`, open, end),
		"firmware/scaler.cpp": fmt.Appendf(nil, `#include "scaler.h"
#include "nnet_utils/nnet_helpers.h"
#include <iostream>
%svoid scaler(input_t x[2], wide_t wide[2], hls::stream<word_t> &words) {
%s
}
%s`, open, body, end),
	}
	for _, dir := range []string{"ap_types", "nnet_utils"} {
		for name, data := range hlslib.Files("xilinx/" + dir) {
			files["firmware/"+dir+"/"+name] = data
		}
	}
	return csim.Model{
		Name: "scaler", Namespace: namespace, Files: files,
		Inputs: []csim.Port{{Name: "x", Type: "input_t", Size: 2}},
		Outputs: []csim.Port{
			{Name: "wide", Type: "wide_t", Size: 2},
			{Name: "words", Type: "word_t", Size: 2, Stream: "hls::stream"},
		},
	}
}

const double = `    mid_t mid[2];
    word_t word;
    for (int i = 0; i < 2; i++) {
        mid[i] = 2 * x[i];
        wide[i] = mid[i];
        word[i] = mid[i];
    }
    std::cout << "models may print" << std::endl;
    nnet::save_layer_output<mid_t>(mid, "double", 2);
    words.write(word);`

func build(t *testing.T, o csim.Options, models ...csim.Model) *csim.Program {
	t.Helper()
	needCompiler(t)
	if o.Cache == "" {
		o.Cache = t.TempDir()
	}
	p, err := csim.Build(context.Background(), models, o)
	var ce *csim.CompileError
	if errors.As(err, &ce) {
		t.Fatal(ce.Output)
	}
	require.NoError(t, err)
	return p
}

func raws(t *csim.Tensor) (all []int64) {
	for i := range t.Len() {
		all = append(all, t.Raw(i))
	}
	return all
}

func TestRunReturnsRawIntegers(t *testing.T) {
	p := build(t, csim.Options{}, scaler("", double))
	in := csim.Samples{Float32: []float32{1.5, -0.75, 31, -32, 0, 0.0009765625}}
	r, err := p.Run(context.Background(), "", in)
	require.NoError(t, err)
	require.Equal(t, 3, r.Samples)
	require.Zero(t, r.Undrained)

	mid := r.Layer("double")
	want := csim.Tensor{Name: "double", Count: 2, Width: 18, Bytes: 3, Signed: true, Data: mid.Data}
	require.Equal(t, want, *mid)
	require.Equal(t, []int64{3072, -1536, 62 * 1024, -64 * 1024, 0, 2}, raws(mid))
	require.Nil(t, r.Layer("other"))

	wide := r.Outputs[0]
	require.Equal(t, "wide", wide.Name)
	require.Equal(t, 9, wide.Bytes)
	require.Equal(t, "1180591620717411301888", wide.Big(1).String(), "-1.5 wraps to 2^70 - 1536")
	require.Equal(t, []int64{3, -1, -2, 0, 0, 0}, raws(r.Outputs[1]), "integers cut towards zero and wrap")
}

func TestRunTakesExactDoubles(t *testing.T) {
	p := build(t, csim.Options{}, scaler("", double))
	below := math.Nextafter(0.5, 0) // floors to one step less than 0.5; a float would round to 0.5
	in := csim.Samples{Float64: []float64{below, math.Copysign(0, -1)}}
	r, err := p.Run(context.Background(), "scaler", in)
	require.NoError(t, err)
	require.Equal(t, []int64{2 * 511, 0}, raws(r.Layer("double")))
}

func TestModelsShareAProgram(t *testing.T) {
	for _, joined := range []bool{false, true} {
		a := scaler("first", double)
		b := scaler("second", strings.Replace(double, "2 * x", "3 * x", 1))
		for name, data := range a.Files { // one set of guards per namespace
			if !strings.Contains(name, "/scaler.") && joined {
				b.Files[name] = data
			}
		}
		p := build(t, csim.Options{Joined: joined}, a, b)
		for name, want := range map[string]int64{"first::scaler": 2048, "second::scaler": 3072} {
			r, err := p.Run(context.Background(), name, csim.Samples{Float32: []float32{1, 0}})
			require.NoError(t, err)
			require.Equal(t, want, r.Layer("double").Raw(0), name)
		}
		_, err := p.Run(context.Background(), "")
		require.ErrorContains(t, err, `no model ""`)
	}
}

func TestVendorTypesGiveTheSame(t *testing.T) {
	needCompiler(t)
	vendor := csim.VendorAPTypes()
	if vendor == "" {
		t.Skip("the vendor's ap_types are not installed: set HLSGO_VENDOR_AP_TYPES")
	}
	in := csim.Samples{Float32: []float32{1.5, -0.75, 31, -32}}
	var results []*csim.Result
	for _, types := range []string{"", vendor} {
		p := build(t, csim.Options{APTypes: types, Flags: []string{"-w"}}, scaler("", double))
		r, err := p.Run(context.Background(), "", in)
		require.NoError(t, err)
		results = append(results, r)
	}
	require.Equal(t, results[0], results[1])
}

func TestVendorStreamsAreWatched(t *testing.T) {
	needCompiler(t)
	vendor := csim.VendorAPTypes()
	if vendor == "" {
		t.Skip("the vendor's ap_types are not installed: set HLSGO_VENDOR_AP_TYPES")
	}
	for what, body := range map[string]string{
		"leftover data":    "    hls::stream<word_t> s(\"s\");\n    s.write(word_t());\n" + double,
		"read while empty": "    hls::stream<word_t> s(\"s\");\n    words.write(s.read());",
	} {
		p := build(t, csim.Options{APTypes: vendor, Flags: []string{"-w"}}, scaler("", body))
		_, err := p.Run(context.Background(), "", csim.Samples{Float32: []float32{1, 2}})
		require.ErrorContains(t, err, "FIFO not drained, or read while empty", what)
	}
}

func TestBuildUsesTheCache(t *testing.T) {
	o := csim.Options{Cache: t.TempDir()}
	first := build(t, o, scaler("", double))
	stamp := filepath.Join(first.Dir(), "program")
	before, err := os.Stat(stamp)
	require.NoError(t, err)
	again := build(t, o, scaler("", double))
	after, err := os.Stat(stamp)
	require.NoError(t, err)
	require.Equal(t, first.Dir(), again.Dir())
	require.Equal(t, before.ModTime(), after.ModTime(), "compiled a second time")
	other := build(t, o, scaler("", strings.Replace(double, "2 * x", "4 * x", 1)))
	require.NotEqual(t, first.Dir(), other.Dir())
	left, err := filepath.Glob(filepath.Join(filepath.Dir(first.Dir()), "build-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestErrors(t *testing.T) {
	ctx := context.Background()
	t.Run("no compiler", func(t *testing.T) {
		t.Setenv("CXX", "no-such-compiler-anywhere -v")
		_, err := csim.Build(ctx, []csim.Model{scaler("", double)}, csim.Options{Cache: t.TempDir()})
		var missing *csim.MissingCompilerError
		require.ErrorAs(t, err, &missing)
		require.Equal(t, []string{"no-such-compiler-anywhere"}, missing.Tried)
	})
	t.Run("does not compile", func(t *testing.T) {
		needCompiler(t)
		_, err := csim.Build(ctx, []csim.Model{scaler("", "    no_such_name();")}, csim.Options{Cache: t.TempDir()})
		var ce *csim.CompileError
		require.ErrorAs(t, err, &ce)
		require.Contains(t, err.Error(), "no_such_name")
		require.NotContains(t, err.Error(), "\n")
	})
	t.Run("stopped compiler", func(t *testing.T) {
		needCompiler(t)
		o := csim.Options{Cache: t.TempDir(), Timeout: time.Microsecond}
		_, err := csim.Build(ctx, []csim.Model{scaler("", double)}, o)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
	t.Run("empty stream", func(t *testing.T) {
		p := build(t, csim.Options{}, scaler("", "    hls::stream<word_t> s(\"s\");\n    words.write(s.read());"))
		_, err := p.Run(ctx, "", csim.Samples{Float32: []float32{1, 2}})
		var re *csim.RunError
		require.ErrorAs(t, err, &re)
		require.Contains(t, err.Error(), `hls::stream 's': read while empty`)
	})
	t.Run("hangs", func(t *testing.T) {
		p := build(t, csim.Options{}, scaler("", "    volatile bool on = true;\n    while (on) {}"))
		short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		defer cancel()
		_, err := p.Run(short, "", csim.Samples{Float32: []float32{1, 2}})
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
	t.Run("undrained stream", func(t *testing.T) {
		left := "    hls::stream<word_t> s(\"s\");\n    s.write(word_t());\n"
		p := build(t, csim.Options{}, scaler("", left+double))
		r, err := p.Run(ctx, "", csim.Samples{Float32: []float32{1, 2, 3, 4}})
		require.NoError(t, err)
		require.Equal(t, 2, r.Undrained)
	})
	t.Run("wrong input", func(t *testing.T) {
		p := build(t, csim.Options{}, scaler("", double))
		_, err := p.Run(ctx, "", csim.Samples{Float32: []float32{1, 2, 3}})
		require.ErrorContains(t, err, `input "x": got 3 numbers`)
		_, err = p.Run(ctx, "")
		require.ErrorContains(t, err, "wrong number of inputs: got 0, want 1")
	})
}

func TestBuildRefusesBadModels(t *testing.T) {
	good := scaler("", double)
	for name, change := range map[string]func(*csim.Model){
		"no C++ name":         func(m *csim.Model) { m.Name = "a b" },
		"is not inside":       func(m *csim.Model) { m.Files = map[string][]byte{"../x": nil} },
		"no file \"firmware/": func(m *csim.Model) { m.Files = nil },
		"a type and a positive": func(m *csim.Model) {
			m.Inputs = []csim.Port{{Name: "x", Type: "t; exit()", Size: 1}}
		},
		"want a C++ name, a type": func(m *csim.Model) {
			m.Outputs = []csim.Port{{Name: "x", Type: "t", Size: 0}}
		},
	} {
		m := good
		change(&m)
		_, err := csim.Build(context.Background(), []csim.Model{m}, csim.Options{Cache: t.TempDir()})
		require.ErrorContains(t, err, name)
	}
	_, err := csim.Build(context.Background(), []csim.Model{good, good}, csim.Options{Cache: t.TempDir()})
	require.ErrorContains(t, err, "namespaces of their own")
	_, err = csim.Build(context.Background(), nil, csim.Options{})
	require.Error(t, err)
}
