package cmd

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	progressAfter = time.Second            // shorter work shows nothing
	progressEvery = 100 * time.Millisecond // between two updates
	barCells      = 20
)

// progress is one line on a terminal that says how far the work is. In a pipe it stays quiet.
// A pipe gets nothing: logs with carriage returns are unreadable, and scripts do not wait.
type progress struct {
	label string
	out   io.Writer // nil: quiet
	mu    sync.Mutex
	next  time.Time
	shown bool
	what  string      // part of the work that is under way and cannot be counted
	timer *time.Timer // of wait
}

// progress starts a line for work under the label.
func (a *app) progress(label string) *progress {
	p := &progress{label: label, next: time.Now().Add(progressAfter)}
	if isTerminal(a.raw.Err) {
		p.out = a.raw.Err // its own control characters must pass
	}
	return p
}

// isTerminal asks for a character device, which /dev/null is too; writing to that harms nobody.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// update shows that done of total parts are finished; total is below one where nobody knows it. Any goroutine
// may call it.
func (p *progress) update(done, total int) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// Called for every block by every worker: most calls must end here.
	now := time.Now()
	if now.Before(p.next) {
		return
	}
	p.next, p.shown, p.what = now.Add(progressEvery), true, ""
	if total < 1 {
		fmt.Fprintf(p.out, "\r\x1b[K%s: %d", p.label, done)
		return
	}
	// In 64 bits: a product of samples and cells leaves 32 of them on small machines.
	full := min(int(barCells*int64(done)/int64(total)), barCells)
	bar := strings.Repeat("#", full) + strings.Repeat("-", barCells-full)
	percent := 100 * int64(done) / int64(total)
	fmt.Fprintf(p.out, "\r\x1b[K%s: [%s] %d of %d (%d %%)", p.label, bar, done, total, percent)
}

// wait announces a part of the work that cannot be counted; the next one, or update, takes its place.
func (p *progress) wait(what string) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = what
	switch {
	case p.shown:
		p.say()
	// Nothing is shown in the first second, but nobody calls again to show it later, as update does; so a
	// timer.
	case p.timer == nil:
		p.timer = time.AfterFunc(progressAfter, p.announce)
	}
}

// announce shows what is waited for, unless it is over.
func (p *progress) announce() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.what != "" {
		p.say()
	}
}

// say writes the line; the lock is held.
func (p *progress) say() {
	p.shown = true
	fmt.Fprintf(p.out, "\r\x1b[K%s: %s ...", p.label, p.what)
}

// clear takes the line away.
// The timer is stopped as well, or it would write over what is printed next.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = ""
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}
