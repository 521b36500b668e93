package norm

import "github.com/hlsgo/hlsgo/layers"

var quantizedTanhRef layers.RefFunc
