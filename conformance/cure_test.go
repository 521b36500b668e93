package conformance_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

// TestCuresOfManyFaults draws networks with 2 to 6 types cut until each alone makes the answers wrong, and
// wants one call to cure 95 of 100 on samples that it has not seen. HLSGO_CURE_COUNT and HLSGO_CURE_SEED make
// the long run.
func TestCuresOfManyFaults(t *testing.T) {
	count, seed := setting(t, "HLSGO_CURE_COUNT", 10), setting(t, "HLSGO_CURE_SEED", 5042)
	tk, schema := toolkit(t), builtin.Registry()
	passed, roles, faults := map[string]int{}, map[string]int{}, map[int]int{}
	drawn, failed := 0, 0
	for ; drawn < count; seed++ {
		require.Less(t, drawn+len(passed), 100*count+100, "networks drawn")
		p, why := newPatient(tk, schema, uint64(seed))
		if p == nil {
			passed[why]++
			continue
		}
		drawn++
		faults[len(p.faults)]++
		for _, f := range p.faults {
			roles[f.role]++
		}
		if line := p.cure(); line != "" {
			failed++
			t.Logf("seed %d: %s: %s", seed, line, p)
		}
	}
	t.Logf("%d of %d cured; networks by their faults: %v; faults by role: %v",
		drawn-failed, drawn, faults, roles)
	for _, why := range slices.Sorted(maps.Keys(passed)) {
		t.Logf("passed over: %d %s", passed[why], why)
	}
	require.LessOrEqual(t, 20*failed, count, "networks that are not cured")
}

// cure cures the network and says what is wrong with the result, or nothing.
func (p *patient) cure() string {
	m, err := p.sick()
	if err != nil {
		return "sick: " + err.Error()
	}
	before, err := p.unseen.errors(m)
	if err != nil {
		return "sick: " + err.Error()
	}
	c, err := m.Cure(context.Background(), hlsgo.CureOptions{}, p.tune.in...)
	if err != nil {
		return "cure: " + err.Error()
	}
	after, err := p.unseen.errors(m.Cured(c))
	if err != nil {
		return "cured: " + err.Error()
	}
	if p.cured(after) {
		return ""
	}
	return fmt.Sprintf("errors %.3g, cured %.3g, without the faults %.3g; %v", before, after, p.honest,
		strings.Join(c.Lines, "; "))
}

// String lists the faults.
func (p *patient) String() string {
	var words []string
	for _, f := range p.faults {
		words = append(words, fmt.Sprintf("%s %s=%v", f.layer, f.key, f.value))
	}
	slices.SortFunc(words, cmp.Compare)
	return p.network.family + " " + p.network.config.Backend + ": " + strings.Join(words, ", ")
}
