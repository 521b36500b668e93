package graphplot_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/layers/dense"
	layerio "github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/profiling/graphplot"
)

// net is a network under construction; all its tensors have four values.
type net struct{ ir.Parsed }

func (b *net) add(kind, name string, attrs any, inputs ...string) {
	l := &ir.Layer{Name: name, Kind: kind, ClassName: kind, Attrs: attrs, Inputs: inputs, Source: name}
	if kind == "Dense" {
		l.Data = ir.Data{Tensors: map[string]*ir.Tensor{
			"weight_data": ir.NewTensor(ir.Float32, 4, 4), "bias_data": ir.NewTensor(ir.Float32, 4),
		}}
	}
	if kind == "Input" {
		b.Inputs = append(b.Inputs, name)
	}
	b.Layers = append(b.Layers, l)
}

func (b *net) input(name string) { b.add("Input", name, &layerio.Attrs{InputShape: []int{4}}) }
func (b *net) dense(name, in string) {
	b.add("Dense", name, &dense.Attrs{NIn: 4, NOut: 4}, in)
}
func (b *net) relu(name, in string) {
	b.add("Activation", name, &act.ActivationAttrs{Base: act.Base{Activation: "relu", TableSize: 1024}}, in)
}
func (b *net) sum(name, x, y string) { b.add("Merge", name, &merge.Attrs{Op: "add"}, x, y) }

func (b *net) graph(t testing.TB) *ir.Graph {
	t.Helper()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	text := "Backend: Vitis\nIOType: io_parallel\nProjectName: p\nOutputDir: o\nKerasH5: m.h5\nHLSConfig:\n" +
		"  Model:\n    Precision: fixed<16,6>\n    ReuseFactor: 1\n"
	env := hlsgo.ConfigEnv{Schema: builtin.Registry()}
	cfg, _, err := hlsgo.ReadConfig("c.yml", []byte(text), hlsgo.Overrides{}, env)
	require.NoError(t, err)
	m, err := tk.NewModel(&b.Parsed, cfg)
	require.NoError(t, err)
	g, err := m.Graph()
	require.NoError(t, err)
	return g
}

// pictures keeps what the tests draw, to be looked at.
var pictures = flag.String("pictures", "", "write the pictures of the tests into this `folder`")

// networks are drawn by the tests.
func networks() map[string]*net {
	all := map[string]*net{}
	one := func(name string) *net {
		all[name] = &net{}
		return all[name]
	}

	b := one("skip")
	b.input("x")
	last := "x"
	for i := range 3 {
		for _, n := range []string{"a", "b"} {
			name := fmt.Sprintf("block%d_%s", i, n)
			b.dense(name, last)
			last = name
		}
		b.sum(fmt.Sprintf("add%d", i), last, map[bool]string{true: "x", false: fmt.Sprintf("add%d", i-1)}[i == 0])
		last = fmt.Sprintf("add%d", i)
	}

	b = one("chain")
	b.input("x")
	last = "x"
	for i := range 50 {
		name := fmt.Sprintf("fc%d", i)
		b.dense(name, last)
		b.relu(name+"_relu", name)
		last = name + "_relu"
	}

	b = one("names")
	b.input("the_input_of_a_network_whose_layers_have_names_as_long_as_exporters_make_them")
	b.dense("functional_1/encoder/block_"+strings.Repeat("very/", 30)+"long/dense_17", b.Inputs[0])
	b.relu(strings.Repeat("W", 200), b.Layers[1].Name)
	b.relu("<b>&\"'\\ \u00e9\u6f22\u5b57", b.Layers[2].Name)

	b = one("ends")
	for i := range 5 {
		b.input(fmt.Sprintf("in%d", i))
	}
	last = "in0"
	for i := 1; i < 5; i++ {
		name := fmt.Sprintf("sum%d", i)
		b.sum(name, last, fmt.Sprintf("in%d", i))
		b.dense(fmt.Sprintf("out%d", i), name)
		b.Outputs = append(b.Outputs, fmt.Sprintf("out%d", i))
		last = name
	}

	b = one("dense_net")
	b.input("x")
	for i := range 6 {
		last = "x"
		for k := range i {
			name := fmt.Sprintf("s%d_%d", i, k)
			b.sum(name, last, fmt.Sprintf("fc%d", k))
			last = name
		}
		b.dense(fmt.Sprintf("fc%d", i), last)
	}

	residual(one("residual"))
	one("alone").input("x")
	return all
}

// residual makes a network of blocks with short cuts, of which every second one is a projection.
func residual(b *net) {
	b.input("x")
	last := "x"
	for i := range 4 {
		from := last
		for _, n := range []string{"a", "a_with_a_name_that_makes_its_box_wide"}[i%2:] {
			name := fmt.Sprintf("block%d_%s", i, n)
			b.dense(name, last)
			b.relu(name+"_relu", name)
			last = name + "_relu"
		}
		short := from
		if i%2 == 0 { // a projection, as where the number of channels changes
			short = fmt.Sprintf("short%d", i)
			b.dense(short, from)
		}
		b.sum(fmt.Sprintf("add%d", i), last, short)
		b.relu(fmt.Sprintf("out%d", i), fmt.Sprintf("add%d", i))
		last = fmt.Sprintf("out%d", i)
	}
}

func draw(t *testing.T, b *net, o graphplot.Options) *graphplot.Picture {
	t.Helper()
	p, err := graphplot.New(b.graph(t), o)
	require.NoError(t, err)
	return p
}

func svg(t *testing.T, p *graphplot.Picture) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, p.WriteSVG(&b))
	return b.String()
}

// TestPictures draws every network in both directions, as well-formed XML and as an image of the same size.
func TestPictures(t *testing.T) {
	for name, b := range networks() {
		for _, dir := range []graphplot.Direction{graphplot.TopBottom, graphplot.LeftRight} {
			o := graphplot.Everything()
			o.Direction = dir
			p := draw(t, b, o)
			text := svg(t, p)
			require.NoError(t, xml.Unmarshal([]byte(text), new(struct{})), name)
			require.Equal(t, len(b.Layers), strings.Count(text, `<g class="box`), name)
			var image bytes.Buffer
			require.NoError(t, p.WritePNG(&image, graphplot.DPI))
			file := image.Bytes()
			decoded, err := png.Decode(&image)
			require.NoError(t, err)
			require.InDelta(t, p.Width, decoded.Bounds().Dx(), 1, name)
			require.InDelta(t, p.Height, decoded.Bounds().Dy(), 1, name)
			if *pictures != "" {
				file := map[string][]byte{"svg": []byte(text), "png": file}
				for ext, content := range file {
					path := filepath.Join(*pictures, fmt.Sprintf("%s_%s.%s", name, dir, ext))
					require.NoError(t, os.WriteFile(path, content, 0o600))
				}
			}
		}
	}
}

// TestBoxesTell compares the text of one box with what the options ask for.
func TestBoxesTell(t *testing.T) {
	b := &net{}
	b.input("x")
	b.dense("fc", "x")
	b.sum("twice", "fc", "fc")
	all := svg(t, draw(t, b, graphplot.Everything()))
	for _, want := range []string{
		">fc<", ">Dense<", ">4 → 4<", ">fixed&lt;16,6&gt;<", ">weight<", ">bias<", ">accum<", ">1, latency<",
		">Merge, add<", ">4, 4 → 4<",
	} {
		require.Contains(t, all, want)
	}
	require.Equal(t, 2, strings.Count(all, `class="edge"`), "a tensor read twice by one layer is one edge")
	bare := svg(t, draw(t, b, graphplot.Options{}))
	require.NotContains(t, bare, ">fc</text>")
	require.NotContains(t, bare, "fixed")
	require.NotContains(t, bare, "→")
	require.Contains(t, bare, ">Dense<")
}

// TestNamesAreText wants names of layers to stay text in every format.
func TestNamesAreText(t *testing.T) {
	b := &net{}
	b.input("x")
	b.relu(`</text><script>alert("1")</script>\`, "x")
	p := draw(t, b, graphplot.Everything())
	require.NotContains(t, svg(t, p), "<script")
	for _, s := range p.Strips() {
		require.NotContains(t, s.SVG, "<script")
	}
	var dot bytes.Buffer
	require.NoError(t, p.WriteDOT(&dot))
	require.Contains(t, dot.String(), `</text><script>alert(\"1\")</script>\\\l`)
}

// TestTitleAndLegend frames pictures that are files: the title is in every format, the legend tells the looks
// that are there and no others, nothing leaves the picture, and boxes keep their distances.
func TestTitleAndLegend(t *testing.T) {
	for name, b := range networks() {
		for _, dir := range []graphplot.Direction{graphplot.TopBottom, graphplot.LeftRight} {
			o := graphplot.Everything()
			o.Direction = dir
			bare := draw(t, b, o)
			o.Title, o.Subtitle = "a <title> of "+name, strings.Repeat("Vitis, ", 30)
			o.Mark = func(n *ir.Node) graphplot.Mark {
				return map[bool]graphplot.Mark{true: graphplot.MarkBad}[n.Kind == "Input"]
			}
			p := draw(t, b, o)
			text := svg(t, p)
			require.NoError(t, xml.Unmarshal([]byte(text), new(struct{})), name)
			require.Contains(t, text, "<title>a &lt;title&gt; of "+name+"</title>")
			require.Contains(t, text, ">input</text>", name)
			require.Contains(t, text, ">something wrong</text>", name)
			require.NotContains(t, text, ">something to know</text>", name)
			require.Equal(t, strings.Contains(text, `<g class="box weight`),
				strings.Contains(text, ">has weights</text>"), name)
			require.Greater(t, p.Height, bare.Height+40, name)
			require.GreaterOrEqual(t, p.Width, bare.Width, name)
			var pdf, dot bytes.Buffer
			require.NoError(t, p.WritePDF(&pdf))
			require.Equal(t, "%PDF-", pdf.String()[:5])
			page := fmt.Sprintf("/MediaBox [0 0 %.2f %.2f]", 0.75*p.Width, 0.75*p.Height)
			require.Contains(t, pdf.String(), page, name)
			require.NoError(t, p.WriteDOT(&dot))
			require.Contains(t, dot.String(), `label="a <title> of `+name+`"; labelloc=t`)
			if *pictures != "" {
				path := filepath.Join(*pictures, fmt.Sprintf("%s_%s_titled.svg", name, dir))
				require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
			}
		}
	}
}

// TestMarksAndLinks colours boxes and makes them lead somewhere.
func TestMarksAndLinks(t *testing.T) {
	b := &net{}
	b.input("x")
	b.dense("fc", "x")
	o := graphplot.Everything()
	o.Mark = func(n *ir.Node) graphplot.Mark {
		return map[string]graphplot.Mark{"fc": graphplot.MarkBad, "x": graphplot.MarkWarn}[n.Name]
	}
	o.Link = func(n *ir.Node) string { return "#" + n.Name }
	p := draw(t, b, o)
	strips := p.Strips()
	require.Len(t, strips, 2, "one per rank")
	require.Contains(t, strips[0].SVG, `class="edge"`)
	require.Contains(t, strips[1].SVG, `class="edge"`)
	require.InDelta(t, p.Height, strips[0].Height+strips[1].Height, 1e-6)
	page := strips[0].SVG + strips[1].SVG
	require.Contains(t, page, `<a href="#fc"><g class="box weight bad">`)
	require.Contains(t, page, `<a href="#x"><g class="box end warn">`)
	require.NotContains(t, page, "<style", "the page brings the colours")
	var image, dot bytes.Buffer
	require.NoError(t, p.WritePNG(&image, 200))
	decoded, err := png.Decode(&image)
	require.NoError(t, err)
	require.InDelta(t, p.Width*200/96, decoded.Bounds().Dx(), 1)
	require.NoError(t, p.WriteDOT(&dot))
	require.Contains(t, dot.String(), "#b3261e")
}

// TestDOT compares the language of Graphviz as a whole.
func TestDOT(t *testing.T) {
	b := &net{}
	b.input("x")
	b.relu("a", "x")
	b.sum("s", "x", "a")
	var dot bytes.Buffer
	require.NoError(t, draw(t, b, graphplot.Options{Names: true, Direction: graphplot.LeftRight}).WriteDOT(&dot))
	require.Equal(t, `digraph model {
	rankdir=LR;
	node [shape=box, style="rounded,filled", fillcolor=white];
	node [fontname="Liberation Sans", fontsize=10];
	n1 [label="x\lInput\l", fillcolor="#eef1f4"];
	n2 [label="a\lActivation, relu\l"];
	n3 [label="s\lMerge, add\l"];
	n1 -> n2;
	n1 -> n3;
	n2 -> n3;
}
`, dot.String())
}

func TestRefused(t *testing.T) {
	b := &net{}
	b.input("x")
	_, err := graphplot.New(b.graph(t), graphplot.Options{Direction: "BT"})
	require.EqualError(t, err, `picture: direction: got "BT", want TB or LR`)
	_, err = graphplot.New(b.graph(t), graphplot.Options{Columns: -1})
	require.ErrorContains(t, err, "picture: columns: got -1, want 1 or more")
	p := draw(t, b, graphplot.Everything())
	require.ErrorContains(t, p.WritePNG(&bytes.Buffer{}, 0), "resolution: got 0 dpi, want 1 or more")
	require.ErrorContains(t, p.WritePNG(&bytes.Buffer{}, 1_000_000), "want at most 100 million in all")
}
