package dense

import "github.com/hlsgo/hlsgo/layers"

var denseRef layers.RefFunc
