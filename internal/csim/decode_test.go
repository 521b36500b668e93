package csim

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tensorRecord is a record of one byte per element.
func tensorRecord(kind byte, name string, data ...byte) string {
	return string(kind) + string([]byte{byte(len(name)), 0, 0, 0}) + name +
		string([]byte{byte(len(data)), 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 1}) + string(data)
}

const end = "E\x00\x00\x00\x00"

func TestDecode(t *testing.T) {
	answer := magic + tensorRecord('T', "a", 1, 255) + tensorRecord('O', "a", 7) + "S" +
		tensorRecord('T', "a", 2, 128) + tensorRecord('O', "a", 8) + "SE\x03\x00\x00\x00"
	r, err := decode(strings.NewReader(answer))
	require.NoError(t, err)
	require.Equal(t, 2, r.Samples)
	require.Equal(t, 3, r.Undrained)
	require.Equal(t, []byte{1, 255, 2, 128}, r.Layer("a").Data)
	require.Equal(t, int64(-1), r.Layer("a").Raw(1))
	require.Equal(t, int64(-128), r.Layer("a").Big(3).Int64())
	require.Equal(t, []byte{7, 8}, r.Outputs[0].Data)
	for i := range answer {
		_, err := decode(strings.NewReader(answer[:i]))
		require.Error(t, err, "cut at %d", i)
	}
}

func TestDecodeKeepsOutputsOfOneName(t *testing.T) {
	sample := tensorRecord('T', "copy", 1) + tensorRecord('T', "copy", 2) + tensorRecord('O', "y", 3) + "S"
	r, err := decode(strings.NewReader(magic + sample + sample + end))
	require.NoError(t, err)
	require.Len(t, r.Trace, 2)
	require.Equal(t, []byte{1, 1}, r.Trace[0].Data)
	require.Equal(t, []byte{2, 2}, r.Layer("copy").Data, "the last of them")
}

func TestDecodeRefuses(t *testing.T) {
	a := tensorRecord('T', "a", 1)
	for want, answer := range map[string]string{
		"got head":              "hlscsim2" + end,
		"unknown record":        magic + "x",
		"unexpected in sample":  magic + a + "S" + a + a + "S" + end,
		"unexpected in sample ": magic + a + "S" + a + tensorRecord('T', "b", 1) + "S" + end,
		"is missing in sample":  magic + a + "S" + "S" + end,
		"changes its shape":     magic + a + "S" + tensorRecord('T', "a", 1, 2) + "S" + end,
		"name of":               magic + "T\xff\xff\xff\xff",
		"elements of":           magic + "T\x00\x00\x00\x00" + strings.Repeat("\xff", 17),
	} {
		_, err := decode(strings.NewReader(answer))
		require.ErrorContains(t, err, strings.TrimSpace(want))
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(magic + end))
	f.Add([]byte(magic + tensorRecord('T', "a", 1, 255) + tensorRecord('O', "y", 7) + "S" + end))
	const huge = "\xff\xff\xff\x7f\x00\x00\x00\x00\x10\x00\x00\x00\x02\x00\x00\x00\x01"
	f.Add([]byte(magic + "T\x01\x00\x00\x00a" + huge))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, list := range [][]*Tensor{r.Trace, r.Outputs} {
			for _, x := range list {
				for i := range x.Len() {
					x.Big(i)
				}
			}
		}
	})
}
