package einsum

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// Recipe says how a product along named axes is a product of matrices, block by block.
type Recipe struct {
	// Left and Right permute the operands: axes of blocks, own axes, axes of the sum. Out permutes the results,
	// whose axes are those of blocks, of Left and of Right.
	Left, Right, Out []int
	// Between is the shape of the results before Out.
	Between []int
	// Blocks is the number of blocks, Rows that of vectors from the left operand in a block, Cols of those from
	// the right one, Terms the length of each.
	Blocks, Rows, Cols, Terms int
	// Shape is that of the result; of no axis where every axis is summed over.
	Shape []int
}

// Parse reads an equation such as "bij,jk->bik" for operands of the shapes. "..." stands for the axes that no
// letter names: the same ones of both operands, where both have it. Axes that stand in one operand alone are
// refused, as are letters that stand twice in a term. Mirrors parse_einsum of hls4ml's utils/einsum_utils.py.
func Parse(equation string, left, right []int) (Recipe, error) {
	e, err := split(equation)
	if err != nil {
		return Recipe{}, fmt.Errorf("equation: got %q: %w", equation, err)
	}
	if err := e.spread(len(left), len(right)); err != nil {
		return Recipe{}, fmt.Errorf("equation: got %q for shapes %v and %v: %w", equation, left, right, err)
	}
	r, err := e.recipe(left, right)
	if err != nil {
		return Recipe{}, fmt.Errorf("equation: got %q for shapes %v and %v: %w", equation, left, right, err)
	}
	return r, nil
}

// terms are the axes of an equation, each a letter; rest stands for "...".
type terms struct{ left, right, out []rune }

const rest = '.'

func split(equation string) (terms, error) {
	in, out, ok := strings.Cut(strings.ReplaceAll(equation, " ", ""), "->")
	left, right, two := strings.Cut(in, ",")
	if !ok || !two || strings.ContainsAny(right, ",") {
		return terms{}, fmt.Errorf("want two operands and a result, such as ij,jk->ik")
	}
	var e terms
	for _, t := range []struct {
		axes *[]rune
		text string
	}{{&e.left, left}, {&e.right, right}, {&e.out, out}} {
		var err error
		if *t.axes, err = axesOf(t.text); err != nil {
			return terms{}, err
		}
	}
	return e, e.ellipses()
}

func axesOf(text string) ([]rune, error) {
	var out []rune
	for text != "" {
		axis := rune(text[0])
		if after, ok := strings.CutPrefix(text, "..."); ok {
			axis, text = rest, after
		} else if axis >= 'a' && axis <= 'z' || axis >= 'A' && axis <= 'Z' {
			text = text[1:]
		} else {
			return nil, fmt.Errorf("%q: want letters, or ... for the rest", text)
		}
		if slices.Contains(out, axis) {
			return nil, fmt.Errorf("%s stands twice in a term, want every axis once", axisName(axis))
		}
		out = append(out, axis)
	}
	return out, nil
}

func axisName(axis rune) string {
	if axis == rest {
		return "..."
	}
	return string(axis)
}

// ellipses wants "..." in the result where an operand has it, and nowhere else.
func (e terms) ellipses() error {
	operands := slices.Contains(e.left, rest) || slices.Contains(e.right, rest)
	switch result := slices.Contains(e.out, rest); {
	case operands && !result:
		return fmt.Errorf("an operand has ..., want it in the result too")
	case result && !operands:
		return fmt.Errorf("the result has ..., want it in an operand")
	}
	return nil
}

// spread puts axes of their own in the place of "...", for operands of so many axes.
func (e *terms) spread(left, right int) error {
	count := -1
	for _, t := range []struct {
		axes []rune
		rank int
	}{{e.left, left}, {e.right, right}} {
		named := len(t.axes)
		if !slices.Contains(t.axes, rest) {
			if named != t.rank {
				return fmt.Errorf("want as many letters as axes in every operand")
			}
			continue
		}
		n := t.rank - (named - 1)
		if n < 0 || count >= 0 && n != count {
			return fmt.Errorf("... would stand for %d axes, want the same number in every operand", n)
		}
		count = n
	}
	for _, axes := range []*[]rune{&e.left, &e.right, &e.out} {
		if at := slices.Index(*axes, rest); at >= 0 {
			var unnamed []rune
			for i := range count {
				unnamed = append(unnamed, 1<<20+rune(i)) // no letter
			}
			*axes = slices.Replace(*axes, at, at+1, unnamed...)
		}
	}
	return nil
}

// recipe sorts the axes: those of blocks and sums stand as in the right operand, own axes as in their own.
func (e terms) recipe(left, right []int) (Recipe, error) {
	var blocks, sums, rows, cols []rune
	for _, a := range e.right {
		switch inLeft, inOut := slices.Index(e.left, a), slices.Contains(e.out, a); {
		case inLeft >= 0 && left[inLeft] != right[slices.Index(e.right, a)]:
			return Recipe{}, fmt.Errorf("want the same size wherever an axis stands")
		case inLeft >= 0 && inOut:
			blocks = append(blocks, a)
		case inLeft >= 0:
			sums = append(sums, a)
		case inOut:
			cols = append(cols, a)
		default:
			return Recipe{}, fmt.Errorf("an axis stands in one operand alone: sum over it in a layer before")
		}
	}
	for _, a := range e.left {
		if slices.Contains(e.right, a) {
			continue
		}
		if !slices.Contains(e.out, a) {
			return Recipe{}, fmt.Errorf("an axis stands in one operand alone: sum over it in a layer before")
		}
		rows = append(rows, a)
	}
	between := slices.Concat(blocks, rows, cols)
	if len(between) != len(e.out) {
		return Recipe{}, fmt.Errorf("an axis of the result: want it in an operand")
	}
	r := Recipe{
		Left: places(e.left, blocks, rows, sums), Right: places(e.right, blocks, cols, sums),
		Blocks: sizeOf(e.right, right, blocks), Terms: sizeOf(e.right, right, sums),
		Rows: sizeOf(e.left, left, rows), Cols: sizeOf(e.right, right, cols),
		Out: places(between, e.out), Between: []int{}, Shape: []int{},
	}
	for _, a := range between {
		if at := slices.Index(e.left, a); at >= 0 {
			r.Between = append(r.Between, left[at])
		} else {
			r.Between = append(r.Between, right[slices.Index(e.right, a)])
		}
	}
	for _, from := range r.Out {
		r.Shape = append(r.Shape, r.Between[from])
	}
	return r, nil
}

// places says where the axes listed stand in a term.
func places(term []rune, lists ...[]rune) []int {
	out := []int{}
	for _, list := range lists {
		for _, a := range list {
			out = append(out, slices.Index(term, a))
		}
	}
	return out
}

// sizeOf is the product of the sizes of axes of a term.
func sizeOf(term []rune, shape []int, axes []rune) int {
	sizes := make([]int, len(axes))
	for i, at := range places(term, axes) {
		sizes[i] = shape[at]
	}
	return ir.Size(sizes)
}
