package shape

import "github.com/hlsgo/hlsgo/layers"

var reshapeRef layers.RefFunc
