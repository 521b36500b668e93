package xilinx_test

import "regexp"

// difference is something that our projects say differently from hls4ml's: what matches theirs in a topic
// reads ours instead ($1 is the first group), and what matches own, without counterpart in theirs, plain.
type difference struct {
	topic, theirs *regexp.Regexp
	ours          string
	own           *regexp.Regexp
	plain         string
	reason        string
}

// differences lists all that our projects say differently from hls4ml's. Wording, comments and layout, and
// which headers the library has, are no facts of a project.
var differences = []difference{
	{
		topic:  whole(`parameters`),
		theirs: whole(`static const unsigned n_scale_bias=\(n_filt==-1\)\?n_in:n_filt;`),
		ours:   `static const unsigned n_scale_bias=(n_filt==unsigned(-1))?n_in:n_filt;`,
		reason: "the same value without comparing signed with unsigned, so that -Wall has no warning",
	},
	{
		topic:  whole(`parameters`),
		theirs: whole(`(unsigned config\d+_(?:from_shape|to_shape|perm|perm_strides)\[\d+\]=\{[\d,]+\};)`),
		ours:   `const $1`,
		reason: "the arrays behind a transpose are constants; const also keeps them local to the translation unit",
	},
	{
		topic:  whole(`types`),
		theirs: dropped(`typedef \w+<[\d,]+>\w+_(?:slope|shift)_prec;`),
		reason: "nothing uses these types; those of slope and shift are called after the layer's number",
	},
	{
		topic:  whole(`top`),
		theirs: regexp.MustCompile(`for\(int ts=0;`),
		ours:   `for(unsigned ts=0;`,
		reason: "steps are compared with an unsigned number",
	},
	{
		topic:  whole(`top|layer of each call`),
		theirs: regexp.MustCompile(`(read|write)_time_step_\dd`),
		ours:   `${1}_time_step`,
		own: regexp.MustCompile(`(?m)(read_time_step<\w+),\w+(,\w+>)|(write_time_step<)\w+,(\w+,\w+>)|` +
			`^write_time_step \w+_end\n`),
		plain:  `$1$2$3$4`,
		reason: "one function for any number of axes, with the types of both sides; both calls name their layer",
	},
	{
		topic:  whole(`top|layer of each call|generated`),
		own:    regexp.MustCompile(`\bquantize_(\w+)`),
		plain:  `$1`,
		reason: "what a layer is called may mean something else in the namespace",
	},
	{
		topic:  whole(`top|layer of each call`),
		own:    regexp.MustCompile(`gru_stack_one_bias`),
		plain:  `gru_stack`,
		reason: "a function that does not read the second bias, which the layer does not have",
	},
	{
		topic:  whole(`parameters`),
		own:    dropped(`static const unsigned bias_offset=\d+;`),
		reason: "where in memory the second bias begins, behind which hls4ml reads on",
	},
	{
		topic:  whole(`parameters`),
		own:    dropped(`#include "nnet_utils/nnet_layernorm_stream\.h"`),
		reason: "hls4ml has no LayerNormalization for streams",
	},
	{
		topic:  whole(`parameters`),
		theirs: dropped(garnetReferences),
		reason: "the weights are arguments of nnet::garnet and not references in the configuration",
	},
	{
		topic:  whole(`top`),
		theirs: regexp.MustCompile(`nnet::garnet(?:_stack)?(<\w+,\w+,\w+),\w+(>.*)\);`),
		ours:   `nnet::garnet$1$2);`,
		own: regexp.MustCompile(`(nnet::garnet<\w+,\w+,\w+)(?:,config\w+)+(>.*),` + garnetArgument +
			`(?:.*\}\n,` + garnetArgument + `)*.*\}\n\);`),
		plain:  `$1$2);`,
		reason: "the weights are arguments of nnet::garnet and not references in the configuration",
	},
	{
		topic:  whole(`layer of each call`),
		theirs: whole(`garnet_stack (\w+)`),
		ours:   `garnet $1`,
		reason: "one function for any number of layers",
	},
	{
		topic:  whole(`parameters`),
		theirs: regexp.MustCompile(`static const unsigned output_collapse=collapse_mean;`),
		ours:   `static const bool collapse=true;`,
		reason: "the mean is the only form that there is code for",
	},
	{
		topic:  whole(`parameters`),
		theirs: regexp.MustCompile(`static const unsigned output_collapse=no_collapse;`),
		ours:   `static const bool collapse=false;`,
		reason: "the mean is the only form that there is code for",
	},
	{
		topic: whole(`parameters`),
		theirs: dropped(`static const bool is_stack=true;|struct config\d+:config\d+_base\{\n` +
			`static const unsigned n_sublayers=\d+;\ntemplate<int L>struct sublayer_t:config\d+_base\{\n\}\n\}`),
		reason: "the layers of a stack are arguments of a template and need no list",
	},
	{
		topic:  whole(`parameters`),
		theirs: whole(`template<>struct config(\d+)::sublayer_t<(\d+)>:(config\d+_base\{)`),
		ours:   `struct config${1}_$2:$3`,
		reason: "the layers of a stack are arguments of a template and need no list",
	},
}

const garnetArgument = `nnet::garnet_weights<config\w+>\{\n`

// garnetReferences are the lines by which configurations of a GarNet of hls4ml name weights and output.
const garnetReferences = `(?:static const \w+_t\(&\w+\)\[\d+\];|` +
	`const config\d+(?:::sublayer_t<\d>)?::\w+_t\(&.*|` +
	`typedef (?:config\d+ base_t|config\d+_base base_t|\w+ output_t|\w+ output_transform_weights_t|` +
	`config\d+::sublayer_t<\d> ?next_layer_t);)`

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile("(?m)^(?:" + pattern + ")$") }

// dropped matches lines of the pattern with their ends.
func dropped(pattern string) *regexp.Regexp { return regexp.MustCompile("(?m)^(?:" + pattern + ")\n") }
