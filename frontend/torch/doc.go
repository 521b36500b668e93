// Package torch reads networks of PyTorch: the programs that torch.export.save writes. Of such an archive it
// reads the graph, in JSON, and the weights, which are raw numbers; nothing of it is executed.
//
// The calls of operators in a program are put together again into the modules that made them, so that layers
// have the names and the order that hls4ml's reader gives them, which traces the live module. Shapes are
// those of PyTorch, channels first; what becomes of them says the key ChannelsLastConversion, by a pass.
package torch
