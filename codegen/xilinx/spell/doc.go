// Package spell writes the C++ of Vivado HLS and Vitis HLS: types and pragmas, and the classes that products
// of several kinds of layers share. It stands below the layers, whose emitters for this dialect call it; what
// writes whole projects stands above them.
package spell
