// Package graph holds networks of ONNX as their files have them: nodes, tensors, initializers, attributes and
// what is known of shapes. Load reads a file, and rewrites change the graph before it becomes layers.
//
// Files are walked where they lie: all is read but the values of tensors, of which the place is kept, so that
// reading takes no memory for weights, and no weight is read twice.
package graph
