locals {
  labels = {
    app        = var.name
    managed-by = "terraform"
  }

  registry = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}
