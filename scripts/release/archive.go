package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A packer is a format of archives. Nothing of this machine goes into one: no owner, no time of a file, no
// order of a folder.
type packer interface {
	add(name string, mode fs.FileMode, content []byte) error
	Close() error
}

// pack writes the archive of a platform: one folder with the program and the documents.
func (r *release) pack(p platform, program string) (name string, err error) {
	stem := "hlsgo-" + r.version + "-" + p.os + "-" + p.arch
	name = stem + ".tar.gz"
	if p.os == "windows" {
		name = stem + ".zip"
	}
	var b bytes.Buffer
	archive := newPacker(&b, name, r.time)
	files := []string{program}
	for _, d := range documents() {
		files = append(files, filepath.Join(r.source, d))
	}
	for i, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			return "", err
		}
		mode := fs.FileMode(0o644)
		if i == 0 {
			mode = 0o755
		}
		if err := archive.add(stem+"/"+filepath.Base(f), mode, content); err != nil {
			return "", err
		}
	}
	if err := archive.Close(); err != nil {
		return "", err
	}
	return name, replace(filepath.Join(r.folder, name), b.Bytes())
}

// sum writes the checksums of archives, as sha256sum -c reads them.
func (r *release) sum(archives []string) error {
	var b strings.Builder
	for _, name := range archives {
		content, err := os.ReadFile(filepath.Join(r.folder, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(content), name)
	}
	return replace(filepath.Join(r.folder, "SHA256SUMS"), []byte(b.String()))
}

// replace writes a file as a whole.
func replace(name string, content []byte) error {
	part := name + ".part"
	if err := os.WriteFile(part, content, 0o666); err != nil {
		return err
	}
	return os.Rename(part, name)
}

// newPacker goes by the name of the archive.
func newPacker(w io.Writer, name string, at time.Time) packer {
	if strings.HasSuffix(name, ".zip") {
		return &zipPacker{zip.NewWriter(w), at}
	}
	z := gzip.NewWriter(w)
	return &tarPacker{tar.NewWriter(z), z, at}
}

type tarPacker struct {
	*tar.Writer
	compressed *gzip.Writer
	time       time.Time
}

func (p *tarPacker) add(name string, mode fs.FileMode, content []byte) error {
	h := &tar.Header{Name: name, Mode: int64(mode), Size: int64(len(content)), ModTime: p.time}
	if err := p.WriteHeader(h); err != nil {
		return err
	}
	_, err := p.Write(content)
	return err
}

// Close implements io.Closer.
func (p *tarPacker) Close() error {
	if err := p.Writer.Close(); err != nil {
		return err
	}
	return p.compressed.Close()
}

type zipPacker struct {
	*zip.Writer
	time time.Time
}

func (p *zipPacker) add(name string, mode fs.FileMode, content []byte) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.time}
	h.SetMode(mode)
	w, err := p.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}
