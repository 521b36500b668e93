package sim

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// spy is an operation that tells when it runs.
type spy struct{ do func(m *memory) }

func (s *spy) run(m *memory)                { s.do(m) }
func (s *spy) planes(func(Plane, bool))     {}
func (s *spy) renamed(func(Plane) Plane) op { return s }

// TestOperationsEndWithTheirRun: a canceled block runs no more than its stretch, on grids no more than the
// operation at hand, and nothing behind an operation that has ended early.
func TestOperationsEndWithTheirRun(t *testing.T) {
	const all, at = 5 * stretch, 100
	for _, c := range []struct {
		name         string
		grid, early  bool // on grids; the operation ends early
		want         int  // operations that run
		cancelBefore bool
	}{
		{"block", false, false, stretch, false},
		{"block, in the middle of an operation", false, true, at + 1, false},
		{"grid", true, false, at + 1, false},
		{"before", false, false, 0, true},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		ran := 0
		code := &code{}
		for i := range all {
			code.ops = append(code.ops, &spy{func(m *memory) {
				if ran++; i == at {
					cancel()
					require.True(t, !c.early || m.canceled())
				}
			}})
		}
		if c.grid {
			code.lanes = make([]int32, all)
		}
		if c.cancelBefore {
			cancel()
		}
		code.run(&memory{stop: ctx.Done()}, 0, all)
		require.Equal(t, c.want, ran, c.name)
		cancel()
	}
}

// TestLoopsEndWithTheirRun: between two steps, and behind an operation of a step that has ended early.
func TestLoopsEndWithTheirRun(t *testing.T) {
	for _, early := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		ran := 0
		first := &spy{func(m *memory) {
			if ran++; ran == 5 {
				cancel()
				require.True(t, !early || m.canceled())
			}
		}}
		second := &spy{func(*memory) { ran++ }}
		head := &loopHead{steps: make([][]Plane, 100), body: []op{first, second, nil}}
		head.tail = &loopTail{head: head, steps: make([][]Plane, 100)}
		head.run(&memory{stop: ctx.Done()})
		want := 6
		if early {
			want = 5
		}
		require.Equal(t, want, ran)
	}
}
