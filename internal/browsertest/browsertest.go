// Package browsertest drives a headless Chromium in tests of pages: it opens files, presses keys, clicks,
// takes pictures, and notes whatever a page complains of or asks the network for. It speaks the DevTools
// protocol over two pipes, so no port is open and nothing is downloaded.
package browsertest

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// names are what Chromium is called on the systems that have it.
var names = []string{"chromium", "chromium-browser", "google-chrome"}

// flags start a browser without a screen, without a sandbox (root has none) and without traffic of its own.
var flags = []string{
	"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
	"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
	"--disable-default-apps", "--disable-dev-shm-usage", "--no-default-browser-check",
	"--metrics-recording-only", "--force-color-profile=srgb", "--remote-debugging-pipe",
}

// Browser is a running Chromium; it ends with its test.
type Browser struct {
	conn *conn
}

// Start starts a browser. A machine without one skips the test, or fails it when HLSGO_REQUIRE_BROWSER is
// set; HLSGO_BROWSER names another program.
func Start(t testing.TB) *Browser {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("browser: its pipes have numbers that Windows does not pass on")
	}
	program := find()
	if program == "" {
		if os.Getenv("HLSGO_REQUIRE_BROWSER") != "" {
			t.Fatalf("browser: got none of %v, want one, because HLSGO_REQUIRE_BROWSER is set", names)
		}
		t.Skipf("no browser: none of %v is installed (HLSGO_REQUIRE_BROWSER=1 makes this a failure)", names)
	}
	cmd := exec.Command(program, append(flags, "--user-data-dir="+t.TempDir(), "about:blank")...)
	toBrowser, fromUs := pipe(t)
	fromBrowser, toUs := pipe(t)
	cmd.ExtraFiles = []*os.File{toBrowser, toUs} // file descriptors 3 and 4, as the protocol wants
	if err := cmd.Start(); err != nil {
		t.Fatalf("browser: %v", err)
	}
	// The child has its own copies. Ours must go, or the end of the browser would never show as the end of a
	// pipe.
	toBrowser.Close()
	toUs.Close()
	b := &Browser{conn: newConn(fromUs, fromBrowser)}
	t.Cleanup(func() {
		// Asked to close, it lets go of the files of its profile, which the test removes; one that hangs is
		// killed.
		late := time.AfterFunc(patience, func() { cmd.Process.Kill() })
		defer late.Stop()
		b.conn.call("", "Browser.close", dict{}, nil) // it may be gone before it answers
		cmd.Wait()
		b.conn.close()
	})
	return b
}

func find() string {
	if own := os.Getenv("HLSGO_BROWSER"); own != "" {
		return own
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func pipe(t testing.TB) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatalf("browser: pipe: %v", err)
	}
	return r, w
}
