package codegen

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Spelling is how one dialect writes in C++ what every dialect has. This package and the emitters of layers
// ask it for words, so that none of them holds a tool's text. How a number type is written follows from its
// format alone, family included (fixed.Format.CPP): the rest is the dialect's.
type Spelling interface {
	// Type is a number type, such as ap_fixed<16,6>.
	Type(f fixed.Format) string
	// UInt is an unsigned integer; width is an expression over constants that are in scope.
	UInt(width string) string
	// Word is one word of a stream: n values of a type.
	Word(typ string, n int) string
	// Stream is a queue of words.
	Stream(word string) string
	// Exponent is the body of the struct of power-of-two weights: a sign, and an exponent of format f.
	Exponent(f fixed.Format) string
	// Headers lists the headers that declare number types, in the order in which they are included.
	Headers() []string
	// StreamHeader declares Stream.
	StreamHeader() string
	// Namespaces lists the namespaces of the headers, which no name of a model may shadow.
	Namespaces() []string
	Pragmas
}

// Pragmas are the directives of a dialect, each one line; "" where the tool has none.
type Pragmas interface {
	// Inline dissolves the function that it stands in.
	Inline() string
	// Unroll writes out the loop that it stands in.
	Unroll() string
	// PipelineLoop lets the turns of the loop that it stands in overlap.
	PipelineLoop() string
	// Pipeline starts the function that it stands in anew every ii cycles; ii is a C++ expression.
	Pipeline(ii string) string
	// Split keeps every value of an array in a register of its own.
	Split(array string) string
	// Pack stores factor neighbouring values of an array in one word.
	Pack(array, factor string) string
	// ROM keeps a constant array in block memory.
	ROM(array string) string
	// Multipliers bounds how many multipliers the function that it stands in may have.
	Multipliers(limit int) string
	// Storage says how a tensor between layers is kept: split, packed, or the depth of its queue.
	Storage(v *ir.Variable) string
}
