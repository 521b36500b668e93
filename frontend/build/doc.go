// Package build holds what the readers of all frameworks share: what a handler sees of one foreign layer
// (Call) and makes of it (Out), the tensors of a model that have been read so far (Scope), the list of all
// that cannot be converted (UnsupportedError), limits on sizes, and the geometry of windows and of recurrent
// cells.
//
// A reader opens the files of its framework, walks the layers in an order in which each comes after those it
// reads, makes a Call for each, hands it to the Handler of the layer's class, and adds what comes back to the
// Scope. Settings and weights reach handlers through two small interfaces, Attributes and Weights, because
// the same handler code must not care in which container they were.
package build
