package main

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The form in which `terraform providers schema -json` prints a provider's schemas.
type (
	document struct {
		Providers map[string]schemas `json:"provider_schemas"`
	}
	schemas struct {
		Provider    schema            `json:"provider"`
		Resources   map[string]schema `json:"resource_schemas"`
		DataSources map[string]schema `json:"data_source_schemas"`
	}
	schema struct {
		Version int64 `json:"version"`
		Block   block `json:"block"`
	}
	block struct {
		Attributes map[string]attribute `json:"attributes"`
		Blocks     map[string]nested    `json:"block_types"`
	}
	attribute struct {
		Type        json.RawMessage `json:"type"`
		Description string          `json:"description"`
		Required    bool            `json:"required"`
		Optional    bool            `json:"optional"`
		Computed    bool            `json:"computed"`
	}
	nested struct {
		Mode  string `json:"nesting_mode"`
		Block block  `json:"block"`
		Min   int64  `json:"min_items"`
		Max   int64  `json:"max_items"`
	}
)

var modes = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov5.SchemaNestedBlockNestingModeMap,
}

// One provider's schemas out of such a document.
func readSchemas(raw []byte, provider string) (schemas, error) {
	var read document
	if err := json.Unmarshal(raw, &read); err != nil {
		return schemas{}, err
	}
	found, ok := read.Providers[provider]
	if !ok {
		return schemas{}, fmt.Errorf("the schemas of %s are not in it", provider)
	}
	return found, nil
}

func all(of map[string]schema) (map[string]*tfprotov5.Schema, error) {
	made := make(map[string]*tfprotov5.Schema, len(of))
	for name, one := range of {
		converted, err := one.toProtocol()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made[name] = converted
	}
	return made, nil
}

func (s schema) toProtocol() (*tfprotov5.Schema, error) {
	block, err := s.Block.toProtocol()
	return &tfprotov5.Schema{Version: s.Version, Block: block}, err
}

func (b block) toProtocol() (*tfprotov5.SchemaBlock, error) {
	made := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		// Its makers keep it for Terraform's own documents, which is what this is.
		kind, err := tftypes.ParseJSONType(a.Type)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made.Attributes = append(made.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: kind, Description: a.Description, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
		})
	}
	for name, n := range b.Blocks {
		inner, err := n.Block.toProtocol()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made.BlockTypes = append(made.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Nesting: modes[n.Mode], Block: inner, MinItems: n.Min, MaxItems: n.Max,
		})
	}
	return made, nil
}
