package conv

import "github.com/hlsgo/hlsgo/layers"

var conv1DRef layers.RefFunc
