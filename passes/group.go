package passes

// ExpandLayerGroup puts the layers of a nested model in its place: firmware knows no models inside models,
// and fusions find partners on both sides of the border.
var ExpandLayerGroup = own("expand_layer_group", "put the layers of nested models in their place")
