package cmd

import (
	"os"

	"golang.org/x/sys/windows"
)

// obeysCodes reports whether a terminal obeys escape codes. Older consoles print them until they are asked.
func obeysCodes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
