// Package lint holds the repository's rules about itself, as tests: who may import whom, how long files,
// functions and lines may get, what must be documented, which names must not appear.
package lint
