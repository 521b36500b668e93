package passes

// SkipSoftmax removes softmaxes that the configuration wants skipped: the largest input stays the largest,
// which is all that many readers look at.
var SkipSoftmax = own("vivado:skip_softmax", "remove softmaxes with Skip")

// FixSoftmaxTableSize makes tables no larger than the widths of their indices allow. Front ends that size the
// tables themselves are left alone.
var FixSoftmaxTableSize = own("vivado:fix_softmax_table_size",
	"limit softmax tables to what their indices can reach")
