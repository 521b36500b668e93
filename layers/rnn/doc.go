// Package rnn holds the recurrent layers: SimpleRNN, LSTM, GRU and Bidirectional.
package rnn

import "github.com/hlsgo/hlsgo/layers"

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(simpleRNNDef, lstmDef, gruDef, bidirectionalDef)
}
