package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A provider that knows what its resources look like, and nothing else. It answers what `terraform validate` asks, and
// `terraform plan` of something new. The methods it lacks are those that would speak to Google.
type standIn struct {
	tfprotov5.ProviderServer
	provider    *tfprotov5.Schema
	resources   map[string]*tfprotov5.Schema
	dataSources map[string]*tfprotov5.Schema
}

func newStandIn(from schemas) (*standIn, error) {
	provider, err := from.Provider.toProtocol()
	if err != nil {
		return nil, err
	}
	resources, err := all(from.Resources)
	if err != nil {
		return nil, err
	}
	dataSources, err := all(from.DataSources)
	return &standIn{provider: provider, resources: resources, dataSources: dataSources}, err
}

func (s *standIn) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	told := &tfprotov5.GetMetadataResponse{}
	for name := range s.resources {
		told.Resources = append(told.Resources, tfprotov5.ResourceMetadata{TypeName: name})
	}
	for name := range s.dataSources {
		told.DataSources = append(told.DataSources, tfprotov5.DataSourceMetadata{TypeName: name})
	}
	return told, nil
}

func (s *standIn) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return &tfprotov5.GetProviderSchemaResponse{
		Provider: s.provider, ResourceSchemas: s.resources, DataSourceSchemas: s.dataSources,
	}, nil
}

func (s *standIn) GetResourceIdentitySchemas(context.Context, *tfprotov5.GetResourceIdentitySchemasRequest) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (s *standIn) PrepareProviderConfig(_ context.Context, asked *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: asked.Config}, nil
}

func (s *standIn) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (s *standIn) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

// Terraform has checked names and types before it asks. What is left are the values that the documentation lists; what
// goes beyond these only Google's own provider knows.
func (s *standIn) ValidateResourceTypeConfig(_ context.Context, asked *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	schema := s.resources[asked.TypeName]
	given, err := asked.Config.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	complaints, err := checkValues(schema.Block, given, tftypes.NewAttributePath())
	return &tfprotov5.ValidateResourceTypeConfigResponse{Diagnostics: complaints}, err
}

func (s *standIn) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

// What is asked for, and "known after apply" for what Google would add.
func (s *standIn) PlanResourceChange(_ context.Context, asked *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	schema := s.resources[asked.TypeName]
	kind := schema.ValueType()
	proposed, err := asked.ProposedNewState.Unmarshal(kind)
	if err != nil || proposed.IsNull() {
		return &tfprotov5.PlanResourceChangeResponse{PlannedState: asked.ProposedNewState}, err
	}
	values := map[string]tftypes.Value{}
	if err := proposed.As(&values); err != nil {
		return nil, err
	}
	for _, attribute := range schema.Block.Attributes {
		if attribute.Computed && values[attribute.Name].IsNull() {
			values[attribute.Name] = tftypes.NewValue(attribute.Type, tftypes.UnknownValue)
		}
	}
	planned, err := tfprotov5.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: &planned}, err
}
