package build_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// inner is a struct that no kind has.
type inner struct {
	Size int `hls:"size"`
}

// Outer are the attributes of a kind; like those of real kinds it embeds an exported struct.
type Outer struct {
	Inner
	Flag bool `hls:"flag"`
}

// Inner is embedded in Outer.
type Inner struct {
	Width int `hls:"width"`
}

// kinds knows one kind.
type kinds struct{}

func (kinds) Kind(name string) (*ir.Kind, bool) {
	return &ir.Kind{Name: name, NewAttrs: func() any { return &Outer{} }}, name == "Mine"
}

func (kinds) KindNames() []string { return []string{"Mine"} }

// call is a layer of three values.
func call() *build.Call {
	return build.NewScope(kinds{}, false, nil).Call("C", "l", nil, build.Tensor{Name: "x", Shape: []int{3}})
}

// TestAttrs fills the struct of a kind, and one that it embeds; another's error waits for Done.
func TestAttrs(t *testing.T) {
	out, err := call().Layer("Mine", "C")
	require.NoError(t, err)
	build.Attrs[Inner](out).Width = 4
	build.Attrs[Outer](out).Flag = true
	require.Equal(t, &Outer{Inner{4}, true}, out.Layer.Attrs)
	require.Equal(t, []string{"x"}, out.Inputs)
	_, err = out.Done()
	require.NoError(t, err)

	build.Attrs[inner](out).Size = 2
	_, err = out.Done()
	require.EqualError(t, err, "attributes of the kind Mine: got *build_test.Outer, want *build_test.inner "+
		"or a struct that embeds it")
	_, err = call().Layer("Yours", "C")
	require.EqualError(t, err, "kind Yours: got none registered, want its plugin")
}

// TestMakeKeepsErrors finds what a handler that returns without Done could not set.
func TestMakeKeepsErrors(t *testing.T) {
	h := build.Handler{Read: func(c *build.Call) (*build.Out, error) {
		out, err := c.Layer("Mine", "C")
		out.Set("witdh", 3)
		return out, err
	}}
	_, err := h.Make(call())
	require.EqualError(t, err, "attribute witdh: got none in the kind Mine, want it declared")
	h.Read = func(*build.Call) (*build.Out, error) { return nil, nil }
	_, err = h.Make(call())
	require.EqualError(t, err, "handler: got no layer from it, want one or an error")
}

// TestScope finds tensors by the source's names, and refuses names that are taken.
func TestScope(t *testing.T) {
	s := build.NewScope(kinds{}, false, nil)
	add := func(s *build.Scope, name string, more map[int]build.Tensor) error {
		out, err := s.Call("C", name, nil).Layer("Mine", "C")
		require.NoError(t, err)
		out.Shape, out.More = []int{2}, more
		return s.Add("source_"+name, out)
	}
	require.NoError(t, add(s, "a", map[int]build.Tensor{2: {Name: "a_h", Shape: []int{5}}}))
	got, err := s.Tensor(build.Ref{Layer: "source_a", Output: 2})
	require.NoError(t, err)
	require.Equal(t, build.Tensor{Name: "a_h", Shape: []int{5}}, got)
	s.Bind(build.Ref{Layer: "nothing"}, s.Last())
	got, err = s.Tensor(build.Ref{Layer: "nothing"})
	require.NoError(t, err)
	require.Equal(t, build.Tensor{Name: "a", Shape: []int{2}}, got)

	_, err = s.Tensor(build.Ref{Layer: "source_a", Output: 1})
	require.EqualError(t, err, `"source_a": got its output 1, want one that the layer has`)
	_, err = s.Tensor(build.Ref{Layer: "b"})
	require.EqualError(t, err, `"b": got no layer of that name before, want one`)
	require.ErrorContains(t, add(s, "a_h", nil), `name: got "a_h" a second time`)
	require.ErrorContains(t, add(s.Nested(nil), "a", nil), `name: got "a" a second time`)
	_, err = s.Nested(nil).Tensor(build.Ref{Layer: "source_a"})
	require.ErrorContains(t, err, "got no layer of that name")
}

// TestBefore adds the layers that a handler makes of one in their order; the source's name is that of the
// last.
func TestBefore(t *testing.T) {
	c := call()
	first, err := c.Part("C", "l_iq", nil, build.Tensor{Name: "x", Shape: []int{3}}).Layer("Mine", "C")
	require.NoError(t, err)
	last, err := c.Part("C", "l", nil, build.Tensor{Name: "l_iq", Shape: []int{3}}).Layer("Mine", "C")
	require.NoError(t, err)
	last.Before = []*build.Out{first}
	s := build.NewScope(kinds{}, false, nil)
	require.NoError(t, s.Add("source", last))
	require.Len(t, s.Layers(), 2)
	require.Equal(t, []string{"l_iq"}, s.Layers()[1].Inputs)
	require.Equal(t, "l", s.Layers()[0].Source)
	got, err := s.Tensor(build.Ref{Layer: "source"})
	require.NoError(t, err)
	require.Equal(t, build.Tensor{Name: "l", Shape: []int{3}}, got)
	require.Equal(t, got, s.Last())
	require.ErrorContains(t, s.Add("again", last), `name: got "l_iq" a second time`)
}

// TestArguments sorts inputs by the parameters that they are for.
func TestArguments(t *testing.T) {
	c := call()
	c.Inputs, c.Shapes = []string{"a", "b", "c"}, [][]int{{1}, {2}, {3}}
	names := func(list []build.Tensor) (out []string) {
		for _, x := range list {
			out = append(out, x.Name)
		}
		return out
	}
	got, err := c.Arguments("query", "value", "key", "mask")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c", ""}, names(got))
	c.Keywords = []string{"", "key", "value"}
	got, err = c.Arguments("query", "value", "key")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "c", "b"}, names(got))
	for _, keywords := range [][]string{{"", "query", "value"}, {"", "other", "value"}} {
		c.Keywords = keywords
		_, err = c.Arguments("query", "value", "key")
		require.ErrorContains(t, err, "inputs: got 3")
	}
	_, err = c.Arguments("query")
	require.ErrorContains(t, err, "inputs: got 3")
}

// TestNumbered counts objects without names, each kind for itself.
func TestNumbered(t *testing.T) {
	s := build.NewScope(kinds{}, false, nil)
	c := s.Call("C", "l", nil)
	require.Equal(t, "quantizer", c.Numbered("quantizer"))
	require.Equal(t, "softmax", c.Numbered("softmax"))
	require.Equal(t, "quantizer_1", s.Nested(nil).Numbered("quantizer"))
	require.Equal(t, "quantizer_2", c.Part("C", "m", nil).Numbered("quantizer"))
}
