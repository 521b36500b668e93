package torch

import (
	"encoding/json"
	"fmt"
	"strings"
)

// schemaMajor is the one format of programs that is known here; PyTorch raises it when old readers would
// misunderstand. Minor versions add fields.
const (
	schemaFirst = 5
	schemaMajor = 8
)

// program is what torch.export.save wrote: a graph of calls of operators, and where its inputs come from.
type program struct {
	Module struct {
		Graph     graph     `json:"graph"`
		Signature signature `json:"signature"`
		Calls     []struct {
			Path      string `json:"fqn"`
			Signature *struct {
				Arguments []string `json:"forward_arg_names"`
			} `json:"signature"`
		} `json:"module_call_graph"`
	} `json:"graph_module"`
	Ranges  map[string]sizeRange `json:"range_constraints"`
	Schema  version              `json:"schema_version"`
	Version string               `json:"torch_version"`
}

type sizeRange struct {
	Min *int `json:"min_val"`
	Max *int `json:"max_val"`
}

// version is that of the format: a number until PyTorch 2.1, then two.
type version struct{ major, minor int }

// UnmarshalJSON implements json.Unmarshaler.
func (v *version) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &v.major) == nil {
		return nil
	}
	var both struct{ Major, Minor int }
	err := json.Unmarshal(text, &both)
	v.major, v.minor = both.Major, both.Minor
	return err
}

// graph holds the calls in the order of execution.
type graph struct {
	Inputs  []argument            `json:"inputs"`
	Outputs []argument            `json:"outputs"`
	Nodes   []node                `json:"nodes"`
	Tensors map[string]tensorMeta `json:"tensor_values"`
	Sizes   map[string]dimension  `json:"sym_int_values"`
}

// node is the call of one operator.
type node struct {
	Target   string          `json:"target"` // torch.ops.aten.linear.default
	Inputs   []namedArgument `json:"inputs"`
	Outputs  []argument      `json:"outputs"`
	Metadata struct {
		Stack    string `json:"nn_module_stack"`
		Function string `json:"torch_fn"`
	} `json:"metadata"`
}

type namedArgument struct {
	Name string   `json:"name"`
	Arg  argument `json:"arg"`
}

// tensorMeta describes a tensor of the graph or in a file: the batch axis included.
type tensorMeta struct {
	DType   int         `json:"dtype"`
	Sizes   []dimension `json:"sizes"`
	Strides []dimension `json:"strides"`
	Offset  dimension   `json:"storage_offset"`
	Layout  int         `json:"layout"`
}

// dimension is a number, or one that is known only when the program runs, of which there is an example.
type dimension struct {
	Int  *int `json:"as_int"`
	Expr *struct {
		Text string `json:"expr_str"`
		Hint *struct {
			Int *int `json:"as_int"`
		} `json:"hint"`
	} `json:"as_expr"`
}

// known is the number; of one that is not fixed ok is false, and n is the example.
func (d dimension) known() (n int, ok bool) {
	if d.Int != nil {
		return *d.Int, true
	}
	if d.Expr != nil && d.Expr.Hint != nil && d.Expr.Hint.Int != nil {
		return *d.Expr.Hint.Int, false
	}
	return 0, false
}

// signature says what the inputs and outputs of the graph are.
type signature struct {
	Inputs  []inputSpec  `json:"input_specs"`
	Outputs []outputSpec `json:"output_specs"`
}

type inputSpec struct {
	Parameter *struct {
		Arg  tensorName `json:"arg"`
		Name string     `json:"parameter_name"`
	} `json:"parameter"`
	Buffer *struct {
		Arg  tensorName `json:"arg"`
		Name string     `json:"buffer_name"`
	} `json:"buffer"`
	Constant *struct {
		Arg  tensorName `json:"arg"`
		Name string     `json:"tensor_constant_name"`
	} `json:"tensor_constant"`
	User *struct {
		Arg argument `json:"arg"`
	} `json:"user_input"`
}

type outputSpec struct {
	User *struct {
		Arg argument `json:"arg"`
	} `json:"user_output"`
}

type tensorName struct {
	Name string `json:"name"`
}

// decodeProgram reads the JSON of a program.
func decodeProgram(text []byte) (*program, error) {
	p := &program{}
	if err := json.Unmarshal(text, p); err != nil {
		return nil, fmt.Errorf("program: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if v := p.Schema; v.major < schemaFirst || v.major > schemaMajor {
		return nil, fmt.Errorf("schema_version: got %d.%d, of PyTorch %s, want %d to %d", v.major, v.minor,
			orUnknown(p.Version), schemaFirst, schemaMajor)
	}
	if len(p.Module.Graph.Nodes) == 0 {
		return nil, fmt.Errorf("graph: got no operators, want one at least")
	}
	return p, p.unique()
}

// unique wants every tensor made once: what it is made of would be a circle otherwise.
func (p *program) unique() error {
	made := map[string]bool{}
	for _, in := range p.Module.Graph.Inputs {
		for _, tensor := range in.tensors() {
			made[tensor] = true
		}
	}
	for i := range p.Module.Graph.Nodes {
		for _, tensor := range p.Module.Graph.Nodes[i].results() {
			if made[tensor] && tensor != "" {
				return fmt.Errorf("graph: got tensor %q twice, want it once", tensor)
			}
			made[tensor] = true
		}
	}
	return nil
}

func orUnknown(version string) string {
	if version == "" {
		return "of an unknown version"
	}
	return version
}
