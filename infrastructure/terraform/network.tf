resource "google_compute_network" "shop" {
  #checkov:skip=CKV2_GCP_18: nothing comes in without a rule, and GKE makes the rules that its nodes need

  name                    = var.name
  auto_create_subnetworks = false

  depends_on = [google_project_service.needed]
}

# Pods and Services have ranges of their own in the subnet, so a pod's address is known to the whole network.
# The ranges allow 250 nodes with 110 pods each, and 4,000 Services.
resource "google_compute_subnetwork" "nodes" {
  name                     = "${var.name}-nodes"
  network                  = google_compute_network.shop.id
  region                   = var.region
  ip_cidr_range            = "10.0.0.0/24"
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.64.0.0/16"
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = "10.128.0.0/20"
  }

  # One connection of ten is enough to see who spoke to whom.
  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# Nodes have no public address. What they fetch from outside, they fetch through this.
resource "google_compute_router" "shop" {
  name    = var.name
  network = google_compute_network.shop.id
  region  = var.region
}

resource "google_compute_router_nat" "shop" {
  name                               = var.name
  router                             = google_compute_router.shop.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.nodes.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
