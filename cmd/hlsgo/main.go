// Command hlsgo turns trained networks into FPGA firmware and predicts, bit for bit, what it will answer.
package main

import (
	"context"
	"os"

	"github.com/hlsgo/hlsgo/cmd"
)

func main() { os.Exit(cmd.Run(context.Background(), os.Args[1:])) }
