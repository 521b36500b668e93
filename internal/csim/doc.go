// Package csim compiles a project in memory with a C++ compiler and runs it: the judge of the simulator.
//
// Build writes the projects of some models and a small driver into a folder of the cache, compiles them into
// one program, and Program.Run starts it as a child process. A program is kept under a hash of everything
// that went into it, so that an unchanged project is compiled once.
//
// # Protocol
//
// The program is started as "program MODEL float|double" in its own folder. On its standard input it reads
// samples: for each input of the model in order, Size numbers of the given type, little-endian. It ends at
// the end of the input. On its standard output it writes the eight bytes "hlscsim1" and then records, all
// numbers little-endian:
//
//	'T' or 'O'   a tensor: 'T' what nnet::save_layer_output was given, 'O' an output of the model
//	    u32      length of the name
//	    bytes    name
//	    u64      number of elements
//	    u32      width of an element in bits
//	    u32      bytes of an element
//	    u8       1: signed, 2: floating point (bits may be combined)
//	    bytes    the elements: two's complement raw integers, extended to whole bytes, or IEEE bits
//	'S'          the sample is complete
//	'E'          the end
//	    u32      streams that were destroyed before they were read to their end
//
// Whatever the model itself prints goes to standard error. A failure ends the program with status 3 and its
// reason on standard error.
package csim
