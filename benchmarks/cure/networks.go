package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sbinet/npyio/npz"

	"github.com/hlsgo/hlsgo"
)

// network is a folder of networks/: a trained model, its samples, and configurations with types cut by hand.
type network struct {
	name, dir  string
	variants   []string     // names of configurations, without .yml
	tune, test *hlsgo.Array // samples that the cure may see, and those it may not
	labels     []float32    // what the test samples should be answered; nil: themselves
}

// openNetworks reads the networks below a folder, those of the names alone if there are any.
func openNetworks(root string, only []string) ([]*network, error) {
	dirs, err := filepath.Glob(filepath.Join(root, "*", "data.npz"))
	if err != nil {
		return nil, err
	}
	var out []*network
	for _, file := range dirs {
		dir := filepath.Dir(file)
		if len(only) > 0 && !slices.Contains(only, filepath.Base(dir)) {
			continue
		}
		n, err := openNetwork(dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		out = append(out, n)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: networks: got none of %q, want one at least", root, only)
	}
	return out, nil
}

func openNetwork(dir string) (*network, error) {
	n := &network{name: filepath.Base(dir), dir: dir}
	files, err := filepath.Glob(filepath.Join(dir, "*.yml"))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		n.variants = append(n.variants, strings.TrimSuffix(filepath.Base(f), ".yml"))
	}
	data, err := npz.Open(filepath.Join(dir, "data.npz"))
	if err != nil {
		return nil, err
	}
	defer data.Close()
	if n.tune, err = readArray(data, "x_tune.npy"); err != nil {
		return nil, err
	}
	if n.test, err = readArray(data, "x_test.npy"); err != nil {
		return nil, err
	}
	if slices.Contains(data.Keys(), "y_test.npy") {
		y, err := readArray(data, "y_test.npy")
		if err != nil {
			return nil, err
		}
		if y.Samples() != n.test.Samples() {
			return nil, errors.New("data.npz: x_test and y_test differ in the number of samples")
		}
		n.labels = y.F32
	}
	return n, nil
}

// readArray reads an array of float32 with its samples as rows.
func readArray(data *npz.Reader, name string) (*hlsgo.Array, error) {
	h := data.Header(name)
	if h == nil {
		return nil, fmt.Errorf("data.npz: got no %s, want one", name)
	}
	a := &hlsgo.Array{}
	if err := data.Read(name, &a.F32); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("data.npz: %s: %w", name, err)
	}
	samples := h.Descr.Shape[0]
	a.Shape = []int{samples, len(a.F32) / samples}
	return a, nil
}

// config is the file of a variant.
func (n *network) config(variant string) string { return filepath.Join(n.dir, variant+".yml") }
