//go:build unix

package csim

import (
	"os/exec"
	"syscall"
)

// executableBits tells whether files that may be run are marked so.
const executableBits = true

// ownGroup puts a command and what it starts into a process group, which ends as a whole when the command's
// context does: g++ alone would leave the compiler proper running.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// signalOf names the signal that ended a command; "" for none.
func signalOf(exit *exec.ExitError) string {
	if s, ok := exit.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return s.Signal().String()
	}
	return ""
}
