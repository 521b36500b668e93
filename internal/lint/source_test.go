package lint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/hlsgo/hlsgo"

// A source is one Go file of the repository.
type source struct {
	path string // from the repository's root, with slashes
	text string
	file *ast.File
	set  *token.FileSet
}

func (s source) dir() string    { return path.Dir(s.path) }
func (s source) isTest() bool   { return strings.HasSuffix(s.path, "_test.go") }
func (s source) lines() int     { return strings.Count(s.text, "\n") }
func (s source) isMain() bool   { return s.file.Name.Name == "main" }
func (s source) public() bool   { return !s.isMain() && !strings.Contains("/"+s.path, "/internal/") }
func (s source) external() bool { return strings.HasSuffix(s.file.Name.Name, "_test") }

// generated reports whether a tool wrote the file.
func (s source) generated() bool { return ast.IsGenerated(s.file) }

func (s source) position(n ast.Node) string {
	p := s.set.Position(n.Pos())
	return s.path + ":" + itoa(p.Line)
}

// sources parses every Go file of the repository, testdata apart.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	set := token.NewFileSet()
	walk(t, func(name string, text []byte) {
		if !strings.HasSuffix(name, ".go") || strings.Contains("/"+name, "/testdata/") {
			return
		}
		file, err := parser.ParseFile(set, name, text, parser.ParseComments)
		require.NoError(t, err)
		all = append(all, source{path: name, text: string(text), file: file, set: set})
	})
	require.NotEmpty(t, all)
	return all
}

// walk calls f with every file that belongs to the repository.
func walk(t *testing.T, f func(name string, text []byte)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, p)
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if ignored(name) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		f(name, text)
		return nil
	})
	require.NoError(t, err)
}

// ignored folders hold what is made from the repository, see .gitignore.
func ignored(dir string) bool {
	return dir == ".git" || dir == "bin" || dir == "dist" || dir == ".cache" || path.Base(dir) == ".venv"
}
