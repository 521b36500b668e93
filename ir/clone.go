package ir

import (
	"reflect"
	"slices"
)

// Clone returns a copy whose layers, attributes and names are its own, so that a graph built from it leaves p
// as it is. Weight tensors are shared: nothing changes them in place.
func (p *Parsed) Clone() *Parsed {
	out := &Parsed{
		Inputs: slices.Clone(p.Inputs), Outputs: slices.Clone(p.Outputs), ChannelsFirst: p.ChannelsFirst,
		Warnings: slices.Clone(p.Warnings),
	}
	for _, l := range p.Layers {
		c := *l
		c.Inputs, c.Outputs = slices.Clone(l.Inputs), slices.Clone(l.Outputs)
		c.Attrs = CloneAttrs(l.Attrs)
		out.Layers = append(out.Layers, &c)
	}
	return out
}

// CloneAttrs returns a copy of an attribute struct with slices of its own. What pointers in it point to is
// shared: passes replace it and never change it in place.
func CloneAttrs(attrs any) any {
	v := reflect.ValueOf(attrs)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return attrs
	}
	c := reflect.New(v.Type().Elem())
	c.Elem().Set(v.Elem())
	cloneFields(c.Elem())
	return c.Interface()
}

func cloneFields(s reflect.Value) {
	for i := range s.NumField() {
		f := s.Field(i)
		switch {
		case !f.CanSet():
		case f.Kind() == reflect.Struct:
			cloneFields(f)
		// Passes write into shapes and paddings in place.
		case f.Kind() == reflect.Slice && !f.IsNil():
			c := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
			reflect.Copy(c, f)
			f.Set(c)
		}
	}
}
