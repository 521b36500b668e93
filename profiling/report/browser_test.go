package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/browsertest"
)

// views are how people look at a report.
var views = map[string]browsertest.View{
	"phone":   {Width: 375, Height: 812, Touch: true},
	"phone2":  {Width: 320, Height: 568, Touch: true, Dark: true},
	"desktop": {Width: 1280, Height: 900},
	"dark":    {Width: 1280, Height: 900, Dark: true},
	"paper":   {Width: 718, Height: 1047, Paper: true}, // A4 without its margins
}

// open writes a page to a file and opens it.
func open(t *testing.T, b *browsertest.Browser, text string, v browsertest.View) *browsertest.Page {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return b.Open(t, "file://"+filepath.ToSlash(path), v)
}

// TestInBrowser looks at every page in every view: nothing is wider than the window, the console stays empty
// and the network untouched, and the page prints.
func TestInBrowser(t *testing.T) {
	b := browsertest.Start(t)
	for name, of := range reports {
		t.Run(name, func(t *testing.T) {
			p := open(t, b, html(t, of(t)), views["phone"])
			for look, v := range views {
				for _, all := range []bool{false, true} {
					p.Eval(fmt.Sprintf(`document.querySelectorAll("details").forEach(d => d.open = %v)`, all), nil)
					p.Look(v)
					fits(t, p, v.Width)
				}
				if *keep != "" {
					shot(t, p, name+"_"+look, v)
				}
			}
			if name != "fifty" { // a hundred sheets take long
				pdf := p.PDF()
				require.Contains(t, string(pdf[:8]), "%PDF-")
				if *keep != "" {
					require.NoError(t, os.WriteFile(filepath.Join(*keep, name+".pdf"), pdf, 0o600))
				}
			}
			require.Empty(t, p.Problems())
			require.Len(t, p.Requests(), 1, "the page alone")
		})
	}
}

// fits wants no part of the page beyond the window's right edge, but inside boxes that scroll.
func fits(t *testing.T, p *browsertest.Page, width int) {
	t.Helper()
	var got struct {
		Scroll, Window int
		Wide           []string
	}
	p.Eval(`({
		Scroll: document.scrollingElement.scrollWidth, Window: innerWidth,
		Wide: [...document.querySelectorAll("body *")].filter(e => !e.closest(".scroll, .skip, .axis") &&
			e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.outerHTML.slice(0, 120)),
	})`, &got)
	require.Equal(t, width, got.Window, "the window has been widened by its content")
	require.LessOrEqual(t, got.Scroll, got.Window, "the page scrolls sideways")
	require.Empty(t, got.Wide)
}

// shot keeps pictures of the parts of a page.
func shot(t *testing.T, p *browsertest.Page, name string, v browsertest.View) {
	t.Helper()
	v.Height = 1500
	p.Look(v)
	p.Eval(`document.querySelectorAll("details").forEach((d, i) => d.open = i == 1)`, nil)
	parts := []string{
		"findings", "distributions", "layers", "health", "comparison", "cure", "scores", "settings",
	}
	for _, part := range parts {
		var there bool
		p.Eval(fmt.Sprintf(`!!document.getElementById(%q)`, part), &there)
		if there {
			p.Eval(fmt.Sprintf(`document.getElementById(%q).scrollIntoView({behavior: "instant"})`, part), nil)
			file := filepath.Join(*keep, name+"_"+part+".png")
			require.NoError(t, os.WriteFile(file, p.Screenshot(false), 0o600))
		}
	}
}

// TestImages renews the pictures of the example in docs/images, with -update; else it looks whether they are
// there.
func TestImages(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "images")
	names := []string{
		"graph.svg", "report-desktop.png", "report-phone.png", "report-graph.png", "report-pair.png",
	}
	if !*update {
		for _, name := range names {
			require.FileExists(t, filepath.Join(dir, name))
		}
		return
	}
	keep := func(name string, content []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o644))
	}
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, data, err := tk.LoadExample("digits", hlsgo.Overrides{})
	require.NoError(t, err)
	graph, err := m.Plot("svg", hlsgo.PlotOptions{Names: true, Shapes: true, Types: true, Reuse: true})
	require.NoError(t, err)
	keep(names[0], graph)

	page := example(t, m, data)
	b := browsertest.Start(t)
	v := browsertest.View{Width: 1280, Height: 900}
	p := open(t, b, page, v)
	p.Eval(`document.getElementById("distributions").scrollIntoView({behavior: "instant"})`, nil)
	keep(names[1], p.Screenshot(false))
	p = open(t, b, page, browsertest.View{Width: 375, Height: 812, Scale: 2, Touch: true, Dark: true})
	keep(names[2], p.Screenshot(false))
	p = open(t, b, page, v)
	p.Click("#graph-find")
	typeWords(p, "dense")
	p.Click(".graph a[href='#layer-6']")
	p.Eval(`document.getElementById("graph").scrollIntoView({behavior: "instant"})`, nil)
	keep(names[3], p.Screenshot(false))
	p = open(t, b, besides(t, tk, m, data), v)
	p.Eval(`document.getElementById("pair").scrollIntoView({behavior: "instant"})`, nil)
	keep(names[4], p.Screenshot(false))
}

// besides is the page of the built-in example beside itself with narrower types.
func besides(t *testing.T, tk *hlsgo.Toolkit, m *hlsgo.Model, data *hlsgo.ExampleData) string {
	t.Helper()
	narrow, _, err := tk.LoadExample("digits", hlsgo.Overrides{Set: []string{
		"LayerName.fc1.Precision.weight=fixed<6,3>", "LayerName.relu1.Precision.result=ufixed<5,2,RND,SAT>",
	}})
	require.NoError(t, err)
	o := hlsgo.CompareOptions{Labels: data.Labels}
	first, err := m.Compare(t.Context(), o, data.X)
	require.NoError(t, err)
	second, err := narrow.Compare(t.Context(), o, data.X)
	require.NoError(t, err)
	page, err := m.Report(hlsgo.ReportData{
		Version: "(devel)", Comparison: first, Other: narrow, OtherComparison: second,
	})
	require.NoError(t, err)
	return string(page)
}

// example is the page of the built-in example, with all that there is to tell.
func example(t *testing.T, m *hlsgo.Model, data *hlsgo.ExampleData) string {
	t.Helper()
	profile, err := m.Profile(t.Context(), hlsgo.ProfileOptions{}, data.X)
	require.NoError(t, err)
	health, err := m.Health(t.Context(), data.X)
	require.NoError(t, err)
	comparison, err := m.Compare(t.Context(), hlsgo.CompareOptions{Labels: data.Labels}, data.X)
	require.NoError(t, err)
	page, err := m.Report(hlsgo.ReportData{
		Version: "(devel)", Profile: profile, Health: health, Comparison: comparison,
	})
	require.NoError(t, err)
	return string(page)
}

// column reads the cells of a column of the health table that is shown.
func column(p *browsertest.Page, n int) []string {
	var out []string
	p.Eval(fmt.Sprintf(`[...document.querySelectorAll("#health-table tbody tr")].filter(r => !r.hidden)
		.map(r => r.cells[%d].textContent)`, n), &out)
	return out
}

// sorted reads how a column of the health table is sorted.
func sorted(p *browsertest.Page, n int) string {
	var out string
	p.Eval(fmt.Sprintf(`document.querySelectorAll("#health-table thead th")[%d].ariaSort`, n), &out)
	return out
}

// TestTablesSort sorts by a click and by the keyboard, numbers by value and names in their order.
func TestTablesSort(t *testing.T) {
	b := browsertest.Start(t)
	p := open(t, b, html(t, reports["fifty"](t)), views["phone"])
	const wrapped, layer = 4, 0
	unsorted := column(p, layer)
	head := func(n int) string { return fmt.Sprintf("#health-table thead th:nth-child(%d) button", n+1) }

	p.Click(head(wrapped))
	require.Equal(t, "descending", sorted(p, wrapped))
	require.Equal(t, "990 (33.0\u202f%)", column(p, wrapped)[0])
	require.Equal(t, "none", sorted(p, layer))

	p.Eval(fmt.Sprintf(`document.querySelector(%q).focus()`, head(wrapped)), nil)
	p.Press("Enter")
	require.Equal(t, "ascending", sorted(p, wrapped))
	require.Equal(t, "0", column(p, wrapped)[0])
	p.Press(" ")
	require.Equal(t, "descending", sorted(p, wrapped))

	p.Press("Tab") // to the next head
	p.Press("Enter")
	require.Equal(t, "descending", sorted(p, wrapped+1))
	require.Equal(t, "none", sorted(p, wrapped))
	var outline string
	p.Eval(`getComputedStyle(document.activeElement).outlineStyle`, &outline)
	require.Equal(t, "solid", outline, "the focus is visible")

	p.Click(head(layer))
	require.Equal(t, "ascending", sorted(p, layer))
	got := column(p, layer)
	require.Equal(t, []string{"fc0", "fc0", "fc0_relu", "fc1"}, got[:4])
	require.Equal(t, "fc10", got[slices.Index(got, "fc9_relu")+1], "numbers in names count as numbers")
	require.ElementsMatch(t, unsorted, got)
	var said string
	p.Eval(`document.getElementById("status").textContent`, &said)
	require.Equal(t, "Sorted by Layer, ascending", said)
	require.Empty(t, p.Problems())
}

// TestTablesFilter shows the rows that have all words.
func TestTablesFilter(t *testing.T) {
	b := browsertest.Start(t)
	p := open(t, b, html(t, reports["fifty"](t)), views["desktop"])
	p.Click(`[data-filter="health-table"]`)
	for _, key := range "fc7 acc" {
		p.Press(string(key))
	}
	require.Equal(t, []string{"fc7"}, column(p, 0))
	require.Empty(t, p.Problems())
}

// TestCureCopies copies the settings of a cure by a click and by the keyboard.
func TestCureCopies(t *testing.T) {
	b := browsertest.Start(t)
	r := reports["names"](t)
	p := open(t, b, html(t, r), views["phone"])
	p.Eval(`(() => {
		window.copied = "";
		document.addEventListener("copy", () => { copied = getSelection().toString(); });
	})()`, nil)
	var got, said string
	p.Click(`[data-copy="cure-yaml"]`)
	p.Eval(`copied`, &got)
	require.Equal(t, r.Cure.YAML, got+"\n")
	p.Eval(`document.getElementById("status").textContent`, &said)
	require.Equal(t, "Copied", said)
	p.Eval(`document.querySelector('[data-copy="cure-flags"]').focus()`, nil)
	p.Press("Enter")
	p.Eval(`copied`, &got)
	require.Equal(t, strings.TrimSpace(r.Cure.Flags), strings.TrimSpace(got))
	require.Empty(t, p.Problems())
}

// isOpen reports whether the second layer of the page is open.
func isOpen(p *browsertest.Page) bool {
	var out bool
	p.Eval(`document.querySelectorAll("details.layer")[1].open`, &out)
	return out
}

// TestLayersOpen opens a layer by a click, by the keyboard, from the graph and by its address.
func TestLayersOpen(t *testing.T) {
	b := browsertest.Start(t)
	text := html(t, reports["small"](t))
	p := open(t, b, text, views["phone"])
	summary := "details.layer:nth-of-type(2) summary"
	require.False(t, isOpen(p))
	p.Click(summary)
	require.True(t, isOpen(p))
	p.Eval(fmt.Sprintf(`document.querySelector(%q).focus()`, summary), nil)
	p.Press("Enter")
	require.False(t, isOpen(p))
	p.Press(" ")
	require.True(t, isOpen(p))

	p.Click(`[data-open="false"]`)
	require.False(t, isOpen(p))
	for range 2 { // the second time the address stays as it is
		p.Click(".graph a[href='#layer-2']")
		p.Click("#about a")
		p.Until(`document.getElementById("layer-2").open`)
		p.Until(`document.activeElement.closest("details")?.id == "layer-2"`)
		p.Eval(`document.getElementById("layer-2").open = false`, nil)
	}
	p.Eval(`document.querySelector(".graph a[href='#layer-2']").focus()`, nil)
	p.Press("Enter")
	p.Until(`!document.getElementById("about").hidden`)
	p.Press("Tab")
	p.Press("Enter")
	p.Until(`document.getElementById("layer-2").open && document.getElementById("about").hidden`)
	require.Empty(t, p.Problems())
}

// TestPaperShowsEverything prints with all layers open, and closes them again.
func TestPaperShowsEverything(t *testing.T) {
	b := browsertest.Start(t)
	p := open(t, b, html(t, reports["small"](t)), views["dark"])
	p.Eval(`(() => {
		window.seen = 0;
		addEventListener("beforeprint", () => {
			seen = document.querySelectorAll("details.layer[open]").length;
		});
	})()`, nil)
	p.PDF()
	var seen, open, all int
	p.Eval(`seen`, &seen)
	p.Eval(`document.querySelectorAll("details.layer").length`, &all)
	p.Eval(`document.querySelectorAll("details.layer[open]").length`, &open)
	require.Equal(t, all, seen)
	require.Zero(t, open)
	require.Empty(t, p.Problems())
}

// TestColoursFollowTheSystem compares light and dark, and wants text that can be read in both.
func TestColoursFollowTheSystem(t *testing.T) {
	b := browsertest.Start(t)
	text := html(t, reports["names"](t))
	papers := map[bool]string{}
	for _, dark := range []bool{false, true} {
		v := views["desktop"]
		v.Dark = dark
		p := open(t, b, text, v)
		var paper string
		p.Eval(`getComputedStyle(document.body).backgroundColor`, &paper)
		papers[dark] = paper
		var poor []string
		p.Eval(contrast, &poor)
		require.Empty(t, poor, "text with a contrast below 4.5")
	}
	require.NotEqual(t, papers[true], papers[false])
}

// contrast lists the texts of the page that stand out too little from what is behind them (WCAG 2, AA).
const contrast = `(() => {
	document.querySelectorAll("details").forEach(d => d.open = true);
	const rgb = c => c.match(/[\d.]+/g).map((v, i) => v * (c.startsWith("color(srgb") && i < 3 ? 255 : 1));
	const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
		.map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = e => {
		for (; e; e = e.parentElement) {
			const c = rgb(getComputedStyle(e).backgroundColor);
			if (c[3] !== 0) return c;
			const rect = e.tagName === "g" && e.querySelector("rect");
			if (rect) return rgb(getComputedStyle(rect).fill);
		}
		return [255, 255, 255];
	};
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const poor = new Set();
	for (let n = walker.nextNode(); n; n = walker.nextNode()) {
		const e = n.parentElement;
		if (!n.data.trim() || ["SCRIPT", "title"].includes(e.tagName)) continue;
		const style = getComputedStyle(e);
		const a = light(rgb(e.closest("svg") ? style.fill : style.color)), b = light(behind(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) poor.add(ratio.toFixed(2) + " " + e.tagName + " " + n.data.slice(0, 40));
	}
	return [...poor];
})()`
