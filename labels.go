package hlsgo

import (
	"errors"
	"fmt"
	"io"

	"github.com/hlsgo/hlsgo/internal/npy"
)

// labelFile is an open file of labels: a class for each sample, or one-hot rows, of numbers of any type.
type labelFile struct {
	npy.Source
	name    string
	classes int
}

// readLabels reads the class of each of the first n samples, of `total` that there are, for a model whose
// first output has `width` values: one of that many classes, or of two when it is one value alone. Below
// zero, n or total are not known.
func readLabels(name string, n, total, width int) ([]int, error) {
	s, err := npy.OpenNumbers(name)
	if err != nil {
		return nil, during(CodeData, err)
	}
	defer s.Close()
	labels, err := labelsOf(s, name, n, total, width)
	return labels, during(CodeData, err)
}

// labelsOf is readLabels for an open file.
func labelsOf(s npy.Source, name string, n, total, width int) ([]int, error) {
	f := &labelFile{s, name, max(width, 2)}
	if err := f.check(n, total); err != nil {
		return nil, err
	}
	row := make([]float64, f.RowLen())
	var out []int
	for n < 0 || len(out) < n {
		k, err := readFull(f.Source, row)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if k == 0 && n < 0 {
			break
		}
		if k == 0 {
			return nil, f.count(len(out), n)
		}
		class, err := f.class(row)
		if err != nil {
			return nil, fmt.Errorf("%s: label of sample %d: %w", name, len(out), err)
		}
		out = append(out, class)
	}
	return out, nil
}

// check compares the shape with the samples and the classes.
func (f *labelFile) check(n, total int) error {
	shape := f.Shape()
	if len(shape) < 1 || len(shape) > 2 || f.RowLen() != 1 && f.RowLen() != f.classes {
		return fmt.Errorf("%s: labels: got shape %s, want (samples), (samples, 1) or one-hot (samples, %d)",
			f.name, shapeText(shape), f.classes)
	}
	// As many labels as samples in all, or as many as are used: both are what people have.
	if rows := shape[0]; rows >= 0 && total >= 0 && rows != total && rows != n {
		return f.count(rows, total)
	}
	return nil
}

func (f *labelFile) count(got, want int) error {
	return fmt.Errorf("%s: labels: got %d, want %d, one per sample", f.name, got, want)
}

// class is what a row names: a number, or the place of its 1.
func (f *labelFile) class(row []float64) (int, error) {
	if len(row) == 1 {
		c := int(max(-1, min(row[0], float64(f.classes)))) // a number beyond every int has no class either
		if float64(c) != row[0] || c < 0 || c >= f.classes {
			return 0, fmt.Errorf("got %v, want a class from 0 to %d", row[0], f.classes-1)
		}
		return c, nil
	}
	class, ones, others := 0, 0, 0
	for k, v := range row {
		switch v {
		case 0:
		case 1:
			class, ones = k, ones+1
		default:
			others++
		}
	}
	if ones != 1 || others > 0 {
		return 0, fmt.Errorf("got %v, want zeros and one 1", row)
	}
	return class, nil
}
