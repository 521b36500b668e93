package graph

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Kinds of fields of the wire format of protocol buffers.
const (
	varint  = 0
	fixed64 = 1
	bytes   = 2
	fixed32 = 5
)

const (
	windowSize = 64 << 10
	// maxText bounds names and other texts; those of real models have some hundred bytes.
	maxText = 1 << 16
	// maxSpeech bounds all that is read of a file but tensors: texts, sizes and settings.
	maxSpeech = 256 << 20
)

// source reads a file in windows, since a description is many small fields between large tensors.
type source struct {
	file   io.ReaderAt
	window []byte
	at     int64 // of the window in the file
	size   int64
	speech int64 // bytes of texts and lists so far
}

// read fills into, which lies within the file.
func (s *source) read(into []byte, at int64) error {
	if at < s.at || at+int64(len(into)) > s.at+int64(len(s.window)) {
		if len(into) > windowSize {
			return s.fill(into, at)
		}
		s.window = s.window[:min(int64(windowSize), s.size-at)]
		s.at = at
		if err := s.fill(s.window, at); err != nil {
			s.window = s.window[:0]
			return err
		}
	}
	copy(into, s.window[at-s.at:])
	return nil
}

func (s *source) fill(into []byte, at int64) error {
	if n, err := s.file.ReadAt(into, at); n < len(into) {
		if err == nil || errors.Is(err, io.EOF) {
			err = fmt.Errorf("it ends at byte %d", at+int64(n))
		}
		return err
	}
	return nil
}

// spend counts bytes of the description that stay in memory.
func (s *source) spend(n int64) error {
	if s.speech += n; s.speech > maxSpeech {
		return fmt.Errorf("got more than %d bytes of names and settings, want fewer", maxSpeech)
	}
	return nil
}

// message walks over the fields of one message. The first error stays; its callers look at it at the end.
type message struct {
	src  *source
	name string // of the kind of message, for errors
	next int64  // where the next field begins
	end  int64

	field int    // number of the field that next has read
	kind  int    // of that field
	value uint64 // of numbers
	body  span   // of bytes
	err   error
}

// span is a place in the file.
type span struct{ at, size int64 }

// more reads the next field; false at the end and after an error.
func (m *message) more() bool {
	if m.err != nil || m.next >= m.end {
		return false
	}
	start := m.next
	tag, ok := m.varint()
	if !ok {
		return false
	}
	m.field, m.kind = int(tag>>3), int(tag&7)
	if m.field < 1 || tag>>3 > math.MaxInt32 {
		return m.fail(start, "got field %d, want a positive number", tag>>3)
	}
	switch m.kind {
	case varint:
		m.value, ok = m.varint()
		return ok
	case bytes:
		size, ok := m.varint()
		if !ok {
			return false
		}
		if size > uint64(m.end-m.next) {
			return m.fail(start, "got a field of %d bytes, want at most the %d that are left", size, m.end-m.next)
		}
		m.body = span{m.next, int64(size)}
		m.next += int64(size)
		return true
	case fixed32:
		return m.number(start, 4)
	case fixed64:
		return m.number(start, 8)
	}
	return m.fail(start, "got a field of kind %d, want one of protocol buffers", m.kind)
}

func (m *message) number(start int64, size int) bool {
	var raw [8]byte
	if int64(size) > m.end-m.next {
		return m.fail(start, "it ends inside a number")
	}
	if err := m.src.read(raw[:size], m.next); err != nil {
		return m.fail(start, "%w", err)
	}
	m.next += int64(size)
	m.value = binary.LittleEndian.Uint64(raw[:])
	return true
}

// varint reads a number of up to ten bytes at next.
func (m *message) varint() (uint64, bool) {
	var raw [binary.MaxVarintLen64]byte
	n := min(int64(len(raw)), m.end-m.next)
	if err := m.src.read(raw[:n], m.next); err != nil {
		return 0, m.fail(m.next, "%w", err)
	}
	v, used := binary.Uvarint(raw[:n])
	if used <= 0 {
		return 0, m.fail(m.next, "it ends inside a number")
	}
	m.next += int64(used)
	return v, true
}

// fail keeps the first error, with the place; its answer is false.
func (m *message) fail(at int64, format string, args ...any) bool {
	if m.err == nil {
		m.err = fmt.Errorf("byte %d, in %s: %w", at, m.name, fmt.Errorf(format, args...))
	}
	return false
}

// inner is the message in the field.
func (m *message) inner(name string) *message {
	in := &message{src: m.src, name: name, next: m.body.at, end: m.body.at + m.body.size}
	if m.kind != bytes {
		in.fail(m.next, "got a number, want a message")
	}
	return in
}

// done takes over the error of a message inside; true when there is none.
func (m *message) done(in *message) bool {
	if m.err == nil {
		m.err = in.err
	}
	return m.err == nil
}

// text is the field as text.
func (m *message) text() string {
	switch {
	case m.kind != bytes:
		m.fail(m.next, "field %d: got a number, want a text", m.field)
		return ""
	case m.body.size > maxText:
		m.fail(m.body.at, "field %d: got a text of %d bytes, want at most %d", m.field, m.body.size, maxText)
		return ""
	}
	raw := make([]byte, m.body.size)
	err := m.src.spend(m.body.size)
	if err == nil {
		err = m.src.read(raw, m.body.at)
	}
	if err != nil {
		m.fail(m.body.at, "%w", err)
	}
	return string(raw)
}

// int is the field as a whole number.
func (m *message) int() int64 {
	if m.kind != varint {
		m.fail(m.next, "field %d: got no whole number, want one", m.field)
	}
	return int64(m.value)
}

// float is the field as a number of 32 bits.
func (m *message) float() float32 {
	if m.kind != fixed32 {
		m.fail(m.next, "field %d: got no number of 32 bits, want one", m.field)
	}
	return math.Float32frombits(uint32(m.value))
}

// ints appends the field to a list of whole numbers: one of them, or several packed.
func (m *message) ints(list []int64) []int64 {
	if m.kind == varint {
		if err := m.src.spend(8); err != nil {
			m.fail(m.next, "%w", err)
		}
		return append(list, int64(m.value))
	}
	in := m.inner(m.name)
	if err := m.src.spend(8 * m.body.size); err != nil { // a number may take one byte
		in.fail(m.body.at, "%w", err)
	}
	for in.err == nil && in.next < in.end {
		if v, ok := in.varint(); ok {
			list = append(list, int64(v))
		}
	}
	m.done(in)
	return list
}

// floats appends the field to a list of numbers of 32 bits: one of them, or several packed.
func (m *message) floats(list []float32) []float32 {
	if m.kind == fixed32 {
		if err := m.src.spend(4); err != nil {
			m.fail(m.next, "%w", err)
		}
		return append(list, m.float())
	}
	in := m.inner(m.name)
	if err := m.src.spend(m.body.size); err != nil {
		in.fail(m.body.at, "%w", err)
	}
	for in.err == nil && in.next < in.end {
		if in.number(in.next, 4) {
			list = append(list, math.Float32frombits(uint32(in.value)))
		}
	}
	m.done(in)
	return list
}
