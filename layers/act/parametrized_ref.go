package act

import "github.com/hlsgo/hlsgo/layers"

var parametrizedRef layers.RefFunc
