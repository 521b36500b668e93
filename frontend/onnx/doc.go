// Package onnx reads networks of ONNX without ONNX's own libraries: the files that exporters write, and those
// that qonnx has prepared for hls4ml.
//
// A file becomes a graph (package graph). One that hls4ml would take stays as it is, and so keeps its names;
// others are cleaned (package clean) until they are what qonnx would make of them, with its names. Then the
// handler of each operator makes a layer, as hls4ml's converters/onnx does; the constants that operators read
// are layers too, which passes put into the layers that use them.
package onnx
