package sim

// Lowering collects the plane operations of a program.
type Lowering struct{}

// Env is what evaluators may ask beyond their node.
type Env struct{}

// Evaluator computes one sample of one node.
type Evaluator interface{}
