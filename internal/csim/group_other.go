//go:build !unix

package csim

import "os/exec"

// executableBits tells whether files that may be run are marked so.
const executableBits = false

// ownGroup leaves the command as it is: ending it ends it alone.
func ownGroup(*exec.Cmd) {}

func signalOf(*exec.ExitError) string { return "" }
