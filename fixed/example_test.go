package fixed_test

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
)

func Example() {
	data, weight := fixed.Fixed(16, 6), fixed.Fixed(8, 2)
	x, w := fixed.FromFloat64(1.3, data), fixed.QuantizeWeight(-0.7, weight)
	product := fixed.Mul(data, weight)
	result, _ := fixed.Parse("ap_fixed<10,4,AP_RND,AP_SAT>")
	y := fixed.Cast(fixed.MulRaw(x, w), product, result)
	fmt.Println(product, y, fixed.ToFloat64(y, result))
	// Output: fixed<24,8> -58 -0.90625
}

func ExampleNewPlan() {
	accum, result := fixed.Fixed(24, 12), fixed.Fixed(8, 4).With(fixed.RND, fixed.SAT)
	fmt.Println(fixed.NewPlan(accum, -1<<23, 1<<23-1, result))
	fmt.Println(fixed.NewPlan(accum, -1000, 1000, result))
	// Output:
	// add 128, shift right 8, clamp to -128..127
	// add 128, shift right 8
}
