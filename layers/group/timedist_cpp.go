package group

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// emitTimeDistributed writes a configuration derived from nnet::time_distributed_config; the first node opens
// a loop over the steps and reads one, the second writes one and closes the loop.
func emitTimeDistributed(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[TimeDistributedAttrs](n)
	if env.Stream() && n.In(0).Pack != n.Out().Pack {
		return nil, n.Errorf("input %q: got words of %d values for an output in words of %d, want the same",
			n.Inputs[0], n.In(0).Pack, n.Out().Pack)
	}
	c := env.Config(n, "nnet::time_distributed_config")
	step := n.Out().Shape
	if a.End {
		step = n.In(0).Shape
	}
	height, width := 1, 1
	if k := len(step); k > 1 {
		height, width = ir.Size(step[:k-2]), step[k-2]
	}
	c.Uint("dim", len(step)+1)
	c.Uint("n_time_steps", a.NTimeSteps)
	c.Uint("in_height", height)
	c.Uint("in_width", width)
	c.Uint("n_chan", step[len(step)-1])
	f := &codegen.Fragment{Configs: []*codegen.Config{c}, Includes: []string{"nnet_time_distributed.h"}}
	if a.End {
		f.Call, f.EndLoop = env.Call(n, "nnet::write_time_step", c.Name), true
	} else {
		f.Call = env.Call(n, "nnet::read_time_step", c.Name)
		f.Loop = &codegen.Loop{
			Head:   fmt.Sprintf("for (unsigned ts = 0; ts < %s::n_time_steps; ts++)", c.Name),
			Pragma: loopPragma(env.Spell, a.TimeStepLoopParallelism),
		}
	}
	f.Call.Args = append([]string{"ts"}, f.Call.Args...)
	return f, nil
}

// loopPragma is the directive for the loop over the steps; "" leaves the loop to the tool.
func loopPragma(spell codegen.Spelling, parallelism string) string {
	switch parallelism {
	case "unroll":
		return spell.Unroll()
	case "pipeline":
		return spell.PipelineLoop()
	}
	return ""
}
