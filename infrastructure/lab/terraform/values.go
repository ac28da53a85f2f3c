package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What is not one of an argument's possible values, in a block and in those within it.
func checkValues(block *tfprotov5.SchemaBlock, given tftypes.Value, at *tftypes.AttributePath) ([]*tfprotov5.Diagnostic, error) {
	if !given.IsKnown() || given.IsNull() {
		return nil, nil
	}
	values := map[string]tftypes.Value{}
	if err := given.As(&values); err != nil {
		return nil, err
	}
	var complaints []*tfprotov5.Diagnostic
	for _, attribute := range block.Attributes {
		value := values[attribute.Name]
		possible := possibleValues(attribute)
		if len(possible) == 0 || !value.IsKnown() || value.IsNull() {
			continue
		}
		var word string
		if err := value.As(&word); err != nil {
			return nil, err
		}
		if !slices.Contains(possible, word) {
			complaints = append(complaints, &tfprotov5.Diagnostic{
				Severity:  tfprotov5.DiagnosticSeverityError,
				Summary:   fmt.Sprintf("%q is none of the possible values of %s", word, attribute.Name),
				Detail:    attribute.Description,
				Attribute: at.WithAttributeName(attribute.Name),
			})
		}
	}
	for _, nested := range block.BlockTypes {
		inside := values[nested.TypeName]
		if nested.Nesting != tfprotov5.SchemaNestedBlockNestingModeList || !inside.IsKnown() || inside.IsNull() {
			continue
		}
		var blocks []tftypes.Value
		if err := inside.As(&blocks); err != nil {
			return nil, err
		}
		for number, one := range blocks {
			more, err := checkValues(nested.Block, one, at.WithAttributeName(nested.TypeName).WithElementKeyInt(number))
			if err != nil {
				return nil, err
			}
			complaints = append(complaints, more...)
		}
	}
	return complaints, nil
}

// Those that a description lists, as in: Possible values: ["A", "B"]. An empty word stands for the argument left out.
func possibleValues(of *tfprotov5.SchemaAttribute) []string {
	list, found := strings.CutPrefix(of.Description, "Possible values: ")
	if !found || !of.Type.Is(tftypes.String) {
		return nil
	}
	var values []string
	if err := json.Unmarshal([]byte(list), &values); err != nil {
		return nil
	}
	return append(values, "")
}
