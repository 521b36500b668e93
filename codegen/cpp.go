package codegen

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Writer prints C++ line by line with indentation.
type Writer struct {
	buf   bytes.Buffer
	depth int
}

// Line prints one line at the current depth. Preprocessor directives start in the first column.
func (w *Writer) Line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if text != "" && (text[0] != '#' || strings.HasPrefix(text, "#pragma")) {
		w.buf.WriteString(strings.Repeat("    ", w.depth))
	}
	w.buf.WriteString(text)
	w.buf.WriteByte('\n')
}

// Blank prints an empty line.
func (w *Writer) Blank() { w.buf.WriteByte('\n') }

// Open prints a line and indents what follows.
func (w *Writer) Open(format string, args ...any) {
	w.Line(format, args...)
	w.depth++
}

// Close ends the indentation of Open and prints a line.
func (w *Writer) Close(format string, args ...any) {
	w.depth--
	w.Line(format, args...)
}

// Guard prints an include guard round body. Names of a project with a namespace are its own, so that the
// headers of several projects can meet in one translation unit.
func (w *Writer) Guard(namespace, name string, body func()) {
	guard := strings.ToUpper(name) + "_H_"
	if namespace != "" {
		guard = strings.ToUpper(namespace) + "_" + guard
	}
	w.Line("#ifndef %s", guard)
	w.Line("#define %s", guard)
	w.Blank()
	body()
	w.Blank()
	w.Line("#endif")
}

// InNamespace prints body inside a namespace; "" is none.
func (w *Writer) InNamespace(namespace string, body func()) {
	if namespace == "" {
		body()
		return
	}
	w.Line("namespace %s {", namespace)
	w.Blank()
	body()
	w.Blank()
	w.Line("} // namespace %s", namespace)
}

// Bytes is what was printed.
func (w *Writer) Bytes() []byte { return w.buf.Bytes() }

// String is what was printed.
func (w *Writer) String() string { return w.buf.String() }

// String is the statement without its semicolon.
func (c *Call) String() string {
	return fmt.Sprintf("%s<%s>(%s)", c.Function, strings.Join(c.Template, ", "), strings.Join(c.Args, ", "))
}

// Config prints a configuration struct and the definitions that C++11 wants outside of it.
func (w *Writer) Config(c *Config) {
	head := "struct " + c.Name
	if c.Base != "" {
		head += " : " + c.Base
	}
	w.Open("%s {", head)
	for _, m := range c.Members {
		w.member(m)
	}
	w.Close("};")
	for _, m := range c.Members {
		if m.Kind == Pointer {
			w.Line("const %s %s_%s[%s] = {%s};", m.Type, c.Name, m.Name, m.Size, m.Value)
		}
	}
	for _, m := range c.Members {
		w.definition(c, m)
	}
}

func (w *Writer) member(m Member) {
	switch m.Kind {
	case Constant:
		w.Line("static const %s %s = %s;", m.Type, m.Name, m.Value)
	case Constexpr:
		w.Line("static constexpr %s %s = %s;", m.Type, m.Name, m.Value)
	case Alias:
		w.Line("typedef %s %s;", m.Type, m.Name)
	case Template:
		w.Line("template <%s>", strings.Join(m.Params, ", "))
		w.Line("using %s = %s<%s>;", m.Name, m.Type, strings.Join(parameterNames(m.Params), ", "))
	case Static:
		w.Line("static const %s %s;", m.Type, m.Name)
	case Array:
		w.Line("static const %s %s[%s];", m.Type, m.Name, m.Size)
	case Pointer:
		w.Line("static const %s *const %s;", m.Type, m.Name)
	}
}

// parameterNames takes the names out of template parameters: "class data_T" gives "data_T".
func parameterNames(params []string) []string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p[strings.LastIndexByte(p, ' ')+1:]
	}
	return names
}

func (w *Writer) definition(c *Config, m Member) {
	switch m.Kind {
	case Static:
		w.Line("const %s %s::%s = %s;", m.Type, c.Name, m.Name, m.Value)
	case Array:
		w.Line("const %s %s::%s[] = {%s};", qualify(m.Type, c), c.Name, m.Name, m.Value)
	case Pointer:
		w.Line("const %s *const %s::%s = %s_%s;", m.Type, c.Name, m.Name, c.Name, m.Name)
	}
}

// qualify puts the name of the struct before the members that a type names, as in ap_uint<filt_width>.
// Outside of the struct its members are not in scope, and C++11 has no inline constants.
func qualify(typ string, c *Config) string {
	for _, m := range c.Members {
		if m.Kind == Constant {
			typ = replaceWord(typ, m.Name, c.Name+"::"+m.Name)
		}
	}
	return typ
}

// replaceWord leaves longer names alone that contain the word; regular expressions would have to be built
// from names, for each struct anew.
func replaceWord(text, word, with string) string {
	var out strings.Builder
	for {
		at := strings.Index(text, word)
		if at < 0 {
			return out.String() + text
		}
		end := at + len(word)
		whole := (at == 0 || !isName(text[at-1])) && (end == len(text) || !isName(text[end]))
		out.WriteString(text[:at])
		if whole {
			out.WriteString(with)
		} else {
			out.WriteString(word)
		}
		text = text[end:]
	}
}

func isName(b byte) bool {
	return b == '_' || b == ':' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// keywords are the words that C++ keeps for itself, up to C++23.
const keywords = `
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t
char32_t class compl concept const consteval constexpr constinit const_cast continue co_await
co_return co_yield decltype default delete do double dynamic_cast else enum explicit export extern
false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr
operator or or_eq private protected public register reinterpret_cast requires return short signed
sizeof static static_assert static_cast struct switch template this thread_local throw true try
typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq`

// IsIdentifier reports whether C++ takes s as a name of its user's.
func IsIdentifier(s string) bool {
	for i := range len(s) {
		if !isName(s[i]) || s[i] == ':' || i == 0 && s[i] >= '0' && s[i] <= '9' {
			return false
		}
	}
	return s != "" && !IsKeyword(s)
}

// IsKeyword reports whether s is a word that C++ keeps for itself.
func IsKeyword(s string) bool { return slices.Contains(strings.Fields(keywords), s) }
