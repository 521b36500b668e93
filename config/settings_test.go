package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/config"
)

// TestSettingsAsFlagsAndYAML: one setting is spelled the same way in a shell and in a file, and read again
// says what it said.
func TestSettingsAsFlagsAndYAML(t *testing.T) {
	settings := []config.Setting{
		config.LayerSetting("fc1", "Precision.result", "fixed<16,6>"),
		config.LayerSetting("fc1", "Precision.weight", "auto"),
		config.LayerSetting("fc1", "ReuseFactor", "4"),
		config.LayerSetting("block.act", "TraceOutput", "true"),
		config.LayerSetting("it's", "exp_table_t", "fixed<18,8,RND,SAT>"),
	}
	require.Equal(t, `--set 'LayerName.fc1.Precision.result=fixed<16,6>' \
--set 'LayerName.fc1.Precision.weight=auto' \
--set 'LayerName.fc1.ReuseFactor=4' \
--set 'LayerName."block.act".TraceOutput=true' \
--set 'LayerName.it'\''s.exp_table_t=fixed<18,8,RND,SAT>'`, config.Flags(" \\\n", settings...))
	text, err := config.Only(settings...)
	require.NoError(t, err)
	require.Equal(t, `HLSConfig:
  LayerName:
    fc1:
      Precision:
        result: fixed<16,6>
        weight: auto
      ReuseFactor: 4
    block.act:
      TraceOutput: true
    it's:
      exp_table_t: fixed<18,8,RND,SAT>
`, text)
	d, err := config.NewDocument("x.yml", []byte(text))
	require.NoError(t, err)
	again := config.WriteYAML(d.Tree())
	require.Equal(t, text, string(again))
	text, err = config.Only()
	require.NoError(t, err)
	require.Empty(t, text)
}
