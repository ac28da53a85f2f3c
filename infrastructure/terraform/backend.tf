# The bucket is named when Terraform is set up, since its name is unique in the world:
# terraform init -backend-config="bucket=NAME". How it is made is in README.md.
terraform {
  backend "gcs" {
    prefix = "shop"
  }
}
