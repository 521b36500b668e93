// Package rnn holds the recurrent layers: SimpleRNN, LSTM, GRU and Bidirectional.
package rnn

import "github.com/hlsgo/hlsgo/layers"

// Defs lists the kinds of the family.
var Defs = []layers.Def{simpleRNNDef, lstmDef, gruDef, bidirectionalDef}
