package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/browsertest"
)

// typeWords types letters into what has the focus.
func typeWords(p *browsertest.Page, words string) {
	for _, key := range words {
		p.Press(string(key))
	}
}

// drawn is the width of the first drawing of the graph in pixels, and whether the page scrolls sideways.
func drawn(p *browsertest.Page) (width float64, scrolls bool) {
	p.Eval(`document.querySelector("svg.graph").getBoundingClientRect().width`, &width)
	p.Eval(`document.scrollingElement.scrollWidth > innerWidth`, &scrolls)
	return width, scrolls
}

// TestGraphZooms zooms by buttons, keys and the wheel on all sizes: the page itself never scrolls sideways,
// and paper gets the natural size.
func TestGraphZooms(t *testing.T) {
	b := browsertest.Start(t)
	for _, look := range []string{"phone", "desktop", "dark"} {
		p := open(t, b, html(t, reports["fifty"](t)), views[look])
		natural, _ := drawn(p)
		zoomTo := func(want float64, how string) {
			t.Helper()
			width, scrolls := drawn(p)
			require.InDelta(t, want*natural, width, 1, "%s: %s", look, how)
			require.False(t, scrolls, "%s: %s", look, how)
		}
		p.Click("[data-zoom=in]")
		zoomTo(1.25, "a click")
		p.Eval(`document.querySelector(".canvas").focus()`, nil)
		p.Press("+")
		zoomTo(1.5625, "plus")
		p.Press("-")
		p.Press("-")
		zoomTo(1, "minus")
		p.Press("-")
		zoomTo(0.8, "minus again")
		p.Press("0")
		zoomTo(1, "nought")
		p.Eval(`document.querySelector(".canvas").dispatchEvent(new WheelEvent("wheel",
			{deltaY: -1, ctrlKey: true, cancelable: true}))`, nil)
		zoomTo(1.1, "the wheel")
		for range 20 {
			p.Click("[data-zoom=in]")
		}
		zoomTo(4, "no further")
		p.Click("[data-zoom=fit]")
		var over bool
		p.Eval(`(() => { const c = document.querySelector(".canvas");
			return c.scrollWidth > c.clientWidth + 1; })()`, &over)
		require.False(t, over, "%s: fit leaves something out", look)
		p.Click("[data-zoom=in]")
		p.PDF()
		zoomTo(1, "printed")
		require.Empty(t, p.Problems())
	}
}

// TestGraphIsSearched finds layers by words of their boxes, goes from one to the next by the keyboard, and
// forgets them.
func TestGraphIsSearched(t *testing.T) {
	b := browsertest.Start(t)
	for _, look := range []string{"phone", "desktop"} {
		p := open(t, b, html(t, reports["fifty"](t)), views[look])
		marked := func(class string) (names []string) {
			p.Eval(fmt.Sprintf(`[...document.querySelectorAll(".graph .%s title")].map(t => t.textContent)`, class),
				&names)
			return names
		}
		p.Click("#graph-find")
		typeWords(p, "fc1 activation")
		require.Len(t, marked("found"), 11, "fc1 and fc10 to fc19")
		require.Len(t, marked("faded"), 101-11)
		p.Press("Enter")
		p.Press("Enter")
		require.Equal(t, []string{"fc10_relu"}, marked("current"))
		var seen bool
		p.Until(`(() => {
			const r = document.querySelector(".graph .current").getBoundingClientRect();
			return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth;
		})()`)
		if *keep != "" {
			file := filepath.Join(*keep, "search_"+look+".png")
			require.NoError(t, os.WriteFile(file, p.Screenshot(false), 0o600))
		}
		p.Click(`[data-step="-1"]`)
		require.Equal(t, []string{"fc1_relu"}, marked("current"))
		p.Click(`[data-step="-1"]`)
		require.Equal(t, []string{"fc19_relu"}, marked("current"), "round the end")
		var said string
		p.Eval(`document.getElementById("graph-found").textContent`, &said)
		require.Equal(t, "11 of 11", said)
		p.Eval(`document.getElementById("graph-find").focus()`, nil)
		p.Press("x")
		require.Empty(t, marked("found"))
		p.Press("Escape")
		p.Eval(`document.getElementById("graph-find").value == ""`, &seen)
		require.True(t, seen)
		require.Empty(t, marked("faded"))
		require.Empty(t, p.Problems())
	}
}

// TestGraphTells shows a layer's attributes by a click and by the keyboard, inside the window, with settings
// that can be copied, and gives the focus back.
func TestGraphTells(t *testing.T) {
	b := browsertest.Start(t)
	for _, look := range []string{"phone", "phone2", "desktop"} {
		p := open(t, b, html(t, reports["names"](t)), views[look])
		p.Eval(`(() => {
			window.copied = "";
			document.addEventListener("copy", () => { copied = getSelection().toString(); });
		})()`, nil)
		var text string
		p.Click(".graph a[href='#layer-2']")
		p.Eval(`document.getElementById("about").innerText`, &text)
		for _, want := range []string{"Dense", "n_in", "reuse factor", "fixed<16,6>", "--set"} {
			require.Contains(t, text, want, look)
		}
		fits(t, p, views[look].Width)
		var inside bool
		p.Eval(`(() => { const r = document.getElementById("about").getBoundingClientRect();
			return r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight; })()`, &inside)
		require.True(t, inside, look)
		if *keep != "" {
			file := filepath.Join(*keep, "about_"+look+".png")
			require.NoError(t, os.WriteFile(file, p.Screenshot(false), 0o600))
		}
		p.Click(`#about [data-copy="about-layer-2-yaml"]`)
		p.Eval(`copied`, &text)
		require.True(t, strings.HasPrefix(text, "HLSConfig:\n  LayerName:\n    functional_0/"), text)
		require.Contains(t, text, "      Precision:\n        result: fixed<16,6>\n        weight: fixed<16,6>\n")
		p.Press("Escape")
		var now string
		p.Eval(`document.activeElement.getAttribute("href")`, &now)
		require.Equal(t, "#layer-2", now, "the focus comes back")
		p.Eval(`document.getElementById("about").hidden`, &inside)
		require.True(t, inside)
		p.Press("Enter")
		p.Until(`document.activeElement.id == "about"`)
		require.Empty(t, p.Problems())
	}
}

// TestTwoConfigurations shows both graphs side by side, which zoom and are searched together, marks what
// differs, and lists it.
func TestTwoConfigurations(t *testing.T) {
	b := browsertest.Start(t)
	text := html(t, reports["pair"](t))
	for _, look := range []string{"phone", "desktop", "dark", "paper"} {
		p := open(t, b, text, views[look])
		var rows, marked []string
		p.Eval(`[...document.querySelectorAll("#pair-settings-table tbody tr")].slice(0, 1)
			.map(r => [...r.cells].map(c => c.textContent).join("|"))`, &rows)
		require.Equal(t, []string{"fc3|ReuseFactor|1|6|configuration:11 (Model)|other.yml:9"}, rows)
		p.Eval(`[...document.querySelectorAll(".graph .warn title")].map(t => t.textContent)`, &marked)
		require.Equal(t, []string{"fc3", "fc3", "fc12", "fc12_relu"}, marked)
		var tops []float64
		p.Eval(`[...document.querySelectorAll(".canvas")].map(c => c.getBoundingClientRect().top)`, &tops)
		require.Len(t, tops, 2)
		require.Equal(t, views[look].Width > 900, tops[0] == tops[1], "%s: beside or below each other", look)
		if look == "paper" {
			continue
		}
		var widths []float64
		size := `[...document.querySelectorAll("svg.graph")].map(
			s => s.getBoundingClientRect().width / s.viewBox.baseVal.width)`
		p.Click("[data-zoom=out]")
		p.Eval(size, &widths)
		for _, w := range widths {
			require.InDelta(t, 0.8, w, 0.01)
		}
		fits(t, p, views[look].Width)
		p.Click("#graph-find")
		typeWords(p, "fc12_relu")
		p.Eval(`[...document.querySelectorAll(".graph .found title")].map(t => t.textContent)`, &marked)
		require.Equal(t, []string{"fc12_relu"}, marked, "in the second graph alone")
		p.Press("Enter")
		if *keep != "" {
			file := filepath.Join(*keep, "pair_graphs_"+look+".png")
			require.NoError(t, os.WriteFile(file, p.Screenshot(false), 0o600))
			p.Eval(`document.getElementById("pair").scrollIntoView({behavior: "instant"})`, nil)
			file = filepath.Join(*keep, "pair_"+look+".png")
			require.NoError(t, os.WriteFile(file, p.Screenshot(false), 0o600))
		}
		require.Empty(t, p.Problems())
	}
}

// TestCuresCopy copies the flag of a suspect's cure.
func TestCuresCopy(t *testing.T) {
	b := browsertest.Start(t)
	p := open(t, b, html(t, reports["fifty"](t)), views["phone"])
	p.Eval(`(() => {
		window.copied = "";
		document.addEventListener("copy", () => { copied = getSelection().toString(); });
	})()`, nil)
	p.Click(`[data-copy="cure-1"]`)
	var text string
	p.Eval(`copied`, &text)
	require.Equal(t, `--set 'LayerName.fc1.Precision.accum=fixed<18,8>'`, text)
	require.Empty(t, p.Problems())
}
