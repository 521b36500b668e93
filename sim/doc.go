// Package sim executes a graph bit for bit as the generated firmware does.
package sim
