//go:build (!amd64 && !arm64) || purego

package vec

// Sets lists the sets that this machine runs, slowest first.
func Sets() []Set { return []Set{scalar()} }

// Missing names the instruction sets that this build has code for and this machine lacks.
func Missing() []string { return nil }
