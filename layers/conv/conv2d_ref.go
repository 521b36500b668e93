package conv

import "github.com/hlsgo/hlsgo/layers"

var conv2DRef layers.RefFunc
