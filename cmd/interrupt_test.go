package cmd_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/cmd"
)

// TestInterruptDoesNotWait for work that never looks up, here a plugin that sleeps.
func TestInterruptDoesNotWait(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	busy := make(chan struct{})
	plugin := hlsgo.Plugin{Name: "p", Setup: func(*hlsgo.Registry) error {
		close(busy)
		time.Sleep(2 * time.Second)
		return nil
	}}
	go func() {
		<-busy
		cancel()
	}()
	begin := time.Now()
	var out, words bytes.Buffer
	code := cmd.Streams{Out: &out, Err: &words}.Run(ctx, []string{"layers"}, plugin)
	require.Less(t, time.Since(begin), time.Second)
	require.Equal(t, cmd.ExitInterrupted, code)
	require.Equal(t, "hlsgo: interrupted\n", words.String())
	time.Sleep(2 * time.Second)
	require.Empty(t, out.String(), "what is left behind says nothing")
}
