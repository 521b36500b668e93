package lint_test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

const (
	maxLine     = 110 // characters
	maxFunction = 80  // lines
	maxFile     = 600 // lines
)

func itoa(n int) string { return strconv.Itoa(n) }

// longFunctions are the exceptions to maxFunction, each with its reason.
var longFunctions = map[string]string{}

// longFiles are the exceptions to maxFile, each with its reason.
var longFiles = map[string]string{}

func TestLinesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		if s.generated() {
			continue
		}
		for i, line := range strings.Split(s.text, "\n") {
			if n := utf8.RuneCountInString(line); n > maxLine {
				t.Errorf("%s:%d: %d characters, want at most %d", s.path, i+1, n, maxLine)
			}
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		_, known := longFiles[s.path]
		if n := s.lines(); n > maxFile != known && !s.generated() {
			t.Errorf("%s: %d lines, want at most %d (exceptions with reasons: longFiles)", s.path, n, maxFile)
		}
	}
}

func TestFunctionsAreShort(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil || s.generated() {
				continue
			}
			n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
			_, known := longFunctions[s.path+" "+f.Name.Name]
			if n > maxFunction != known {
				t.Errorf("%s: %s has %d lines, want at most %d (exceptions with reasons: longFunctions)",
					s.position(f), f.Name.Name, n, maxFunction)
			}
		}
	}
}

// TestNoVagueNames refuses folders and files whose name says nothing.
func TestNoVagueNames(t *testing.T) {
	vague := []string{"utils", "util", "common", "helpers", "helper", "misc", "base", "shared"}
	for _, s := range sources(t) {
		file := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
		assert.NotContains(t, vague, file, s.path)
		assert.NotContains(t, vague, path.Base(s.dir()), s.path)
		assert.NotContains(t, vague, s.file.Name.Name, s.path)
	}
}

// TestNoInit keeps registration explicit: nothing happens because a package was imported.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: func init: want the registry's Setup", s.position(f))
			}
		}
	}
}

// TestExportedNamesAreDocumented asks for a doc comment on every exported name of the public packages, and
// on every package.
func TestExportedNamesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		documented[s.dir()] = documented[s.dir()] || s.file.Doc != nil
		if !s.public() || s.generated() {
			continue
		}
		for _, d := range s.file.Decls {
			for _, name := range undocumented(d) {
				t.Errorf("%s: %s has no doc comment", s.position(d), name)
			}
		}
	}
	for dir, ok := range documented {
		assert.True(t, ok, "%s: want a package comment", dir)
	}
}

// TestAliasesPointToTheirTypes wants aliases in the root package, whose fields a reader of its documentation
// does not see, to say where they are: as [package.Name], in a package that everybody may look at.
func TestAliasesPointToTheirTypes(t *testing.T) {
	found := 0
	for _, s := range sources(t) {
		if s.dir() != "." || s.isTest() {
			continue
		}
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, spec := range g.Specs {
				alias := spec.(*ast.TypeSpec)
				of, ok := alias.Type.(*ast.SelectorExpr)
				if !ok || !alias.Assign.IsValid() || !alias.Name.IsExported() {
					continue
				}
				found++
				name := of.X.(*ast.Ident).Name + "." + of.Sel.Name
				doc := alias.Doc.Text() + g.Doc.Text()
				assert.Contains(t, doc, "["+name+"]", "%s: %s", s.position(alias), alias.Name.Name)
				for _, imp := range s.file.Imports {
					at, _ := strconv.Unquote(imp.Path.Value)
					inside := path.Base(at) == of.X.(*ast.Ident).Name && strings.Contains(at, "/internal/")
					assert.False(t, inside, "%s: %s is an alias of an internal type", s.position(alias), alias.Name.Name)
				}
			}
		}
	}
	assert.Positive(t, found)
}

// undocumented lists the exported names of a declaration that no comment explains.
func undocumented(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil
		}
		for _, spec := range d.Specs {
			names = append(names, undocumentedSpec(d, spec)...)
		}
	}
	return names
}

func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	id, ok := t.(*ast.Ident)
	return ok && id.IsExported()
}

// undocumentedSpec looks at one type, constant or variable; a comment on the group counts for all of it.
func undocumentedSpec(d *ast.GenDecl, spec ast.Spec) []string {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
			return []string{spec.Name.Name}
		}
	case *ast.ValueSpec:
		if d.Doc != nil || spec.Doc != nil || spec.Comment != nil {
			return nil
		}
		if i := slices.IndexFunc(spec.Names, (*ast.Ident).IsExported); i >= 0 {
			return []string{spec.Names[i].Name}
		}
	}
	return nil
}
