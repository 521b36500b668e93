package codegen

// Env is what emitters may ask beyond their node.
type Env struct{}

// Fragment is the C++ of one node.
type Fragment struct{}
