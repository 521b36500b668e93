package cmd

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	progressAfter = time.Second            // shorter work shows nothing
	progressEvery = 100 * time.Millisecond // between two updates
	waitEvery     = time.Second            // between two looks at the clock
	rateAfter     = 500 * time.Millisecond // a rate over less tells nothing
	barCells      = 20
)

// progress is one line on a terminal that says how far the work is, how fast it goes and how long it will
// take. In a pipe it stays quiet: logs with carriage returns are unreadable, and scripts do not wait.
type progress struct {
	label string
	part  string // of the work that is under way
	unit  string // of what is counted
	out   io.Writer
	width int // of the terminal; 0: quiet
	mu    sync.Mutex
	next  time.Time
	shown int       // columns on the line; 0: none
	begin time.Time // of the counting
	first int       // what was done by then
	last  int
	what  string // work that is under way and cannot be counted
	since time.Time
	timer *time.Timer // of wait
}

// progress starts a line for work under the label, which is counted in samples.
func (a *app) progress(label string) *progress {
	p := &progress{
		label: label, unit: "samples", next: time.Now().Add(progressAfter),
		out: a.raw.Err, width: terminalOf(a.raw.Err).width, // its own control characters must pass
	}
	if _, ok := a.Err.(*records); ok {
		p.width = 0
	}
	return p
}

// counting says what is counted where it is not samples.
func (p *progress) counting(unit string) *progress {
	p.unit = unit
	return p
}

// update shows that done of total parts are finished; total is below one where nobody knows it. Any goroutine
// may call it.
func (p *progress) update(done, total int) {
	if p.width < 1 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// Called for every block by every worker: most calls must end here.
	now := time.Now()
	if p.begin.IsZero() || done < p.last {
		p.begin, p.first = now, done // the same samples once more, or the first time
	}
	p.last = done
	if now.Before(p.next) {
		return
	}
	p.next, p.what = now.Add(progressEvery), ""
	p.show(p.counted(done, total, now.Sub(p.begin)))
}

// counted is the line of an update after some time. What has no room on the terminal is left out: the bar
// before the numbers.
func (p *progress) counted(done, total int, spent time.Duration) string {
	name := p.label + ": "
	if p.part != "" {
		name += p.part + ": "
	}
	rate, left := p.rate(done, total, spent)
	if total < 1 {
		return p.fitting(name, short(float64(done))+" "+p.unit, rate)
	}
	// In 64 bits: a product of samples and cells leaves 32 of them on small machines.
	full := min(int(barCells*int64(done)/int64(total)), barCells)
	bar := "[" + strings.Repeat("#", full) + strings.Repeat("-", barCells-full) + "] "
	count := fmt.Sprintf("%d %% of %s %s", 100*int64(done)/int64(total), short(float64(total)), p.unit)
	if line := name + bar + count + ", " + rate + ", " + left; displayWidth(line) < p.width && rate != "" {
		return line
	}
	if rate == "" {
		return p.fitting(name, bar+count)
	}
	return p.fitting(name, count, left, rate)
}

// fitting joins words, as many as the terminal has room for, but the first two.
func (p *progress) fitting(name, count string, words ...string) string {
	line := name + count
	for _, w := range words {
		if w == "" {
			continue
		}
		if displayWidth(line+", "+w) >= p.width {
			break
		}
		line += ", " + w
	}
	if displayWidth(line) >= p.width {
		return count
	}
	return line
}

// rate is how fast the work goes and how long the rest will take; empty while nobody can say.
func (p *progress) rate(done, total int, spent time.Duration) (rate, left string) {
	if spent < rateAfter || done <= p.first {
		return "", ""
	}
	perSecond := float64(done-p.first) / spent.Seconds()
	if total > 0 {
		left = clock(time.Duration(float64(total-done)/perSecond*float64(time.Second))) + " left"
	}
	return short(perSecond) + "/s", left
}

// short writes a number with three digits: 950, 43.2k, 1.05M.
func short(v float64) string {
	for _, unit := range []string{"", "k", "M", "G"} {
		switch {
		case unit == "" && v < 9999.5:
			return strconv.FormatFloat(math.Round(v*10)/10, 'g', 4, 64)
		case unit != "" && v < 999.5:
			return strconv.FormatFloat(v, 'g', 3, 64) + unit
		}
		v /= 1000
	}
	return fmt.Sprintf("%.3gT", v)
}

// clock writes a time as 0:05 or 1:02:03.
func clock(d time.Duration) string {
	s := int(math.Ceil(d.Seconds()))
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// phase names the part of the work that begins now, whether it can be counted or not.
func (p *progress) phase(what string) {
	p.mu.Lock()
	p.part, p.begin = what, time.Time{}
	p.mu.Unlock()
	p.wait(what)
}

// wait announces work that cannot be counted, with the time that it takes; the next one, or update, takes its
// place.
func (p *progress) wait(what string) {
	if p.width < 1 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what, p.since = what, time.Now()
	if p.shown > 0 {
		p.say()
	}
	// Nobody calls again to show it later, as update does; so a timer.
	if p.timer == nil {
		p.timer = time.AfterFunc(progressAfter, p.announce)
	}
}

// announce shows what is waited for, unless it is over, and looks again later.
func (p *progress) announce() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Reset(waitEvery)
	}
	if p.what != "" {
		p.say()
	}
}

// say shows what is waited for; the lock is held.
func (p *progress) say() {
	line := p.label + ": " + p.what + " ..."
	if spent := time.Since(p.since); spent >= waitEvery {
		line += " " + clock(spent.Truncate(time.Second))
	}
	p.show(line)
}

// show writes the line; the lock is held. A line that is too long for the terminal could not be taken away.
func (p *progress) show(line string) {
	if displayWidth(line) >= p.width {
		line = string([]rune(line)[:min(p.width-1, len([]rune(line)))])
	}
	// Blanks, and no code of the terminal's: those who want no colour want none of those either.
	left := max(0, p.shown-displayWidth(line))
	fmt.Fprint(p.out, "\r"+line+strings.Repeat(" ", left)+strings.Repeat("\b", left))
	p.shown = displayWidth(line)
}

// clear takes the line away.
// The timer is stopped as well, or it would write over what is printed next.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = ""
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	if p.shown > 0 {
		fmt.Fprint(p.out, "\r"+strings.Repeat(" ", p.shown)+"\r")
		p.shown = 0
	}
}
