// Package keras reads networks that Keras 2 wrote: a whole model in one HDF5 file, or its architecture in
// JSON and its weights in HDF5. Sequential, Functional and nested models.
//
// The list of layers, their names and their attributes are those of hls4ml's Keras 2 converter, because
// configurations address layers by these names: an activation given as an argument becomes a layer of its
// own, called fc1_relu after its layer fc1, and layers that only matter in training disappear. Attributes
// that hls4ml drops although they change what the network computes (the ceiling of a ReLU) are kept, marked
// as ignored, for the float reference.
//
// Each foreign layer has one build.Handler, found by its class; the files of handlers are named after groups
// of layers. What any framework's reader needs is in package build; here is what only Keras has: its JSON,
// its groups in HDF5 files, inbound nodes and class names.
package keras
