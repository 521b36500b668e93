package codegen

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"strings"
)

// File is one file of a project.
type File struct {
	Path string // relative to the project's folder, with slashes
	Data []byte
	Exec bool // may be run
}

// Project is an HLS project in memory. Nothing in it depends on the clock or the machine.
type Project struct {
	Name string // of the top function
	// Stamp is eight hex digits that change with the content of the project; the name of the compiled
	// library carries them.
	Stamp string

	files []File
	at    map[string]int
	dirs  []string
}

// NewProject returns a project without files.
func NewProject(name string) *Project { return &Project{Name: name, at: map[string]int{}} }

// Add adds a file. A path that leaves the project or is taken is a bug of the caller.
func (p *Project) Add(name string, data []byte) { p.add(File{Path: name, Data: data}) }

// AddExec adds a file that may be run.
func (p *Project) AddExec(name string, data []byte) { p.add(File{Path: name, Data: data, Exec: true}) }

// AddDir adds a folder that must be there even when it holds no file.
func (p *Project) AddDir(name string) { p.dirs = append(p.dirs, name) }

func (p *Project) add(f File) {
	if path.Clean(f.Path) != f.Path || path.IsAbs(f.Path) || strings.HasPrefix(f.Path, "..") {
		panic(fmt.Sprintf("BUG: codegen.Project: path %q is not inside the project", f.Path))
	}
	if _, taken := p.at[f.Path]; taken {
		panic(fmt.Sprintf("BUG: codegen.Project: file %q added twice", f.Path))
	}
	p.at[f.Path] = len(p.files)
	p.files = append(p.files, f)
}

// Files lists the files in the order in which they were added.
func (p *Project) Files() []File { return p.files }

// Dirs lists the folders given to AddDir.
func (p *Project) Dirs() []string { return p.dirs }

// Read returns the content of a file.
func (p *Project) Read(name string) ([]byte, bool) {
	i, ok := p.at[name]
	if !ok {
		return nil, false
	}
	return p.files[i].Data, true
}

// SetStamp derives Stamp from the files added so far.
// hls4ml draws a random stamp. The content's hash does the same job, a new name for a changed library, and
// makes projects reproducible. Lengths go in as well, so that no two lists of files give one text.
func (p *Project) SetStamp() {
	h := sha256.New()
	var size [8]byte
	for _, f := range p.files {
		for _, part := range [][]byte{[]byte(f.Path), f.Data} {
			binary.LittleEndian.PutUint64(size[:], uint64(len(part)))
			h.Write(size[:])
			h.Write(part)
		}
	}
	p.Stamp = hex.EncodeToString(h.Sum(nil)[:4])
}

// WriteTar writes the project as a .tar.gz archive with paths relative to its folder, as hls4ml's WriteTar
// does.
// Headers carry no times and no owner, for the same reason.
func (p *Project) WriteTar(w io.Writer) error {
	zip := gzip.NewWriter(w)
	archive := tar.NewWriter(zip)
	for _, d := range p.dirs {
		h := tar.Header{Typeflag: tar.TypeDir, Name: d + "/", Mode: 0o755, Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(&h); err != nil {
			return err
		}
	}
	for _, f := range p.files {
		if err := writeTarFile(archive, f); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return zip.Close()
}

func writeTarFile(archive *tar.Writer, f File) error {
	h := tar.Header{Typeflag: tar.TypeReg, Name: f.Path, Size: int64(len(f.Data)), Mode: 0o644}
	if f.Exec {
		h.Mode = 0o755
	}
	if err := archive.WriteHeader(&h); err != nil {
		return err
	}
	_, err := archive.Write(f.Data)
	return err
}
