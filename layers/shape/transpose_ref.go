package shape

import "github.com/hlsgo/hlsgo/layers"

var transposeRef layers.RefFunc
