package hlsgo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/examples/reverse"
)

// digits loads the example that comes with hlsgo, from files as those of a user, with settings.
func digits(settings ...string) *hlsgo.Model {
	toolkit, err := hlsgo.New()
	if err != nil {
		log.Fatal(err)
	}
	model, err := toolkit.Load("examples/digits/digits.yml", hlsgo.Overrides{Set: settings})
	if err != nil {
		log.Fatal(err)
	}
	return model
}

// scratch is a folder for what examples write.
func scratch() string {
	dir, err := os.MkdirTemp("", "hlsgo-example-")
	if err != nil {
		log.Fatal(err)
	}
	return dir
}

// A configuration of hls4ml's, or a model file with default settings, and settings in place of its own.
func ExampleToolkit_Load() {
	toolkit, err := hlsgo.New()
	if err != nil {
		log.Fatal(err)
	}
	model, err := toolkit.Load("examples/digits/digits.h5", hlsgo.Overrides{
		Backend: "Vivado", Precision: "fixed<18,8>", Set: []string{"fc1.ReuseFactor=4"},
	})
	if err != nil {
		log.Fatal(err)
	}
	graph, err := model.Graph()
	if err != nil {
		log.Fatal(err)
	}
	for _, node := range graph.Nodes {
		fmt.Println(node.Name, node.Out().Type.Format)
	}
	// Output:
	// pixels fixed<18,8>
	// fc1 fixed<18,8>
	// bn1 fixed<18,8>
	// relu1 fixed<18,8>
	// fc2 fixed<18,8>
	// fc2_relu fixed<18,8>
	// fc3 fixed<18,8>
	// softmax fixed<18,8>
}

// Samples that a program has made itself.
func ExampleModel_Predict() {
	model := digits()
	x, err := hlsgo.NewArray(make([]float32, 2*64), 2, 64) // two empty pictures
	if err != nil {
		log.Fatal(err)
	}
	y, err := model.Predict(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y[0].Shape)
	fmt.Println(y[0].F32[:3])
	// Output:
	// [2 10]
	// [0.016601562 0 0.020996094]
}

// Arrays of numpy, from a file and into one.
func ExampleArray_WriteFile() {
	dir := scratch()
	defer os.RemoveAll(dir)
	x, err := hlsgo.ReadArray("examples/digits/digits_X.npy")
	if err != nil {
		log.Fatal(err)
	}
	y, err := digits().Predict(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	name := filepath.Join(dir, "y.npy")
	if err := y[0].WriteFile(name); err != nil {
		log.Fatal(err)
	}
	again, err := hlsgo.ReadArray(name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(again.Shape, again.F32[8])
	// Output: [360 10] 1
}

// A file part by part, whatever its size.
func ExampleOpenArray() {
	r, err := hlsgo.OpenArray("examples/digits/digits_X.npy")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	fmt.Println(r.Shape(), "in parts of 100")
	for {
		part, err := r.Read(100)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(part.Shape)
	}
	// Output:
	// [360 64] in parts of 100
	// [100 64]
	// [100 64]
	// [100 64]
	// [60 64]
}

// Files of any size, of which a few blocks are in memory at a time.
func ExampleModel_PredictFiles() {
	dir := scratch()
	defer os.RemoveAll(dir)
	report, err := digits().PredictFiles(context.Background(), hlsgo.PredictJob{
		Inputs:  []string{"examples/digits/digits_X.npy"},
		Outputs: []string{filepath.Join(dir, "y.npy")},
		Trace:   filepath.Join(dir, "layers.npz"),
	})
	if err != nil {
		log.Fatal(err)
	}
	layers, err := hlsgo.ReadNPZ(filepath.Join(dir, "layers.npz"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Samples, "samples,", len(layers), "layers")
	fmt.Println(layers[0].Name, layers[0].Shape)
	// Output:
	// 360 samples, 7 layers
	// fc1 [360 32]
}

// What each layer answers, of the firmware and of the float model.
func ExampleModel_Trace() {
	x, err := hlsgo.ReadArray("examples/digits/digits_X.npy")
	if err != nil {
		log.Fatal(err)
	}
	model := digits()
	fixed, err := model.Trace(context.Background(), hlsgo.TraceOptions{}, x)
	if err != nil {
		log.Fatal(err)
	}
	float, err := model.Trace(context.Background(), hlsgo.TraceOptions{Float: true}, x)
	if err != nil {
		log.Fatal(err)
	}
	for _, layer := range fixed.Layers {
		fmt.Println(layer.Name, layer.F32[0])
	}
	fmt.Printf("fc3 of the float model: %.4f\n", float.Layer("fc3").F32[0])
	// Output:
	// fc1 -1.5800781
	// relu1 0
	// fc2 4.057617
	// fc2_relu 4.0625
	// fc3 -6.34375
	// fc3_linear -6.34375
	// softmax 0
	// fc3 of the float model: -7.6177
}

// How often values did not fit their types.
func ExampleModel_Health() {
	x, err := hlsgo.ReadArray("examples/digits/digits_X.npy")
	if err != nil {
		log.Fatal(err)
	}
	health, err := digits("relu1.result_t=ufixed<8,2>").Health(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range health.Tensors {
		if t.Wrapped > 0 {
			fmt.Println(t.Layer, t.Type, t.Wrapped, "of", t.Values, "wrapped")
		}
	}
	// Output:
	// relu1 ufixed<8,2> 13 of 11520 wrapped
}

// The layer that departs from the float model, and the type that makes it.
func ExampleModel_Compare() {
	x, err := hlsgo.ReadArray("examples/digits/digits_X.npy")
	if err != nil {
		log.Fatal(err)
	}
	r, err := digits("relu1.result_t=ufixed<8,2>").Compare(context.Background(), hlsgo.CompareOptions{}, x)
	if err != nil {
		log.Fatal(err)
	}
	s := r.Suspects[0]
	fmt.Println(s.Layer, s.Key, s.Type)
	fmt.Printf("%.2f %% wrap, integer bits missing: %d\n", 100*s.Wrapped, s.Missing)
	// Output:
	// relu1 result_t ufixed<8,2>
	// 0.11 % wrap, integer bits missing: 1
}

// Settings with which the firmware agrees with the float model, and the configuration with them.
func ExampleModel_Cure() {
	x, err := hlsgo.ReadArray("examples/digits/digits_X.npy")
	if err != nil {
		log.Fatal(err)
	}
	model := digits("relu1.result_t=ufixed<8,2>")
	cure, err := model.Cure(context.Background(), hlsgo.CureOptions{Keep: []string{"fc1"}}, x)
	if err != nil {
		log.Fatal(err)
	}
	for _, setting := range cure.Settings() {
		fmt.Println(setting)
	}
	config, err := model.CureText(hlsgo.ConfigOptions{}, cure)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Contains(config, []byte("fixed<11,5>")))
	// Output:
	// LayerName.relu1.Precision.result=fixed<11,5>
	// true
}

// Weights and answers against their types, as numbers and as pictures.
func ExampleModel_Profile() {
	x, err := hlsgo.ReadArray("examples/digits/digits_X.npy")
	if err != nil {
		log.Fatal(err)
	}
	profile, err := digits().Profile(context.Background(), hlsgo.ProfileOptions{}, x)
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range hlsgo.ProfileRows(profile)[:4] {
		fmt.Println(row.Tensor, row.Type, row.Used)
	}
	dir := scratch()
	defer os.RemoveAll(dir)
	files, err := hlsgo.WriteProfile(context.Background(), profile, dir, hlsgo.PictureOptions{Kind: "violin"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(files), "files, such as", filepath.Base(files[0]))
	// Output:
	// pixels ufixed<5,1> 2^-4 to 2^1
	// fc1/w fixed<8,3> 2^-13 to 2^2
	// fc1/b fixed<10,4> 2^-7 to 2^2
	// fc1 fixed<20,11> 2^-14 to 2^3
	// 7 files, such as weights_before.png
}

// The firmware: a C++ project for the vendor's tool.
func ExampleModel_Write() {
	dir := scratch()
	defer os.RemoveAll(dir)
	if err := digits().Write(context.Background(), dir); err != nil {
		log.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "firmware", "*.cpp"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(filepath.Base(files[0]))
	// Output: digits.cpp
}

// The firmware compiled with g++, and compared with the prediction: it prints that 50 samples are equal in
// every bit. Where there is no compiler the error is a MissingCompilerError.
func ExampleModel_Verify() {
	report, err := digits().Verify(context.Background(), hlsgo.VerifyJob{N: 50})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Samples, "samples, equal in every bit:", report.OK)
}

// A layer of one's own, which examples/reverse brings.
func ExamplePlugin() {
	toolkit, err := hlsgo.New(reverse.Plugin())
	if err != nil {
		log.Fatal(err)
	}
	model, err := toolkit.Load("examples/reverse/model.h5", hlsgo.Overrides{})
	if err != nil {
		log.Fatal(err)
	}
	x, err := hlsgo.ReadArray("examples/reverse/X.npy")
	if err != nil {
		log.Fatal(err)
	}
	trace, err := model.Trace(context.Background(), hlsgo.TraceOptions{}, x)
	if err != nil {
		log.Fatal(err)
	}
	for _, layer := range trace.Layers {
		fmt.Println(layer.Name, layer.Shape)
	}
	// Output:
	// fc1 [20 6]
	// fc1_relu [20 6]
	// turned [20 6]
	// fc2 [20 3]
}
