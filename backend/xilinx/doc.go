// Package xilinx writes projects for Vivado HLS and Vitis HLS. The two share headers and C++ and differ in
// Tcl and in a few pragmas.
package xilinx
