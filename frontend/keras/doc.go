// Package keras reads networks that Keras 2 and 3 wrote: a whole model in a .keras archive or an HDF5 file,
// or its architecture in JSON and its weights in HDF5. Sequential, Functional and nested models.
//
// There is one reader for both. Decoding brings the settings of Keras 3 into the words of Keras 2 (ofKeras3),
// calls have one form (inbound.go), and handlers are the same but for the classes of which hls4ml makes other
// layers when Keras 3 wrote them (builtinOfKeras3). Layers of Keras 3 get their names as hls4ml gives them.
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
