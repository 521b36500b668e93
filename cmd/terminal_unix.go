//go:build !windows

package cmd

import "os"

// obeysCodes reports whether a terminal obeys escape codes.
func obeysCodes(*os.File) bool { return true }
