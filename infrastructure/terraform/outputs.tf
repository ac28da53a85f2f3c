output "cluster" {
  description = "Name of the cluster."
  value       = google_container_cluster.shop.name
}

output "region" {
  description = "Where it is."
  value       = var.region
}

output "registry" {
  description = "What the names of the images begin with."
  value       = local.registry
}

output "domain" {
  description = "Where people find the shop."
  value       = var.domain
}

output "address" {
  description = "The IP address behind the domain."
  value       = google_compute_global_address.shop.address
}

output "address_name" {
  description = "The name of that address, which the chart's Gateway asks for."
  value       = google_compute_global_address.shop.name
}

output "name_servers" {
  description = "What the NS record of the domain has to say, in the zone above it."
  value       = google_dns_managed_zone.shop.name_servers
}

# No secret is in it: the deployer's account is lent to CircleCI's jobs on main, not to who knows its name.
output "deploy_environment" {
  description = "What infrastructure/deploy reads, one NAME=value a line: the variables of CircleCI's context shop-deploy."
  value       = <<-LINES
    SHOP_PROJECT=${var.project}
    SHOP_REGION=${var.region}
    SHOP_CLUSTER=${google_container_cluster.shop.name}
    SHOP_REGISTRY=${local.registry}
    SHOP_DOMAIN=${var.domain}
    SHOP_ADDRESS=${google_compute_global_address.shop.address}
    SHOP_ADDRESS_NAME=${google_compute_global_address.shop.name}
    SHOP_CERTIFICATE_EMAIL=${var.certificate_email}
    SHOP_IDENTITY_PROVIDER=${google_iam_workload_identity_pool_provider.circleci.name}
    SHOP_DEPLOYER=${google_service_account.deployer.email}
  LINES
}
