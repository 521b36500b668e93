package config

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// typeSuffix ends the names of type attributes.
const typeSuffix = "_t"

// kindKeys are the keys that one kind of layer declares for one tool.
type kindKeys struct {
	kind      *ir.Kind
	options   []ir.Option
	settings  map[string]bool // attributes that have an effect, in snake case
	variables []string        // entries of Precision that have a type
}

func newKindKeys(k *ir.Kind, tool ir.Tool) *kindKeys {
	own := &kindKeys{
		kind: k, options: k.Options(tool), settings: map[string]bool{}, variables: []string{"default", "result"},
	}
	for _, o := range own.options {
		name, isType := strings.CutSuffix(o.Name, typeSuffix)
		switch {
		case o.Class == ir.WeightOption: // has a type, and is none of the user's settings
			own.variables = append(own.variables, o.Name)
			continue
		case o.Class == ir.TypeOption && isType:
			own.variables = append(own.variables, name)
		}
		own.settings[o.Name] = true
	}
	fields := ir.Fields(k.NewAttrs())
	if k.NewState != nil {
		fields = append(fields, ir.Fields(k.NewState(tool))...)
	}
	for _, f := range fields {
		if !f.Ignored {
			own.settings[f.Name] = true
		}
	}
	return own
}

// has reports whether the kind has a type for an entry of Precision.
func (k *kindKeys) has(variable string) bool { return slices.Contains(k.variables, variable) }

// option returns what the kind declares of an attribute, or nil.
func (k *kindKeys) option(name string) *ir.Option { return optionOf(k.options, name) }

func optionOf(options []ir.Option, name string) *ir.Option {
	for i := range options {
		if options[i].Name == name {
			return &options[i]
		}
	}
	return nil
}

// spelled lists the settings as generated configurations spell them.
func (k *kindKeys) spelled() []string {
	var names []string
	for _, o := range k.options {
		switch o.Class {
		case ir.Configurable, ir.Choice:
			names = append(names, ir.PascalCase(o.Name))
		case ir.TypeOption:
			names = append(names, o.Name)
		}
	}
	return names
}

// sameType reports whether text is the default of a type option.
func sameType(text string, o *ir.Option) bool {
	def, ok := o.DefaultFormat()
	got, err := fixed.Parse(text)
	return ok && err == nil && got == def
}
