package hlsgo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/internal/atomicfile"
	"github.com/hlsgo/hlsgo/profiling"
)

// PictureOptions say which pictures of a profile are drawn, and how.
type PictureOptions struct {
	Kind string // "box", "violin" or "histogram"; "": box
	// Formats lists "png", "svg", "pdf"; none: png.
	Formats []string
	// Facet adds pictures with one facet per layer.
	Facet bool
}

// Check says what is wrong with the options.
func (o PictureOptions) Check() error {
	if o.Kind != "" {
		if _, err := profiling.ParseKind(o.Kind); err != nil {
			return err
		}
	}
	for _, f := range o.Formats {
		if !slices.Contains(profiling.Formats(), f) {
			return fmt.Errorf("picture format %q: unknown: got it, want one of %s",
				f, strings.Join(profiling.Formats(), ", "))
		}
	}
	return nil
}

// CanWriteProfile tells, before long work, what would keep WriteProfile from writing into a folder.
func CanWriteProfile(dir string) error {
	at := filepath.Clean(dir)
	// The folder need not be there yet. Then the nearest one above that exists decides.
	for up := filepath.Dir(at); at != up; up = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		at = up // WriteProfile makes the rest
	}
	if err := CanWrite(filepath.Join(at, "profile.json")); err != nil {
		return fmt.Errorf("folder %q: cannot take files: %w", dir, err)
	}
	return nil
}

// WriteProfile writes a profile into a folder: its pictures, and the numbers behind them as profile.json,
// profile.csv (a line per tensor) and histogram.csv (a line per tensor and octave). It returns the paths of
// the files. They appear together or, when it fails or ctx is canceled, not at all, and those of a profile
// before that this one does not have go, unless somebody changed them.
func WriteProfile(ctx context.Context, p *Profile, dir string, o PictureOptions) ([]string, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	t := atomicfile.Tree{List: atomicfile.PicturesList}
	for _, c := range profileContents(p, o) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := c.write(&b); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		t.Members = append(t.Members, atomicfile.Member{Path: c.name, Data: b.Bytes()})
	}
	return writeTree(ctx, t, dir)
}

// writeTree writes the tree and returns the paths of its files.
func writeTree(ctx context.Context, t atomicfile.Tree, dir string) ([]string, error) {
	if err := t.Write(ctx, dir); err != nil {
		return nil, err
	}
	var files []string
	for _, m := range t.Members {
		files = append(files, filepath.Join(dir, filepath.FromSlash(m.Path)))
	}
	return files, nil
}

// A content is a file to be.
type content struct {
	name  string
	write func(io.Writer) error
}

func profileContents(p *Profile, o PictureOptions) []content {
	formats := o.Formats
	if len(formats) == 0 {
		formats = profiling.Formats()[:1]
	}
	var all []content
	for _, f := range p.Figures(profiling.PlotOptions{Kind: profiling.Kind(o.Kind), Facet: o.Facet}) {
		for _, format := range formats {
			all = append(all, content{f.Name + "." + format, func(w io.Writer) error { return f.Write(w, format) }})
		}
	}
	return append(all, content{"profile.json", p.WriteJSON}, content{"profile.csv", p.WriteCSV},
		content{"histogram.csv", p.WriteHistogramCSV})
}

// Profile holds the distributions of a model's tensors. ProfileRows lists them, WriteProfile writes them with
// pictures. See [profiling.Profile].
type Profile = profiling.Profile

// ProfileRow is one line of what `hlsgo profile` prints: a tensor of the final graph.
type ProfileRow struct {
	Tensor string // "fc1/w" or "fc1"
	Type   string
	// Used and Range are the part of the log2 axis that the values take in floating point, and that which the
	// type covers: "2^-9 to 2^3"; "" for none.
	Used, Range string
	Zeros       string // share of the values that are zero
	Fit         string // what is wrong, in a few words
	Short       int    // integer bits that the largest value lacks
	Spare       bool   // two integer bits or more are never used
}

// ProfileRows lists the tensors of the final graph, layer by layer: what a layer answers behind its weights.
func ProfileRows(p *Profile) []ProfileRow {
	var out []ProfileRow
	var layers []string
	of := map[string][]*profiling.Tensor{}
	for _, g := range slices.Backward(profiling.Groups()) { // activations know the order of all layers
		for _, t := range p.Select(g, profiling.After) {
			if of[t.Layer] == nil {
				layers = append(layers, t.Layer)
			}
			of[t.Layer] = append(of[t.Layer], t)
		}
	}
	for _, l := range layers {
		for _, g := range profiling.Groups() {
			for _, t := range of[l] {
				if t.Group == g {
					out = append(out, profileRow(p, t))
				}
			}
		}
	}
	return out
}

func profileRow(p *Profile, t *profiling.Tensor) ProfileRow {
	r := ProfileRow{Tensor: t.Label, Type: t.Type, Fit: t.Fit.String()}
	if t.Fit != nil {
		r.Short, r.Spare = t.Fit.Short, t.Fit.Wasteful()
	}
	ideal := p.Ideal(t)
	if b := ideal.Bins; len(b) > 0 {
		r.Used = fmt.Sprintf("2^%d to 2^%d", b[0].Log2, b[len(b)-1].Log2+1)
	}
	if t.Range != nil {
		r.Range = fmt.Sprintf("2^%d to 2^%d", t.Range.Low, t.Range.High)
	}
	if t.Count > 0 {
		r.Zeros = fmt.Sprintf("%.1f %%", 100*float64(t.Zeros)/float64(t.Count))
	}
	return r
}
