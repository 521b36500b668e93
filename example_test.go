package hlsgo_test

import (
	"context"
	"fmt"
	"log"

	"github.com/hlsgo/hlsgo"
)

// The built-in example, predicted bit for bit as its firmware will answer.
func Example() {
	toolkit, err := hlsgo.New()
	if err != nil {
		log.Fatal(err)
	}
	model, digits, err := toolkit.LoadExample("digits", hlsgo.Overrides{})
	if err != nil {
		log.Fatal(err)
	}
	y, err := model.Predict(context.Background(), digits.X)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("digit", digits.Labels[0], "of", len(digits.Labels))
	fmt.Println(y[0].Shape, y[0].F32[:10])
	// Output:
	// digit 8 of 360
	// [360 10] [0 0 0 0 0 0 0 0 1 0]
}
