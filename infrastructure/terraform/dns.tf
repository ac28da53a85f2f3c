# The shop's address. The chart's Gateway takes it by its name.
resource "google_compute_global_address" "shop" {
  name = var.name

  depends_on = [google_project_service.needed]
}

# A zone for the shop's name alone: whoever owns the domain above hands it over with one NS record.
resource "google_dns_managed_zone" "shop" {
  name        = var.name
  dns_name    = "${var.domain}."
  description = "Where the shop is"
  labels      = local.labels

  dnssec_config {
    state = "on"
  }

  depends_on = [google_project_service.needed]
}

resource "google_dns_record_set" "shop" {
  managed_zone = google_dns_managed_zone.shop.name
  name         = google_dns_managed_zone.shop.dns_name
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.shop.address]
}
