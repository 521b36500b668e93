//go:build !linux

package atomicfile

import "errors"

// canExchange is false where no system call gives two folders each other's name, or where nobody can tell
// whether a process works in one.
func canExchange(string) bool { return false }

func exchange(_, _ string) error { return errors.ErrUnsupported }

func sameFolder(_, _ string) bool { return false }
