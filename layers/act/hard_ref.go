package act

import "github.com/hlsgo/hlsgo/layers"

var hardRef layers.RefFunc
