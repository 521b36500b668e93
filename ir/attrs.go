package ir

import (
	"fmt"
	"reflect"
	"strings"
)

// Attributes of a node are a pointer to the kind's own struct. Its fields carry the name that hls4ml
// uses, `hls:"n_in"`; `hls:"max_value,ignored"` marks one that hls4ml reads past and that only the float
// reference honours; `hls:"-"` hides a field. Embedded structs are flattened.

// Field is one attribute of a node as the outside sees it.
type Field struct {
	Name    string // hls4ml's snake_case name
	Value   any
	Ignored bool // hls4ml ignores it: no effect on firmware
}

// Fields lists the attributes held in attrs in the order of declaration.
func Fields(attrs any) []Field {
	var out []Field
	walkAttrs(attrs, func(name string, ignored bool, v reflect.Value) bool {
		out = append(out, Field{name, v.Interface(), ignored})
		return true
	})
	return out
}

// GetAttr returns the value of the attribute called name.
func GetAttr(attrs any, name string) (any, bool) {
	var out any
	found := false
	walkAttrs(attrs, func(n string, _ bool, v reflect.Value) bool {
		if n == name {
			out, found = v.Interface(), true
		}
		return !found
	})
	return out, found
}

// SetAttr stores value under name, converting between the numeric types of YAML and the field's. It
// returns false when there is no such attribute, and an error when the value has the wrong type.
func SetAttr(attrs any, name string, value any) (bool, error) {
	found := false
	var err error
	walkAttrs(attrs, func(n string, _ bool, v reflect.Value) bool {
		if n == name {
			found = true
			err = assign(v, value)
		}
		return !found
	})
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return found, err
}

// walkAttrs visits by reflection. Kinds come from plugins too, so there is no list of structs to switch over;
// layers and kernels use their own struct directly, and only what does not know the kind comes here.
func walkAttrs(attrs any, visit func(name string, ignored bool, v reflect.Value) bool) {
	v := reflect.ValueOf(attrs)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return
	}
	walkStruct(v.Elem(), visit)
}

func walkStruct(v reflect.Value, visit func(string, bool, reflect.Value) bool) bool {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			if !walkStruct(v.Field(i), visit) {
				return false
			}
			continue
		}
		name, flags, _ := strings.Cut(f.Tag.Get("hls"), ",")
		if name == "" || name == "-" {
			continue
		}
		if !visit(name, flags == "ignored", v.Field(i)) {
			return false
		}
	}
	return true
}

// assign stores a value as YAML gives it: 1 and 1.0 are the same to its readers, and to Python, while fields
// have one type. A float that is no whole number does not become an int; Python would cut it, and nobody
// means that.
func assign(dst reflect.Value, value any) error {
	if value == nil {
		dst.SetZero()
		return nil
	}
	src := reflect.ValueOf(value)
	if src.Type().AssignableTo(dst.Type()) {
		dst.Set(src)
		return nil
	}
	switch {
	case dst.Kind() == reflect.Pointer:
		p := reflect.New(dst.Type().Elem())
		if err := assign(p.Elem(), value); err != nil {
			return err
		}
		dst.Set(p)
		return nil
	case dst.CanInt() && src.CanInt(), dst.CanFloat() && (src.CanInt() || src.CanFloat()):
		dst.Set(src.Convert(dst.Type()))
		return nil
	case dst.CanInt() && src.CanFloat() && src.Float() == float64(int64(src.Float())):
		dst.SetInt(int64(src.Float()))
		return nil
	case dst.Kind() == reflect.String && src.Kind() == reflect.String:
		dst.SetString(src.String())
		return nil
	}
	return fmt.Errorf("got %v (%s), want %s", value, src.Type(), dst.Type())
}
