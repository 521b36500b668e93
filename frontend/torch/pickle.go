package torch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Before PyTorch 2.8 the weights beside a program stood in a pickle, a program for a machine with a stack.
// This is such a machine that knows the few instructions which a dictionary of tensors is made of. Names of
// Python are only compared with a closed list, and nothing is called.

// Bounds of a pickle.
const (
	maxPickle = 64 << 20 // bytes: the numbers stand elsewhere
	maxStack  = 1 << 20
)

// pythonName is a name of Python, module and all.
type pythonName string

// storageRef names a storage: its type and the member of the archive.
type storageRef struct{ kind, key string }

// call is a global with its arguments, that the machine would call.
type call struct {
	name pythonName
	args []any
}

type mark struct{}

// table is a dictionary in the order of its entries.
type table struct{ keys, values []any }

// machine runs one pickle.
type machine struct {
	in    *bytes.Reader
	stack []any
	memo  map[uint32]any
}

// unpickle returns what a pickle makes: tables, lists, texts, numbers, and calls that were not made.
func unpickle(data []byte) (any, error) {
	if len(data) > maxPickle {
		return nil, fmt.Errorf("pickle: got %d bytes, want at most %d", len(data), maxPickle)
	}
	m := &machine{in: bytes.NewReader(data), memo: map[uint32]any{}}
	for {
		op, err := m.in.ReadByte()
		if err != nil {
			return nil, errors.New("pickle: got its end, want one that says so")
		}
		if op == '.' {
			return m.pop()
		}
		if err := m.step(op); err != nil {
			return nil, fmt.Errorf("pickle: at %d: %w", len(data)-m.in.Len()-1, err)
		}
		if len(m.stack) > maxStack {
			return nil, fmt.Errorf("pickle: got %d values at once, want fewer", len(m.stack))
		}
	}
}

func (m *machine) push(v any) { m.stack = append(m.stack, v) }

func (m *machine) pop() (any, error) {
	if len(m.stack) == 0 {
		return nil, errors.New("got an instruction without a value, want one")
	}
	v := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return v, nil
}

// popMark returns the values behind the last mark, and removes it.
func (m *machine) popMark() ([]any, error) {
	for i := len(m.stack) - 1; i >= 0; i-- {
		if _, ok := m.stack[i].(mark); ok {
			values := append([]any{}, m.stack[i+1:]...)
			m.stack = m.stack[:i]
			return values, nil
		}
	}
	return nil, errors.New("got no mark, want one")
}

// number reads n bytes, little-endian.
func (m *machine) number(n int) (uint64, error) {
	var b [8]byte
	if m.in.Len() < n {
		return 0, errors.New("got its end, want a number")
	}
	_, err := m.in.Read(b[:n])
	return binary.LittleEndian.Uint64(b[:]), err
}

// text reads n bytes.
func (m *machine) text(n uint64) (string, error) {
	if n > uint64(m.in.Len()) {
		return "", fmt.Errorf("got %d bytes, want a text of %d", m.in.Len(), n)
	}
	b := make([]byte, n)
	if n == 0 {
		return "", nil
	}
	_, err := m.in.Read(b)
	return string(b), err
}

// line reads up to the end of a line.
func (m *machine) line() (string, error) {
	var b []byte
	for {
		c, err := m.in.ReadByte()
		switch {
		case err != nil || len(b) > 1<<10:
			return "", errors.New("got no end of a line, want one")
		case c == '\n':
			return string(b), nil
		}
		b = append(b, c)
	}
}

// step runs one instruction.
func (m *machine) step(op byte) error {
	switch op {
	case 0x80: // the version
		_, err := m.number(1)
		return err
	case 0x95: // a frame
		_, err := m.number(8)
		return err
	case '(':
		m.push(mark{})
	case 'N':
		m.push(nil)
	case 0x88, 0x89:
		m.push(op == 0x88)
	case ')':
		m.push([]any{})
	case ']':
		m.push([]any{})
	case '}':
		m.push(&table{})
	case 'K', 'M', 'J', 0x8a, 'G':
		return m.numeral(op)
	case 'X', 0x8c, 'U':
		return m.string(op)
	case 'c', 0x93:
		return m.global(op)
	case 'q', 'r', 0x94, 'h', 'j':
		return m.remember(op)
	case 't', 0x85, 0x86, 0x87:
		return m.tuple(op)
	case 's', 'u', 'a', 'e':
		return m.fill(op)
	case 'Q':
		return m.persistent()
	case 'R':
		return m.reduce()
	case 'b': // the state of an object; dictionaries of weights have metadata
		_, err := m.pop()
		return err
	default:
		return fmt.Errorf("got instruction %#x, want those of a dictionary of tensors", op)
	}
	return nil
}

func (m *machine) numeral(op byte) error {
	size := map[byte]int{'K': 1, 'M': 2, 'J': 4, 'G': 8, 0x8a: 1}[op]
	v, err := m.number(size)
	if err != nil {
		return err
	}
	switch op {
	case 'J':
		m.push(int(int32(v)))
	case 'G':
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], v)
		m.push(math.Float64frombits(binary.BigEndian.Uint64(b[:])))
	case 0x8a:
		if v > 8 {
			return fmt.Errorf("got a number of %d bytes, want at most 8", v)
		}
		n, err := m.number(int(v))
		if err != nil {
			return err
		}
		shift := 64 - 8*v
		m.push(int(int64(n<<shift) >> shift))
	default:
		m.push(int(v))
	}
	return nil
}

func (m *machine) string(op byte) error {
	n, err := m.number(map[byte]int{'X': 4, 0x8c: 1, 'U': 1}[op])
	if err != nil {
		return err
	}
	s, err := m.text(n)
	m.push(s)
	return err
}

func (m *machine) global(op byte) error {
	var names [2]string
	for i := range names {
		var err error
		if op == 'c' {
			names[i], err = m.line()
		} else {
			var v any
			v, err = m.pop()
			names[1-i], _ = v.(string)
		}
		if err != nil {
			return err
		}
	}
	m.push(pythonName(names[0] + "." + names[1]))
	return nil
}

// remember stores the last value under a number, or fetches one.
func (m *machine) remember(op byte) error {
	at := uint64(len(m.memo))
	if op != 0x94 {
		var err error
		if at, err = m.number(map[byte]int{'q': 1, 'h': 1, 'r': 4, 'j': 4}[op]); err != nil {
			return err
		}
	}
	if op == 'h' || op == 'j' {
		v, ok := m.memo[uint32(at)]
		if !ok {
			return fmt.Errorf("got value %d, want one that there is", at)
		}
		m.push(v)
		return nil
	}
	v, err := m.pop()
	m.memo[uint32(at)] = v
	m.push(v)
	return err
}

func (m *machine) tuple(op byte) error {
	if op == 't' {
		values, err := m.popMark()
		m.push(values)
		return err
	}
	n := int(op-0x85) + 1
	if len(m.stack) < n {
		return fmt.Errorf("got %d values, want %d", len(m.stack), n)
	}
	values := append([]any{}, m.stack[len(m.stack)-n:]...)
	m.stack = m.stack[:len(m.stack)-n]
	m.push(values)
	return nil
}

// fill puts values into a table; lists hold nothing that a dictionary of tensors is about.
func (m *machine) fill(op byte) error {
	var values []any
	var err error
	if op == 'u' || op == 'e' {
		values, err = m.popMark()
	} else {
		for range map[byte]int{'s': 2, 'a': 1}[op] {
			var v any
			if v, err = m.pop(); err != nil {
				return err
			}
			values = append([]any{v}, values...)
		}
	}
	if err != nil || op == 'a' || op == 'e' {
		return err
	}
	if len(m.stack) == 0 || len(values)%2 != 0 {
		return errors.New("got entries without a dictionary, want one")
	}
	d, ok := m.stack[len(m.stack)-1].(*table)
	if !ok {
		return errors.New("got entries for something else than a dictionary, want one")
	}
	for i := 0; i < len(values); i += 2 {
		d.keys, d.values = append(d.keys, values[i]), append(d.values, values[i+1])
	}
	return nil
}

// persistent is a reference to a storage: ("storage", its type, its name, the device, its size).
func (m *machine) persistent() error {
	v, err := m.pop()
	if err != nil {
		return err
	}
	list, _ := v.([]any)
	if len(list) < 3 || list[0] != "storage" {
		return errors.New("got a reference to something else than a storage, want one")
	}
	kind, _ := list[1].(pythonName)
	key, _ := list[2].(string)
	m.push(storageRef{string(kind), key})
	return nil
}

// rebuilders are what may stand in for a call: what makes tensors and dictionaries.
var rebuilders = map[pythonName]bool{
	"collections.OrderedDict": true, "torch._utils._rebuild_tensor_v2": true,
	"torch._utils._rebuild_parameter": true,
	"torch._utils._rebuild_tensor":    true,
}

func (m *machine) reduce() error {
	args, err := m.pop()
	if err != nil {
		return err
	}
	f, err := m.pop()
	if err != nil {
		return err
	}
	name, ok := f.(pythonName)
	list, tuple := args.([]any)
	switch {
	case !ok || !tuple || !rebuilders[name]:
		return fmt.Errorf("got a call of %v, want tensors and dictionaries alone: nothing of a pickle is run", f)
	case name == "collections.OrderedDict":
		m.push(&table{})
	case name == "torch._utils._rebuild_parameter" && len(list) > 0:
		m.push(list[0])
	default:
		m.push(call{name, list})
	}
	return nil
}
