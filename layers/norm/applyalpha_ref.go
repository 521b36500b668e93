package norm

import "github.com/hlsgo/hlsgo/layers"

var applyAlphaRef layers.RefFunc
