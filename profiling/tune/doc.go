// Package tune looks for one joint set of settings with which a fixed-point model agrees with its float
// model: as few changes of the user's configuration as will do, and few bits.
//
// Several types of a real network are wrong at once. Mending one moves the overflow to the next tensor, and
// the answers do not improve until the last one is mended. So the search comes from the other side: it first
// makes every type wide enough, which must agree with the float model, and then takes changes back as long as
// it still does. What it judges is always a whole network, built from a changed configuration by all passes:
// what is told is what was run.
package tune
