package cmd

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newConvert is `hlsgo convert`. The folder goes to Out, and nothing else does: cd "$(hlsgo convert
// config.yml)".
func newConvert(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:        "convert CONFIG.yml | MODEL [flags]",
		SuggestFor: []string{"build", "compile", "write", "synth"},
		Short:      "write the project of the backend: the firmware",
		Long: `Writes the C++ project of the backend into OutputDir and prints that folder's
name. The project comes as a whole or not at all: what stops the work before its end
leaves the folder as it was. Files of an older project that this one does not
have are removed, unless they were changed since; other files stay.`,
		Example: `  hlsgo convert config.yml
  hlsgo convert model.h5 --io-type io_stream --output-dir project
  hlsgo convert config.yml --set HLSConfig.LayerName.fc1.ReuseFactor=4`,
		Args: oneModel,
	}
	o := addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		m, err := a.load(c, args[0], o)
		if err != nil {
			return err
		}
		dir := m.OutputDir()
		line := a.progress("convert").counting("weights")
		files, err := m.WriteProject(c.Context(), dir, line.update)
		line.clear()
		a.warn(m.Warnings())
		if err != nil {
			return err
		}
		fmt.Fprintf(a.Err, "wrote %s\n", count(files, "file"))
		_, err = fmt.Fprintln(a.Out, visible(dir, ""))
		return err
	}
	return c
}
