# CircleCI signs a token for each job. Google takes it for a short-lived one of the deployer's account,
# if it is of this project and of its branch main. So there is no key to keep, and no branch but main can deploy.
resource "google_iam_workload_identity_pool" "circleci" {
  workload_identity_pool_id = "${var.name}-circleci"
  display_name              = "CircleCI"

  depends_on = [google_project_service.needed]
}

resource "google_iam_workload_identity_pool_provider" "circleci" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.circleci.workload_identity_pool_id
  workload_identity_pool_provider_id = "circleci"
  display_name                       = "CircleCI"

  # Not the token's subject: with three long ids in it, it is at Google's limit of 127 bytes.
  attribute_mapping = {
    "google.subject" = "assertion['oidc.circleci.com/project-id']"
  }

  attribute_condition = join(" && ", [
    "assertion['oidc.circleci.com/project-id'] == '${var.circleci_project}'",
    "assertion['oidc.circleci.com/vcs-ref'] == 'refs/heads/main'",
    # A job that was run again with SSH has a person in it.
    "assertion['oidc.circleci.com/ssh-rerun'] == false",
  ])

  oidc {
    issuer_uri        = "https://oidc.circleci.com/org/${var.circleci_organization}"
    allowed_audiences = [var.circleci_organization]
  }
}

resource "google_service_account" "deployer" {
  account_id   = "${var.name}-deployer"
  display_name = "Pushes the shop's images and installs its chart"

  depends_on = [google_project_service.needed]
}

resource "google_service_account_iam_member" "circleci_is_deployer" {
  service_account_id = google_service_account.deployer.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.circleci.name}/subject/${var.circleci_project}"
}

# To connect, and to change what is in the cluster; not the cluster itself, nor who may do what in it.
resource "google_project_iam_member" "deployer" {
  project = var.project
  role    = "roles/container.developer"
  member  = google_service_account.deployer.member
}
