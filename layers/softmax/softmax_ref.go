package softmax

import "github.com/hlsgo/hlsgo/layers"

var softmaxRef layers.RefFunc
