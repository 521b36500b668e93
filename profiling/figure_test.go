package profiling

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	"github.com/hlsgo/hlsgo/fixed"
)

// hard is a profile of n layers with all that pictures find hard: long names and types, nothing but zeros, a
// single value, the smallest and the largest floats, huge ranges, ranges without inside.
func hard(n int) *Profile {
	p := &Profile{
		Model: "a_model_with_a_long_name_of_its_configuration.yml", Backend: "VivadoAccelerator",
		IOType: "io_parallel", Samples: 1_000_000,
	}
	r := rand.New(rand.NewPCG(1, 2))
	types := []fixed.Format{
		fixed.Fixed(16, 6), fixed.UFixed(128, 64).With(fixed.RNDMinInf, fixed.SATZero), fixed.Auto,
		fixed.Fixed(1, 1),
		fixed.Fixed(8, -300), fixed.UFixed(1024, 1024),
	}
	for i := range n {
		name := fmt.Sprintf("block_%d_residual_branch_conv2d_with_batch_normalization_and_relu", i)
		if i%2 == 0 {
			name = fmt.Sprintf("fc%d", i)
		}
		for _, s := range Stages() {
			for _, role := range []string{"weight", "bias", "result"} {
				c := NewCollector(fixed.Auto)
				Add(c, hardValues(r, i))
				f := types[i%len(types)]
				t := Tensor{
					Label: name, Layer: name, Kind: "Conv2DBatchnorm", Role: role, Group: Activations, Stage: s,
					Type: f.String(), Range: RangeOf(f), Origin: []string{name}, Stats: c.Stats(),
				}
				if role != "result" {
					t.Label, t.Group = name+"/"+role[:1], Weights
				}
				t.Partner = t.Label
				p.Tensors = append(p.Tensors, t)
			}
		}
	}
	p.judge()
	return p
}

func hardValues(r *rand.Rand, i int) []float64 {
	v := make([]float64, 100)
	for k := range v {
		v[k] = r.NormFloat64()
	}
	switch i % 8 {
	case 1:
		clear(v)
	case 2:
		return []float64{0.3}
	case 3:
		return []float64{math.MaxFloat64, 0, -math.SmallestNonzeroFloat64}
	case 4:
		return nil
	case 5:
		return []float64{-4, -4, -4}
	case 6:
		for k := range v {
			v[k] = math.Exp(-float64(k))
		}
	}
	return v
}

// TestFiguresOfHardProfiles draws them in all kinds and formats and reads them back.
func TestFiguresOfHardProfiles(t *testing.T) {
	for _, n := range []int{0, 1, 9} {
		p := hard(n)
		for _, k := range Kinds() {
			figures := p.Figures(PlotOptions{Kind: k, Facet: true})
			require.Equal(t, n == 0, len(figures) == 0)
			for _, f := range figures {
				var b bytes.Buffer
				require.NoError(t, f.Write(&b, "png"))
				img, err := png.Decode(&b)
				require.NoError(t, err)
				require.Equal(t, int(f.width.Dots(dotsPerInch)+0.5), img.Bounds().Dx())
				require.NoError(t, f.Write(&b, "svg"))
				texts := bytes.Count(b.Bytes(), []byte("<text "))
				require.Equal(t, texts, bytes.Count(b.Bytes(), []byte(" textLength=")))
				readXML(t, &b)
				require.NoError(t, f.Write(&b, "pdf"))
				require.Equal(t, "%PDF-", b.String()[:5])
				// Of a second font the library would keep the first one's letters.
				require.Equal(t, 1, bytes.Count(b.Bytes(), []byte("/FontFile2 ")))
				require.ErrorContains(t, f.Write(&b, "gif"), `picture format "gif"`)
			}
		}
	}
}

func readXML(t *testing.T, r io.Reader) {
	d := xml.NewDecoder(r)
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			require.NoError(t, err)
		}
	}
}

// letters is a text in a picture.
type letters struct {
	words          string
	x0, x1, y0, y1 vg.Length
}

// lettersOf draws a figure and collects its texts.
func lettersOf(f Figure) []letters {
	var rec recorder.Canvas
	p := &page{newTypesetter(), draw.NewCanvas(&rec, f.width, f.height), f.width, f.height}
	f.paint(p)
	var out []letters
	for _, a := range rec.Actions {
		s, ok := a.(*recorder.FillString)
		if !ok {
			continue
		}
		face := p.Fonts.Lookup(s.Font, s.Font.Size)
		// Digits and small letters: from the line to two thirds of the size above it.
		out = append(out, letters{
			s.String, s.Point.X, s.Point.X + face.Width(s.String), s.Point.Y, s.Point.Y + s.Font.Size*2/3,
		})
	}
	return out
}

// TestTextsDoNotMeet makes sure that no text of a picture runs into another one or out of the picture.
func TestTextsDoNotMeet(t *testing.T) {
	for _, n := range []int{1, 13} {
		p := hard(n)
		for _, k := range Kinds() {
			for _, f := range p.Figures(PlotOptions{Kind: k, Facet: true}) {
				all := lettersOf(f)
				for i, a := range all {
					inside := a.x0 >= 0 && a.x1 <= f.width && a.y0 >= 0 && a.y1 <= f.height
					if !inside {
						t.Fatalf("%s %s: %q is cut off", k, f.Name, a.words)
					}
					for _, b := range all[:i] {
						apart := a.x0 >= b.x1 || b.x0 >= a.x1 || a.y0 >= b.y1 || b.y0 >= a.y1
						if !apart {
							t.Fatalf("%s %s: %q runs into %q", k, f.Name, a.words, b.words)
						}
					}
				}
			}
		}
	}
}

// TestFigurePages spreads many rows over pages and names them.
func TestFigurePages(t *testing.T) {
	var names []string
	rows := 0
	for _, f := range hard(50).Figures(PlotOptions{}) {
		names = append(names, f.Name)
		for _, l := range lettersOf(f) {
			if l.words == "fc0" || l.words == "fc48" {
				rows++
			}
		}
	}
	require.Equal(t, []string{
		"weights_before", "weights_before_2", "weights_after", "weights_after_2", "activations_before",
		"activations_after",
	}, names)
	require.Equal(t, 4, rows)
}

// TestFacetsShowEveryTensor finds each tensor of each stage in one facet, folded layers in their hosts.
func TestFacetsShowEveryTensor(t *testing.T) {
	p := hard(7)
	p.Tensors = append(p.Tensors,
		Tensor{Label: "bn/w", Layer: "bn", Stage: Before, Group: Weights, Origin: []string{"bn"}},
		Tensor{Label: "bn", Layer: "bn", Stage: Before, Group: Activations, Role: "result", Origin: []string{"bn"}})
	for i := range p.Tensors {
		if x := &p.Tensors[i]; x.Stage == After && x.Layer == "fc2" {
			x.Origin = []string{"fc2", "bn"}
		}
	}
	shown := map[*Tensor]int{}
	for _, f := range p.layerFacets() {
		for _, q := range f.pairs {
			for _, x := range q.sides {
				shown[x]++
			}
			require.Equal(t, f.layer == "fc2", q.label == "bn/w" || q.label == "bn" || f.layer == "fc2")
		}
	}
	for i := range p.Tensors {
		require.Equal(t, 1, shown[&p.Tensors[i]], p.Tensors[i].Label)
	}
}

// TestCutKeepsBothEnds shortens names in their middle.
func TestCutKeepsBothEnds(t *testing.T) {
	s := newTypesetter()
	name := "block_12_residual_branch_conv2d/w"
	require.Equal(t, name, s.cut(name, labelText, 500))
	short := s.cut(name, labelText, 80)
	require.LessOrEqual(t, s.measure(short, labelText), vg.Length(80))
	require.Regexp(t, `^block.*\.\.\..*/w$`, short)
	require.Equal(t, "...", s.cut(name, labelText, 1))
}

// TestLongNamesTakeTwoLines shows names of 60 letters and more as a whole, and the ends of endless ones.
func TestLongNamesTakeTwoLines(t *testing.T) {
	s := newTypesetter()
	fit := func(name string) []string {
		lines, l := s.fit(name, labelText, maxLabel)
		require.GreaterOrEqual(t, l.size, vg.Length(smallest))
		for _, line := range lines {
			require.LessOrEqual(t, s.measure(line, l), vg.Length(maxLabel))
		}
		return lines
	}
	require.Equal(t, []string{"fc1/w"}, fit("fc1/w"))
	name := "functional_1_encoder_block_with_a_very_long_name_as_exporters_make_them_dense_17/w"
	lines := fit(name)
	require.Len(t, lines, 2)
	require.Equal(t, name, lines[0]+lines[1])
	require.Regexp(t, `_$`, lines[0])
	lines = fit(strings.Repeat("W漢", 100_000) + "/b")
	require.Len(t, lines, 2)
	require.Regexp(t, `/b$`, lines[1])
	lines, _ = s.fit("WW", labelText, 1)
	require.Equal(t, []string{"..."}, lines)
}

// TestNotesAvoidRims wants "only zeros" beside or inside the box of a type.
func TestNotesAvoidRims(t *testing.T) {
	for low := -12; low < 4; low++ {
		for high := low + 1; high < 5; high++ {
			l := lane{axis: axis{lo: -12, hi: 4, left: 100, right: 400}}
			x := l.noteAt(&Range{Low: low, High: high}, 42)
			require.True(t, x > 100 && x+42 < 400)
			for _, rim := range []int{low, high} {
				if l.x(float64(low))-l.left < 50 && l.right-l.x(float64(high)) < 50 && high-low < 4 {
					continue // no room anywhere
				}
				at := l.x(float64(rim))
				require.True(t, x >= at || x+42 <= at, "%d to %d", low, high)
			}
		}
	}
}

// TestFiguresExplainThemselves wants the title of every axis, names in SVG, and a note on values that
// overflow left, where there are any and only there.
func TestFiguresExplainThemselves(t *testing.T) {
	p := hard(13)
	words := func(f Figure) (all string) {
		for _, l := range lettersOf(f) {
			all += l.words + "\n"
		}
		return all
	}
	noted := map[string]bool{}
	for _, f := range p.Figures(PlotOptions{Facet: true}) {
		text := words(f)
		require.Contains(t, text, "|x|, log2 axis", f.Name)
		noted[f.Name] = strings.Contains(text, overflowNote)
		var b bytes.Buffer
		require.NoError(t, f.Write(&b, "svg"))
		require.Contains(t, b.String(), ` role="img">`)
		require.Contains(t, b.String(), "<title>"+f.Title+"</title>")
		require.Contains(t, b.String(), "<desc>"+f.Title+" of a_model")
	}
	require.True(t, noted["activations_after"])
	require.True(t, noted["layers"])
	require.False(t, noted["activations_before"], "floating point does not wrap")
	require.False(t, noted["weights_after"])

	wrapped := &Tensor{Stage: After, Group: Activations, Type: "fixed<8,2>", Fit: &Fit{Short: 1}}
	require.Equal(t, "wrapped", wrapped.Overflow())
	wrapped.Type = "fixed<8,2,RND,SAT_SYM>"
	require.Equal(t, "saturated", wrapped.Overflow())
	wrapped.Fit = nil
	require.Empty(t, wrapped.Overflow())
}
