package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// TestMain makes the test's program that of the example, when it is started so.
func TestMain(m *testing.M) {
	if os.Getenv("LIBRARY_EXAMPLE") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func library(samples, folder string) ([]byte, error) {
	c := exec.Command(os.Args[0], "../digits/digits.yml", samples, folder)
	c.Env = append(os.Environ(), "LIBRARY_EXAMPLE=1")
	return c.CombinedOutput()
}

// TestLibrary wants the files of the program to be what the calls in it promise.
func TestLibrary(t *testing.T) {
	dir := t.TempDir()
	said, err := library("../digits/digits_X.npy", dir)
	require.NoError(t, err, string(said))
	require.Contains(t, string(said), "fixed<8,3> is too coarse")
	y, err := hlsgo.ReadArray(filepath.Join(dir, "y.npy"))
	require.NoError(t, err)
	toolkit, err := hlsgo.New()
	require.NoError(t, err)
	model, digits, err := toolkit.LoadExample("digits", hlsgo.Overrides{})
	require.NoError(t, err)
	want, err := model.Predict(t.Context(), digits.X)
	require.NoError(t, err)
	require.Equal(t, want, []*hlsgo.Array{y})
	layers, err := hlsgo.ReadNPZ(filepath.Join(dir, "layers.npz"))
	require.NoError(t, err)
	require.Len(t, layers, 7)
	require.FileExists(t, filepath.Join(dir, "firmware", "firmware", "digits.cpp"))

	said, err = library(filepath.Join(dir, "none.npy"), dir)
	require.Error(t, err)
	require.Contains(t, string(said), "none.npy: no such file")
}
