package shape

var reshapeRef = moveRef(sameOrder)
