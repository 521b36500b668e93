// Command library is hlsgo as a Go library: it predicts, traces, compares and writes.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/hlsgo/hlsgo"
)

func main() {
	ctx, config, samples, folder := context.Background(), os.Args[1], os.Args[2], os.Args[3]
	model := must(must(hlsgo.New()).Load(config, hlsgo.Overrides{}))
	x := must(hlsgo.ReadArray(samples))
	y := must(model.Predict(ctx, x))
	check(y[0].WriteFile(folder + "/y.npy"))
	trace := must(model.Trace(ctx, hlsgo.TraceOptions{}, x))
	check(trace.WriteFile(folder + "/layers.npz"))
	for _, suspect := range must(model.Compare(ctx, hlsgo.CompareOptions{}, x)).Suspects {
		fmt.Println(suspect.Text)
	}
	check(model.Write(ctx, folder+"/firmware"))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func must[T any](v T, err error) T { check(err); return v }
