// Package passes holds the rewriting steps between a network as read and one that a tool can build, one file
// per step, and the flows in which they run.
//
// Names, order and restarts are those of hls4ml: names of inserted layers depend on them, and so do the
// numbers, because a fusion finds or does not find its partner according to what ran before.
package passes
