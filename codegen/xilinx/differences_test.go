package xilinx_test

import "regexp"

// difference is something that our projects say differently from hls4ml's: lines of a topic that match theirs
// read ours instead ($1 is the first group).
type difference struct {
	topic, theirs *regexp.Regexp
	ours          string
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
}

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile("^" + pattern + "$") }
