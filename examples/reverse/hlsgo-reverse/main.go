// Command hlsgo-reverse is hlsgo with the plugin reverse.
package main

import (
	"context"
	"os"

	"github.com/hlsgo/hlsgo/cmd"
	"github.com/hlsgo/hlsgo/examples/reverse"
)

func main() { os.Exit(cmd.Run(context.Background(), os.Args[1:], reverse.Plugin())) }
