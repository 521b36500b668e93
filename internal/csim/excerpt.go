package csim

import (
	"errors"
	"strings"
)

const (
	keptHead = 64 << 10 // bytes of a program's words that are kept from their start
	keptTail = 64 << 10 // and from their end
	maxWords = 1 << 30  // bytes after which a program is no longer listened to
	maxWord  = 500      // bytes of a line that are quoted
)

// An excerpt keeps the start and the end of what a program says: the first error of a compiler is near the
// start, the reason of a program that fails is at the end.
type excerpt struct {
	head, tail []byte
	total      int
}

var errFlood = errors.New("it says too much: got more than 1 GiB of messages")

// Write implements io.Writer.
func (e *excerpt) Write(p []byte) (int, error) {
	n := len(p)
	if e.total += n; e.total > maxWords {
		return 0, errFlood
	}
	take := min(keptHead-len(e.head), n)
	e.head = append(e.head, p[:take]...)
	p = p[take:]
	if len(p) > keptTail {
		p = p[len(p)-keptTail:]
	}
	if over := len(e.tail) + len(p) - keptTail; over > 0 {
		e.tail = append(e.tail[:0], e.tail[over:]...)
	}
	e.tail = append(e.tail, p...)
	return n, nil
}

// String is what was kept, with a line in between where something is missing.
func (e *excerpt) String() string {
	if e.total > len(e.head)+len(e.tail) {
		return string(e.head) + "\n...\n" + string(e.tail)
	}
	return string(e.head) + string(e.tail)
}

// quoted cuts a line that goes into a message.
func quoted(line string) string {
	line = strings.TrimSpace(line)
	if len(line) > maxWord {
		return strings.ToValidUTF8(line[:maxWord], "") + "..."
	}
	return line
}
