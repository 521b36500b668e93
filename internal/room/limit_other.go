//go:build !linux

package room

func addressSpace() int64 { return -1 }
