package browsertest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/browsertest"
)

// write keeps a page in a file and returns its address.
func write(t *testing.T, html string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(path, []byte("<!doctype html><meta charset=utf-8>"+html), 0o600))
	return "file://" + filepath.ToSlash(path)
}

// TestSeesWhatIsWrong makes sure that a page with faults does not look like one without.
func TestSeesWhatIsWrong(t *testing.T) {
	b := browsertest.Start(t)
	v := browsertest.View{Width: 375, Height: 600}
	good := b.Open(t, write(t, `<button onclick="this.textContent='hit'">press</button>`), v)
	require.Empty(t, good.Problems())
	require.Len(t, good.Requests(), 1)
	var text string
	good.Click("button")
	good.Eval(`document.querySelector("button").textContent`, &text)
	require.Equal(t, "hit", text)
	good.Eval(`document.querySelector("button").textContent = ""`, nil)
	good.Press("Tab") // away from the button,
	good.Press("Tab") // round the window and back
	good.Press("Enter")
	good.Eval(`document.querySelector("button").textContent`, &text)
	require.Equal(t, "hit", text)
	require.Contains(t, string(good.PDF()[:8]), "%PDF-")
	require.Contains(t, string(good.Screenshot(true)[:8]), "PNG")

	bad := b.Open(t, write(t, `<img src="nosuch.png"><script>console.error("one"); nosuch()</script>`), v)
	require.GreaterOrEqual(t, len(bad.Problems()), 3, "an error, an exception, a file that is not there")
	require.Len(t, bad.Requests(), 2)
}
