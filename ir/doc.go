// Package ir is the graph of a network on its way to firmware: nodes, tensors, weights, types,
// configuration, and the machinery of passes and flows.
//
// The package knows no layer kind. What a kind is (its attributes, options and shape rule) comes in
// through a Schema, so that built-in layers, extensions and plugins enter by the same door. A Graph is a
// value: nothing in this package is global, and two graphs in one process never touch.
package ir
