// Command rate prints how many samples per second a model is predicted at, in process: float32 samples in
// memory in, float32 answers in memory out.
//
//	rate CONFIG.yml SAMPLES ROUNDS [WORKERS [SET]]
//
// One line per round.
package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("arguments: got %d, want CONFIG.yml SAMPLES ROUNDS [WORKERS [SET]]", len(args))
	}
	numbers := []int{0, 0, 1}
	for i, a := range args[1:min(len(args), 4)] {
		n, err := strconv.Atoi(a)
		if err != nil {
			return err
		}
		numbers[i] = n
	}
	tk, err := hlsgo.New()
	if err != nil {
		return err
	}
	m, err := tk.Load(args[0], hlsgo.Overrides{})
	if err != nil {
		return err
	}
	loops, err := loopsOf(args)
	if err != nil {
		return err
	}
	p, err := m.Compile(sim.Options{Loops: loops})
	if err != nil {
		return err
	}
	return measure(p, numbers[0], numbers[1], numbers[2])
}

// loopsOf is the vector code that the arguments name; nil: the best.
func loopsOf(args []string) (*vec.Set, error) {
	if len(args) < 5 {
		return nil, nil
	}
	var names []string
	for _, s := range vec.Sets() {
		if s.Name == args[4] {
			return &s, nil
		}
		names = append(names, s.Name)
	}
	return nil, fmt.Errorf("vector code: got %q, want one of %q", args[4], names)
}

// measure prints a rate per round and no mean: the caller alternates rounds of several programs, so that a
// change of the machine's clock meets all of them, and takes medians.
func measure(p *sim.Program, samples, rounds, workers int) error {
	// Always the same samples: how often values saturate, and so which branches are taken, depends on them.
	r := rand.New(rand.NewPCG(16, 5))
	in := make([][]float32, len(p.Inputs))
	for i, t := range p.Inputs {
		in[i] = make([]float32, samples*t.Size())
		for k := range in[i] {
			in[i][k] = float32(r.NormFloat64())
		}
	}
	var out sim.Collect[float32]
	for range rounds {
		src, err := sim.NewSlices(p, in)
		if err != nil {
			return err
		}
		// Results go into the memory of the round before, or the first touch of fresh pages would be
		// measured.
		for i := range out.Data {
			out.Data[i] = out.Data[i][:0]
		}
		begin := time.Now()
		_, err = sim.Run(context.Background(), p, sim.Job[float32]{Source: src, Sink: &out, Workers: workers})
		if err != nil {
			return err
		}
		fmt.Printf("%.0f\n", float64(samples)/time.Since(begin).Seconds())
	}
	return nil
}
