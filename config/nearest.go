package config

import "strings"

// nearest returns the hint `, did you mean "x"?` for a misspelt name, or "".
func nearest(got string, known []string) string {
	best, distance := "", 1+max(1, len(got)/3)
	for _, k := range known {
		if d := editDistance(strings.ToLower(got), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return `, did you mean "` + best + `"?`
}

// editDistance is the number of letters put in, left out, replaced or swapped with their neighbour on the way
// from a to b.
func editDistance(a, b string) int {
	const far = 80
	if len(a) > far || len(b) > far {
		return far
	}
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
