package norm

import "github.com/hlsgo/hlsgo/layers"

var batchNormRef layers.RefFunc
