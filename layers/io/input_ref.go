package io

import "github.com/hlsgo/hlsgo/layers"

var inputRef layers.RefFunc
