package layerstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
)

// roundTrips converts every network twice and wants the same text, and reads the attributes of each node
// back from the graph's JSON. hlsgo has no reader of that JSON; those who have one must find the node in
// it.
func (c *checker) roundTrips(t *testing.T, trials []*trial) {
	for _, tr := range trials {
		g, err := tr.model.Graph()
		require.NoError(t, err)
		again := *tr
		require.NoError(t, c.convert(&again), "%s", tr)
		g2, err := again.model.Graph()
		require.NoError(t, err)
		require.Equal(t, graphText(t, g), graphText(t, g2), "%s: converted twice", tr)
		if err := c.roundTrip(t, g); err != nil {
			t.Errorf("%s: %v", tr, err)
		}
	}
}

func graphText(t *testing.T, g *ir.Graph) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, g.WriteText(&b))
	return b.String()
}

func (c *checker) roundTrip(t *testing.T, g *ir.Graph) error {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, g.WriteJSON(&b))
	var doc struct {
		Layers []struct {
			Name, Class string
			Attributes  map[string]any
		}
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		return fmt.Errorf("JSON: %w", err)
	}
	for i, n := range g.Nodes {
		l := doc.Layers[i]
		if l.Name != n.Name || l.Class != n.Kind {
			return fmt.Errorf("JSON: layer %d: got %s %q, want %s %q", i, l.Class, l.Name, n.Kind, n.Name)
		}
		k, _ := c.registry.Kind(n.Kind)
		back := k.NewAttrs()
		for _, f := range ir.Fields(n.Attrs) {
			if v, ok := l.Attributes[f.Name]; ok && !f.Ignored {
				if _, err := ir.SetAttr(back, f.Name, likeField(v, f.Value)); err != nil {
					return fmt.Errorf("JSON: %s %q: %w", n.Kind, n.Name, err)
				}
				if got, _ := ir.GetAttr(back, f.Name); !reflect.DeepEqual(got, f.Value) {
					return fmt.Errorf("JSON: %s %q: %s: got %v back, want %v", n.Kind, n.Name, f.Name, got, f.Value)
				}
			}
		}
	}
	return nil
}

// likeField turns what JSON gives into what an attribute takes: JSON knows one kind of number.
func likeField(v, field any) any {
	switch v := v.(type) {
	case float64:
		k := reflect.TypeOf(field)
		if k.Kind() == reflect.Pointer {
			k = k.Elem()
		}
		if k.Kind() == reflect.Int {
			return int(v)
		}
	case []any:
		if reflect.TypeOf(field).Elem().Kind() == reflect.String {
			out := make([]string, len(v))
			for i, x := range v {
				out[i], _ = x.(string)
			}
			return out
		}
		out := make([]int, len(v))
		for i, x := range v {
			f, _ := x.(float64)
			out[i] = int(f)
		}
		return out
	}
	return v
}
