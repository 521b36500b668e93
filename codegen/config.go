package codegen

import (
	"fmt"
	"strconv"

	"github.com/hlsgo/hlsgo/fixed"
)

// Config is a C++ configuration struct as data: emitters fill it, the printer spells it.
// As data, and not as text with holes: emitters of several dialects fill the same struct, tests read it, and
// the spelling of a member is decided in one place.
type Config struct {
	Name, Base string // Base "" derives from nothing
	Members    []Member
}

// MemberKind says what a member of a Config is.
type MemberKind uint8

// The kinds of members.
const (
	Constant  MemberKind = iota // static const Type Name = Value;
	Constexpr                   // static constexpr Type Name = Value;
	Alias                       // typedef Type Name;
	Template                    // template<Params> using Name = Type<the parameters' names>;
	Static                      // static const Type Name; defined after the struct with Value
	Array                       // static const Type Name[Size]; defined after the struct with {Value}
	Pointer                     // static const Type *const Name; points to an array {Value} after the struct
)

// Member is one member of a Config.
type Member struct {
	Kind              MemberKind
	Type, Name, Value string
	Params            []string // of a Template: "class data_T", "unsigned K"
	Size              string   // of an Array (an expression over members) or a Pointer (a number)
}

// NewConfig starts an empty struct.
func NewConfig(name, base string) *Config { return &Config{Name: name, Base: base} }

func (c *Config) add(m Member) { c.Members = append(c.Members, m) }

// Uint adds the constant unsigned name. Negative values are written as they are: -1 is hls4ml's "unset".
func (c *Config) Uint(name string, v int) {
	c.add(Member{Kind: Constant, Type: "unsigned", Name: name, Value: strconv.Itoa(v)})
}

// Bool adds the constant bool name.
func (c *Config) Bool(name string, v bool) {
	c.add(Member{Kind: Constant, Type: "bool", Name: name, Value: strconv.FormatBool(v)})
}

// Expr adds the constant unsigned name with the value of an expression over other members.
func (c *Config) Expr(name, expression string) {
	c.add(Member{Kind: Constant, Type: "unsigned", Name: name, Value: expression})
}

// Auto adds a constant of the type of its value, such as a function.
func (c *Config) Auto(name, value string) {
	c.add(Member{Kind: Constexpr, Type: "auto", Name: name, Value: value})
}

// Enum adds a constant of an enumeration type.
func (c *Config) Enum(typ, name, enumerator string) {
	c.add(Member{Kind: Constant, Type: typ, Name: name, Value: enumerator})
}

// Float adds a constexpr float.
func (c *Config) Float(name string, v float64) {
	c.add(Member{Kind: Constexpr, Type: "float", Name: name, Value: FloatText(v)})
}

// Type adds the type name as an alias of a C++ type.
func (c *Config) Type(name, cpp string) { c.add(Member{Kind: Alias, Type: cpp, Name: name}) }

// Using adds the alias template name over the parameters, such as "class data_T", for target.
func (c *Config) Using(name, target string, params ...string) {
	c.add(Member{Kind: Template, Name: name, Type: target, Params: params})
}

// Static adds a constant of a class type, which C++11 defines outside the struct.
func (c *Config) Static(typ, name, value string) {
	c.add(Member{Kind: Static, Type: typ, Name: name, Value: value})
}

// Array adds a constant array of size (an expression over the members before it) with the listed values.
func (c *Config) Array(typ, name, size, values string) {
	c.add(Member{Kind: Array, Type: typ, Name: name, Size: size, Value: values})
}

// Pointer adds a pointer to a constant array of whole numbers that stands beside the struct.
func (c *Config) Pointer(name string, values []int) {
	m := Member{Kind: Pointer, Type: "unsigned", Name: name, Size: strconv.Itoa(len(values))}
	for i, v := range values {
		if i > 0 {
			m.Value += ", "
		}
		m.Value += strconv.Itoa(v)
	}
	c.add(m)
}

// Kernel adds the alias template `kernel` of dense configurations.
func (c *Config) Kernel(class string) {
	c.Using("kernel", class, "class data_T", "class res_T", "class CONFIG_T")
}

// Product adds the alias template `product`: how data are multiplied by weights of these formats.
func (c *Config) Product(data, weight fixed.Format) {
	c.Using("product", fmt.Sprintf("nnet::product::%s", fixed.ProductOf(data, weight)), "class x_T", "class y_T")
}
