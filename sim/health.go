package sim

import "github.com/hlsgo/hlsgo/sim/health"

// The report of a program that counts is package health's. Kernels and callers find its types here.
type (
	// Health tells how the values of each tensor fared in its type.
	Health = health.Report
	// TensorHealth tells how the values of one tensor fared.
	TensorHealth = health.Tensor
	// AddressedTable is a table of a function that a node reads, see health.Table.
	AddressedTable = health.Table
	// Role says what a tensor is to its layer, and the configuration's name of its type.
	Role = health.Role
)

// The roles that values have in a running layer, see package health.
var (
	RoleInput   = health.RoleInput
	RoleProduct = health.RoleProduct
	RoleAccum   = health.RoleAccum
	RoleResult  = health.RoleResult
	RoleIndex   = health.RoleIndex
)

// Percent writes a share for people: "4.1%", "0%", "<0.01%".
func Percent(share float64) string { return health.Percent(share) }
