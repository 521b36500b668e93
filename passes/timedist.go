package passes

// ExpandTimeDistributed puts the layer of a step between two nodes: the first hands out a step, the second
// collects what comes back. From then on passes see the layer as they see others.
var ExpandTimeDistributed = own("expand_time_distributed",
	"put what a TimeDistributed repeats between its begin and its end")
