package torch

import (
	"fmt"
	"io"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// The archives of PyTorch before 2.8: a graph at the top, and the weights and constants each in an archive of
// torch.save inside.

// flatProgram is program for such an archive.
func (a *archive) flatProgram() (*program, *parameters, error) {
	text, err := a.Text("serialized_exported_program.json")
	if err != nil {
		return nil, nil, err
	}
	p, err := decodeProgram(text)
	if err != nil {
		return nil, nil, a.Errorf("%w", err)
	}
	params := &parameters{}
	if params.weights, err = a.saved("serialized_state_dict.pt"); err != nil {
		return nil, nil, err
	}
	params.constants, err = a.saved("serialized_constants.pt")
	return p, params, err
}

// saved lists the tensors of a dictionary that torch.save wrote, which is a member.
func (a *archive) saved(name string) (map[string]*stored, error) {
	if !a.Has(name) {
		return nil, nil
	}
	member, size, err := a.Member(name)
	if err != nil || size == 0 { // no dictionary, where there is nothing in it
		return nil, err
	}
	inner, err := build.NewArchive(a.path+": "+name, member, size)
	if err != nil {
		return nil, err
	}
	root, f := classify(inner.Names())
	if f != pickledForm {
		return nil, a.Errorf("%s: got an archive without a pickle, want one of torch.save", name)
	}
	data, err := inner.Text(root + "data.pkl")
	if err != nil {
		return nil, err
	}
	value, err := unpickle(data)
	if err != nil {
		return nil, a.Errorf("%s: %w", name, err)
	}
	dict, ok := value.(*table)
	if !ok {
		return nil, a.Errorf("%s: got %T, want a dictionary of tensors", name, value)
	}
	return storedIn(inner, root, dict), nil
}

// storedIn lists the tensors of a dictionary. What is none is left out: whoever needs it finds none.
func storedIn(inner *build.Archive, root string, dict *table) map[string]*stored {
	out := map[string]*stored{}
	for i, k := range dict.keys {
		key, _ := k.(string)
		c, ok := dict.values[i].(call)
		if !ok || len(c.args) < 4 {
			continue
		}
		t, file, err := c.tensor(key)
		if err != nil {
			continue
		}
		t.bytes = func() (io.ReaderAt, int64, error) { return inner.Member(root + "data/" + file) }
		out[key] = t
	}
	return out
}

// storageTypes are the element types of storages, by their numbers in programs.
var storageTypes = map[string]int{
	"torch.ByteStorage": 1, "torch.CharStorage": 2, "torch.ShortStorage": 3, "torch.IntStorage": 4,
	"torch.LongStorage": 5, "torch.HalfStorage": 6, "torch.FloatStorage": float32Type,
	"torch.DoubleStorage": float64Type, "torch.BoolStorage": 12, "torch.BFloat16Storage": 13,
}

// tensor is what a call of _rebuild_tensor_v2 (storage, offset, size, stride, ...) makes, and the member of
// its storage.
func (c call) tensor(name string) (t *stored, file string, err error) {
	s, ok := c.args[0].(storageRef)
	t = &stored{name: name, dtype: storageTypes[s.kind]}
	offset, whole := c.args[1].(int)
	t.offset = offset
	for i, into := range []*[]int{&t.shape, &t.stride} {
		list, tuple := c.args[2+i].([]any)
		for _, v := range list {
			n, known := v.(int)
			*into, whole = append(*into, n), whole && known
		}
		ok = ok && tuple
	}
	if !ok || !whole || len(t.shape) != len(t.stride) || len(t.shape) > maxRank {
		return nil, "", fmt.Errorf("tensor %q: got other arguments than a storage, an offset, sizes and "+
			"strides", name)
	}
	return t, s.key, nil
}
