package cmd

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

const (
	progressAfter = time.Second            // shorter work shows nothing
	progressEvery = 100 * time.Millisecond // between two updates
)

// progress is one line on a terminal that says how far the work is. In a pipe it stays quiet.
type progress struct {
	label string
	out   io.Writer // nil: quiet
	mu    sync.Mutex
	next  time.Time
	shown bool
}

func (s Streams) progress(label string) *progress {
	p := &progress{label: label, next: time.Now().Add(progressAfter)}
	if isTerminal(s.Err) {
		p.out = s.Err
	}
	return p
}

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
	now := time.Now()
	if now.Before(p.next) {
		return
	}
	p.next, p.shown = now.Add(progressEvery), true
	fmt.Fprintf(p.out, "\r\x1b[K%s: %d", p.label, done)
	if total > 0 {
		fmt.Fprintf(p.out, " of %d (%d %%)", total, 100*int64(done)/int64(total))
	}
}

// clear takes the line away.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}
