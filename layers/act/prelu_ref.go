package act

import "github.com/hlsgo/hlsgo/layers"

var preluRef layers.RefFunc
