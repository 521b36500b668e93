// Package report writes what is known of a model's numbers as one HTML page that needs nothing else: no
// network, no server. It shows the graph with its types, the distributions of each layer before and after
// optimization, the health of every tensor, the comparison with the float model, and the configuration with
// the origin of each setting. Parts that were not measured are left out, and the page says how to get them.
package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"io"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
	"github.com/hlsgo/hlsgo/sim"
)

// Report is what a page tells. Graph must be there; whatever else is nil or empty is left out.
type Report struct {
	Model   string // of the configuration or model file
	Version string // of hlsgo
	Graph   *ir.Graph
	Profile *profiling.Profile
	Health  *sim.Health
	// Comparison is with the float model; its scores, where there are labels, have a part of their own.
	Comparison *profiling.Comparison
	Cure       *Cure
	Other      *Other // a second configuration, to be compared with this one
	Settings   []Setting
	Warnings   []string
}

// Setting is one setting as it counts.
type Setting struct {
	Layer  string // "" for the keys of the whole project
	Key    string
	Value  string
	Origin string // where it was set
}

//go:embed assets/page.html
var pageHTML string

//go:embed assets/page.css
var pageCSS string

//go:embed assets/page.js
var pageJS string

// page is the template's data.
// These types tell html/template that their texts are trusted as they are. Only assets of this package get
// them; names from models stay plain strings, which the template escapes.
type page struct {
	Policy template.HTMLAttr
	CSS    template.CSS
	JS     template.JS
	view
}

// Write writes the page. Its bytes depend on the report alone.
func Write(w io.Writer, r Report) error {
	if r.Graph == nil {
		return errors.New("report: graph: got none, want one")
	}
	t, err := template.New("page").Funcs(functions).Parse(pageHTML)
	if err != nil {
		return err
	}
	v, err := newView(r)
	if err != nil {
		return err
	}
	// Media queries cannot count columns of a graph whose size is known here only.
	css := pageCSS + v.graphCSS()
	p := page{CSS: template.CSS(css), JS: template.JS(pageJS), view: v}
	// Nothing but this style and this script may run, and nothing may be fetched.
	p.Policy = template.HTMLAttr(`content="default-src 'none'; base-uri 'none'; form-action 'none'; ` +
		`img-src data:; style-src '` + hash(css) + `'; script-src '` + hash(pageJS) + `'"`)
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// hash names a style or script in a content security policy.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
