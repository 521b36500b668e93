package browsertest

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// View is how a page is looked at.
type View struct {
	Width, Height int // of the window, in CSS pixels
	Scale         float64
	Dark          bool // prefers-color-scheme
	Touch         bool // a phone
	Paper         bool // with the style of prints
}

// Page is an open page.
// Problems are collected and not reported when they come: events arrive on another goroutine, in which a test
// must not fail.
type Page struct {
	t       testing.TB
	conn    *conn
	session string

	mu       sync.Mutex
	problems []string
	requests []string
}

type dict = map[string]any

// Open opens an address in a window of its own and waits until it is loaded.
// An empty page comes first, so that nothing of the real one happens before the listener is there.
func (b *Browser) Open(t testing.TB, url string, v View) *Page {
	t.Helper()
	p := &Page{t: t, conn: b.conn}
	var target struct {
		ID string `json:"targetId"`
	}
	p.must(b.conn.call("", "Target.createTarget", dict{"url": "about:blank"}, &target))
	var attached struct {
		Session string `json:"sessionId"`
	}
	p.must(b.conn.call("", "Target.attachToTarget", dict{"targetId": target.ID, "flatten": true}, &attached))
	p.session = attached.Session
	t.Cleanup(func() { b.conn.call("", "Target.closeTarget", dict{"targetId": target.ID}, nil) })
	b.conn.listen(p.session, p.hear)
	for _, domain := range []string{"Page", "Runtime", "Network", "Log"} {
		p.call(domain+".enable", nil, nil)
	}
	p.Look(v)
	p.call("Page.navigate", dict{"url": url}, nil)
	p.Eval(`document.readyState == "complete" || new Promise(ok => addEventListener("load", () => ok()))`, nil)
	return p
}

// Look changes the window.
func (p *Page) Look(v View) {
	p.t.Helper()
	if v.Scale == 0 {
		v.Scale = 1
	}
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	p.call("Emulation.setDeviceMetricsOverride", dict{
		"width": v.Width, "height": v.Height, "deviceScaleFactor": v.Scale, "mobile": v.Touch,
	}, nil)
	medium := ""
	if v.Paper {
		medium = "print"
	}
	p.call("Emulation.setEmulatedMedia", dict{
		"media": medium, "features": []dict{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
}

// hear notes what the tests ask about. A page may complain of what it cannot fetch, and that it asked at all
// is the fault, so requests are noted whether they succeed or not.
func (p *Page) hear(e event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.Method {
	case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded":
		p.problems = append(p.problems, e.Method+": "+string(e.Params))
	case "Network.requestWillBeSent":
		var r struct {
			Request struct {
				URL string `json:"url"`
			} `json:"request"`
		}
		if err := json.Unmarshal(e.Params, &r); err != nil {
			p.problems = append(p.problems, err.Error())
		}
		p.requests = append(p.requests, r.Request.URL)
	}
}

// Problems lists what the page has written to the console, thrown, or been warned of so far.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.problems...)
}

// Requests lists the addresses that the page has asked for so far, its own among them, data: addresses not.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, r := range p.requests {
		if !strings.HasPrefix(r, "data:") {
			out = append(out, r)
		}
	}
	return out
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("browser: %v", err)
	}
}

func (p *Page) call(method string, params, result any) {
	p.t.Helper()
	if params == nil {
		params = dict{}
	}
	p.must(p.conn.call(p.session, method, params, result))
}

// Eval runs an expression of JavaScript in the page and stores its value in result, unless that is nil.
func (p *Page) Eval(expression string, result any) {
	p.t.Helper()
	var r struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string          `json:"text"`
			Exception json.RawMessage `json:"exception"`
		} `json:"exceptionDetails"`
	}
	p.call("Runtime.evaluate", dict{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if r.Exception != nil {
		p.t.Fatalf("%s: %s %s", expression, r.Exception.Text, r.Exception.Exception)
	}
	if result != nil {
		p.must(json.Unmarshal(r.Result.Value, result))
	}
}

// Until waits until an expression of JavaScript is true.
// The page itself looks, every ten milliseconds: asking from here would add a round trip to every look.
func (p *Page) Until(expression string) {
	p.t.Helper()
	p.Eval(fmt.Sprintf(`new Promise((ok, no) => {
		const end = performance.now() + %d;
		const look = () => {
			if (%s) ok();
			else if (performance.now() > end) no(new Error("never true"));
			else setTimeout(look, 10);
		};
		look();
	})`, patience.Milliseconds()/2, expression), nil)
}

// keys are the codes of the keys that are no letters.
var keys = map[string]dict{
	"Tab":    {"code": "Tab", "windowsVirtualKeyCode": 9},
	"Enter":  {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
	" ":      {"code": "Space", "windowsVirtualKeyCode": 32, "text": " "},
	"Escape": {"code": "Escape", "windowsVirtualKeyCode": 27},
}

// Press presses a key: "Tab", "Enter", " ", "Escape" or a letter.
func (p *Page) Press(key string) {
	p.t.Helper()
	down := dict{"type": "keyDown", "key": key, "text": key}
	if k, ok := keys[key]; ok {
		delete(down, "text")
		for name, v := range k {
			down[name] = v
		}
	}
	p.call("Input.dispatchKeyEvent", down, nil)
	up := dict{"type": "keyUp", "key": key}
	for name, v := range down {
		if name == "code" || name == "windowsVirtualKeyCode" {
			up[name] = v
		}
	}
	p.call("Input.dispatchKeyEvent", up, nil)
}

// Click scrolls to the first element that the selector finds and clicks into its middle.
func (p *Page) Click(selector string) {
	p.t.Helper()
	var at *struct{ X, Y float64 }
	p.Eval(fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		if (!e) return null;
		e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		const r = e.getBoundingClientRect();
		return {X: r.left + r.width / 2, Y: r.top + r.height / 2};
	})()`, selector), &at)
	if at == nil {
		p.t.Fatalf("click: got nothing for %s", selector)
	}
	// Real input and not element.click(), which would also reach what another element covers.
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		e := dict{"type": kind, "x": at.X, "y": at.Y}
		if kind != "mouseMoved" {
			e["button"], e["clickCount"] = "left", 1
		}
		p.call("Input.dispatchMouseEvent", e, nil)
	}
}

// Screenshot returns a PNG of the window, or of the page as a whole.
func (p *Page) Screenshot(whole bool) []byte {
	p.t.Helper()
	var r struct {
		Data []byte `json:"data"`
	}
	p.call("Page.captureScreenshot", dict{"format": "png", "captureBeyondViewport": whole}, &r)
	return r.Data
}

// PDF prints the page on A4.
func (p *Page) PDF() []byte {
	p.t.Helper()
	var r struct {
		Data []byte `json:"data"`
	}
	p.call("Page.printToPDF", dict{
		"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true, "preferCSSPageSize": false,
	}, &r)
	return r.Data
}
