// Package clean brings graphs of ONNX into the form that layers are read from, as qonnx does for hls4ml, with
// the same order and names of nodes and constants: configurations call layers by these names. Rewrites lists
// the steps. What qonnx leaves, and hls4ml then refuses or reads wrong, has steps of its own among them.
package clean
