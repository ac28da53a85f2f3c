resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84: Google encrypts what it stores; a key of our own would protect images that hold no secret

  repository_id = var.name
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the shop"
  labels        = local.labels

  # A tag that was pushed stays what it is.
  docker_config {
    immutable_tags = true
  }

  # What is kept wins over what is deleted: the newest twenty of each image stay, however old.
  cleanup_policies {
    id     = "keep-newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = 20
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"

    condition {
      older_than = "30d"
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_artifact_registry_repository_iam_member" "nodes_pull" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.nodes.member
}

resource "google_artifact_registry_repository_iam_member" "deployer_push" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.deployer.member
}
