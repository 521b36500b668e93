// Package codegen turns a graph into an HLS project in memory.
package codegen
