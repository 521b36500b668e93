package conformance_test

// poolCases are the poolings and the layers that read two tensors. The types of these networks saturate and
// round, so the order of every sum counts.
func poolCases() []kindCase {
	cases := []kindCase{
		{"Embedding", []int{3}, func(b *builder) {
			l := b.add("Embedding", "Embedding", "emb", map[string]any{"n_in": 3, "n_out": 2, "vocab_size": 5})
			l.Data.Tensors["embeddings_data"] = b.tensor(b.NormFloat64, 5, 2)
		}, nil},
		{"LayerNormalization", []int{3, 4}, func(b *builder) {
			l := b.add("LayerNormalization", "LayerNormalization", "norm", map[string]any{
				"n_in": 12, "seq_len": 3, "axis": 2, "epsilon_power_of_10": 3, "epsilon": 1e-3,
			})
			l.Data.Tensors["gamma_data"] = b.tensor(b.NormFloat64, 4)
			l.Data.Tensors["beta_data"] = b.tensor(b.NormFloat64, 4)
		}, nil},
		{"Dot", []int{5}, branches("Dot", []int{1}, map[string]any{}), nil},
	}
	for _, op := range []string{"Max", "Average"} {
		cases = append(cases,
			kindCase{op + "Pooling1D", []int{7, 2}, pooled("Pooling1D", []int{2, 2}, map[string]any{
				"pool_op": op, "n_in": 7, "n_out": 2, "n_filt": 2, "pool_width": 3, "stride_width": 3}), nil},
			kindCase{op + "Pooling1DOverlap", []int{8, 2}, pooled("Pooling1D", []int{3, 2}, map[string]any{
				"pool_op": op, "n_in": 8, "n_out": 3, "n_filt": 2, "pool_width": 3, "stride_width": 2}), nil},
			kindCase{op + "Pooling2D", []int{4, 7, 2}, pooled("Pooling2D", []int{2, 2, 2}, map[string]any{
				"pool_op": op, "n_filt": 2, "in_height": 4, "in_width": 7, "out_height": 2, "out_width": 2,
				"pool_height": 2, "pool_width": 3, "stride_height": 2, "stride_width": 3,
			}), nil},
			kindCase{op + "GlobalPooling1D", []int{7, 2}, pooled("GlobalPooling1D", []int{2}, map[string]any{
				"pool_op": op, "n_in": 7, "n_filt": 2}), nil},
			kindCase{op + "GlobalPooling2D", []int{2, 3, 2}, pooled("GlobalPooling2D", []int{2}, map[string]any{
				"pool_op": op, "in_height": 2, "in_width": 3, "n_filt": 2}), nil},
		)
	}
	for _, op := range []string{"add", "subtract", "multiply", "average", "maximum", "minimum"} {
		cases = append(cases, kindCase{"Merge_" + op, []int{3, 2},
			branches("Merge", []int{3, 2}, map[string]any{"op": op}), nil})
		if op != "subtract" {
			cases = append(cases, kindCase{"MergeOfFour_" + op, []int{3, 2},
				branches("Merge", []int{3, 2}, map[string]any{"op": op}, "softsign", "sigmoid"), nil})
		}
	}
	concatenate := func(name string, shape, out []int, axis int) kindCase {
		return kindCase{name, shape, branches("Concatenate", out, map[string]any{"axis": axis}), nil}
	}
	return append(cases,
		kindCase{"MergeOfThree", []int{3, 2},
			branches("Merge", []int{3, 2}, map[string]any{"op": "average"}, "softsign"), nil},
		kindCase{"ConcatenateThree", []int{3, 2},
			branches("Concatenate", []int{9, 2}, map[string]any{"axis": 1}, "softsign"), nil},
		broadcast("Pixel", 2, 3, 2, 1, 1, 2),
		broadcast("Channel", 2, 3, 2, 2, 3, 1),
		concatenate("Concatenate1D", []int{5}, []int{10}, -1),
		concatenate("Concatenate2DRows", []int{3, 2}, []int{6, 2}, 1),
		concatenate("Concatenate2DChannels", []int{3, 2}, []int{3, 4}, 2),
		concatenate("Concatenate3DRows", []int{2, 3, 2}, []int{4, 3, 2}, -3),
		concatenate("Concatenate3DColumns", []int{2, 3, 2}, []int{2, 6, 2}, 2),
		concatenate("Concatenate3DChannels", []int{2, 3, 2}, []int{2, 3, 4}, -1),
	)
}

func pooled(kind string, out []int, attrs map[string]any) func(b *builder) {
	return func(b *builder) {
		b.shape = out
		b.add(kind, kind, "pool", attrs)
	}
}

// branches gives the input two readers and merges what they make.
func branches(kind string, out []int, attrs map[string]any, more ...string) func(b *builder) {
	return func(b *builder) {
		from, names := b.last(), append([]string{"relu", "tanh"}, more...)
		for _, name := range names {
			b.add("Activation", "Activation", name, map[string]any{"activation": name}).Inputs = []string{from}
		}
		b.shape = out
		b.add(kind, kind, "merged", attrs).Inputs = names
	}
}

// broadcast multiplies a picture by one reshaped from a vector of the smaller one's size.
func broadcast(name string, h, w, c, smallH, smallW, smallC int) kindCase {
	return kindCase{"Broadcast" + name, []int{h, w, c}, func(b *builder) {
		b.add("Activation", "Activation", "relu", map[string]any{"activation": "relu"})
		flat := b.add("Reshape", "Flatten", "flat", map[string]any{"target_shape": []int{h * w * c}})
		flat.Inputs = []string{"inp"}
		b.matrix(h*w*c, smallH*smallW*smallC)
		b.add("Reshape", "Reshape", "small", map[string]any{"target_shape": []int{smallH, smallW, smallC}})
		b.add("Merge", "Merge", "merged", map[string]any{"op": "multiply"}).Inputs = []string{"relu", "small"}
	}, nil}
}
