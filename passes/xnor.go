package passes

// XnorPooling gives maximum poolings of bits bits as results: the largest of bits is one of them.
var XnorPooling = own("vivado:xnor_pooling", "keep bits as bits in maximum poolings")
