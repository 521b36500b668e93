package csim

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Samples are the numbers of one input, sample by sample, in one of the two types.
type Samples struct {
	Float32 []float32
	Float64 []float64
}

// A RunError says that the program failed.
type RunError struct {
	Model  string
	Output string // what it said on standard error
	Err    error
}

func (e *RunError) Error() string {
	text := strings.TrimSpace(e.Output) // its last line is the reason
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		text = text[i+1:]
	}
	return fmt.Sprintf("compiled model %q: failed: %v: %s", e.Model, e.Err, quoted(text))
}

func (e *RunError) Unwrap() error { return e.Err }

// Run feeds the samples of every input to a model and returns all that it answered. model is the name of the
// top function, preceded by "namespace::" when it has one; "" names the only model. All inputs must have the
// same type and number of samples.
func (p *Program) Run(ctx context.Context, model string, inputs ...Samples) (*Result, error) {
	m, err := p.find(model)
	if err != nil {
		return nil, err
	}
	data, kind, err := encode(m, inputs)
	if err != nil {
		return nil, err
	}
	alive, kill := context.WithCancel(ctx)
	defer kill()
	cmd := exec.CommandContext(alive, filepath.Join(p.dir, executable), m.Key(), kind)
	ownGroup(cmd)
	cmd.Dir = p.dir
	cmd.Stdin = bytes.NewReader(data)
	// A program that is killed may leave a child with our pipes open, and Wait would wait for that.
	cmd.WaitDelay = time.Second
	var stderr excerpt
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("compiled model %q: %w", m.Key(), err)
	}
	r, readErr := answer(stdout)
	var ended early
	if readErr != nil && !errors.As(readErr, &ended) {
		kill() // what is not understood may go on for ever
		_ = cmd.Wait()
		if ctx.Err() == nil {
			return nil, fmt.Errorf("compiled model %q: %w", m.Key(), readErr)
		}
		return nil, fmt.Errorf("compiled model %q: stopped: %w", m.Key(), ctx.Err())
	}
	switch err := cmd.Wait(); {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("compiled model %q: stopped: %w", m.Key(), ctx.Err())
	// A program that failed also cut its answer short: its own words say why, so they come first.
	case err != nil:
		return nil, &RunError{Model: m.Key(), Output: stderr.String(), Err: err}
	case readErr != nil:
		return nil, fmt.Errorf("compiled model %q: %w", m.Key(), readErr)
	// The vendor's stream header warns and answers a default value; the run would look well otherwise.
	case strings.Contains(stderr.String(), "WARNING: Hls::stream"):
		err := errors.New("FIFO not drained, or read while empty")
		return nil, &RunError{Model: m.Key(), Output: stderr.String(), Err: err}
	}
	return r, r.check(m)
}

const maxAnswer = 4 << 30 // bytes that a program may write

// answer reads all that a program writes, which ends with its end record.
func answer(stdout io.Reader) (*Result, error) {
	in := bufio.NewReaderSize(io.LimitReader(stdout, maxAnswer), 1<<16)
	r, err := decode(in)
	if err != nil {
		return nil, err
	}
	if _, err := in.ReadByte(); err == nil {
		return nil, errors.New("protocol: got more behind the end record, want nothing")
	}
	return r, nil
}

func (p *Program) find(model string) (Model, error) {
	if m, ok := p.models[model]; ok {
		return m, nil
	}
	var names []string
	for name, m := range p.models {
		if model == "" && len(p.models) == 1 {
			return m, nil
		}
		names = append(names, name)
	}
	return Model{}, fmt.Errorf("compiled program: no model %q: it has %s", model, strings.Join(names, ", "))
}

// encode interleaves the inputs sample by sample.
// The program answers each sample as it comes and holds one in memory; input after input would make it keep
// all.
func encode(m Model, inputs []Samples) ([]byte, string, error) {
	if len(inputs) != len(m.Inputs) {
		return nil, "", fmt.Errorf("model %q: wrong number of inputs: got %d, want %d",
			m.Key(), len(inputs), len(m.Inputs))
	}
	kind, n := "float", -1
	for i, in := range inputs {
		length := len(in.Float32)
		if in.Float64 != nil {
			length = len(in.Float64)
		}
		size := m.Inputs[i].Size
		if length%size != 0 || n >= 0 && length/size != n || (in.Float64 != nil) != (inputs[0].Float64 != nil) {
			return nil, "", fmt.Errorf("model %q: input %q: got %d numbers, "+
				"want samples of %d, as many and of one type for all inputs", m.Key(), m.Inputs[i].Name, length, size)
		}
		n = length / size
		if in.Float64 != nil {
			kind = "double"
		}
	}
	var b []byte
	for s := range max(n, 0) {
		for i, in := range inputs {
			b = in.appendTo(b, s*m.Inputs[i].Size, m.Inputs[i].Size)
		}
	}
	return b, kind, nil
}

func (s Samples) appendTo(b []byte, from, n int) []byte {
	if s.Float64 != nil {
		for _, v := range s.Float64[from : from+n] {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	for _, v := range s.Float32[from : from+n] {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}
