//go:build !linux

package freemem

func addressSpace() int64 { return -1 }
