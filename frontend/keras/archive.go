package keras

import (
	"encoding/json"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/internal/hdf5"
	"github.com/hlsgo/hlsgo/ir"
)

// The members of a .keras file: the version of Keras, the architecture, and the weights in HDF5.
const (
	metadataMember = "metadata.json"
	configMember   = "config.json"
	weightsMember  = "model.weights.h5"
	shardsMember   = "model.weights.json"
)

// archive reads a whole model from a .keras file. The weights stay in the file until they are asked for.
func (r *Reader) archive(path string, stream bool, schema ir.Schema) (*ir.Parsed, error) {
	a, err := build.OpenArchive(path)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	keras3, err := archiveOfKeras3(a)
	if err != nil {
		return nil, err
	}
	text, err := a.Text(configMember)
	if err != nil {
		return nil, err
	}
	if !a.Has(weightsMember) && a.Has(shardsMember) {
		return nil, a.Errorf("weights: got them in several files, as max_shard_size makes, want them in one: " +
			"save the model without it")
	}
	member, size, err := a.Member(weightsMember)
	if err != nil {
		return nil, err
	}
	weights := path + ": " + weightsMember
	h5, err := hdf5.OpenNamed(weights, member, size)
	if err != nil {
		return nil, err
	}
	return r.model(text, keras3, h5, names{path, weights}, stream, schema)
}

// archiveOfKeras3 says whether Keras 3 wrote an archive, and refuses those of other programs.
func archiveOfKeras3(a *build.Archive) (bool, error) {
	text, err := a.Text(metadataMember)
	if err != nil {
		return false, err
	}
	var metadata struct {
		Version string `json:"keras_version"`
	}
	if err := json.Unmarshal(text, &metadata); err != nil || metadata.Version == "" {
		return false, a.Errorf("%s: keras_version: got none, want the version of Keras that wrote the file",
			metadataMember)
	}
	return laterKeras(metadata.Version), nil
}
