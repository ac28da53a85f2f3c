resource "google_container_cluster" "shop" {
  #checkov:skip=CKV_GCP_12: it asks for the old add-on; Dataplane V2 enforces NetworkPolicies, and refuses that add-on
  #checkov:skip=CKV_GCP_65: groups need a Google Workspace domain, which a shop may not have; roles are given by IAM
  #checkov:skip=CKV_GCP_66: images are named by digest; to allow the shop's registry alone would shut out the operators of Kafka and MongoDB

  name                = var.name
  location            = var.region
  deletion_protection = var.deletion_protection
  resource_labels     = local.labels

  network         = google_compute_network.shop.id
  subnetwork      = google_compute_subnetwork.nodes.id
  networking_mode = "VPC_NATIVE"

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  # Dataplane V2. Without it GKE stores NetworkPolicies and does not enforce them.
  datapath_provider           = "ADVANCED_DATAPATH"
  enable_intranode_visibility = true

  private_cluster_config {
    enable_private_nodes = true
  }

  # The DNS name is open to whoever IAM lets in. CircleCI uses it, since its machines have no fixed addresses.
  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = true
    }
  }

  # The IP address is open to these networks only; with none, to the cluster's own.
  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled = false

    dynamic "cidr_blocks" {
      for_each = var.authorized_networks

      content {
        display_name = cidr_blocks.key
        cidr_block   = cidr_blocks.value
      }
    }
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  # Anonymous callers see the health checks and nothing else.
  anonymous_authentication_config {
    mode = "LIMITED"
  }

  workload_identity_config {
    workload_pool = "${var.project}.svc.id.goog"
  }

  gateway_api_config {
    channel = "CHANNEL_STANDARD"
  }

  release_channel {
    channel = var.release_channel
  }

  # Four hours from here on, every day.
  maintenance_policy {
    daily_maintenance_window {
      start_time = var.maintenance_start
    }
  }

  # A cluster is born with a pool. It is removed at once, and nodes.tf makes ours.
  remove_default_node_pool = true
  initial_node_count       = 1
  enable_shielded_nodes    = true

  # Of that first pool. Without this its nodes would run as the project's default account, which may not exist.
  node_config {
    service_account = google_service_account.nodes.email

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  lifecycle {
    # After the first pool is gone, Google answers with another pool's.
    ignore_changes = [node_config]
  }

  depends_on = [google_project_iam_member.nodes]
}
