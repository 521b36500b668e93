package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is the version that scripts/release gives the program; "": it was built otherwise.
var release string

// version is that of the release, or the module's as the Go tool recorded it, "(devel)" when that knows none.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// newVersion is `hlsgo version`, with all that a report of a fault needs: which loops run depends on the
// processor, and what they were compiled with on the version of Go.
func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "print the version",
		Example: "  hlsgo version",
		Args:    atMost(0, "none"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.Out, "hlsgo %s %s/%s %s\n",
				version(), runtime.GOOS, runtime.GOARCH, runtime.Version())
			return err
		},
	}
}
