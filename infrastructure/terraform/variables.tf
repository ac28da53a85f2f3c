variable "project" {
  description = "Id of the Google Cloud project. Best one of its own: the deployer may change every cluster in it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project is a project's id: 6 to 30 small letters, digits and hyphens, as in my-shop-123456."
  }
}

variable "region" {
  description = "Region of the cluster and its images, as in europe-west1. Nodes are spread over its zones."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region, as in europe-west1. A zone, as in europe-west1-b, is too small for three replicas."
  }
}

variable "domain" {
  description = "Name under which people find the shop, as in shop.example.com. Cloud DNS becomes its name server."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "domain is a bare host name in small letters, as in shop.example.com: no https://, no dot at the end."
  }
}

variable "certificate_email" {
  description = "Where Let's Encrypt writes to if the shop's certificate is about to run out."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s,=]+@[^@\\s,=]+\\.[^@\\s,=]+$", var.certificate_email))
    error_message = "certificate_email is an e-mail address."
  }
}

variable "circleci_organization" {
  description = "Id of the organization on CircleCI (Organization Settings, Overview)."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.circleci_organization))
    error_message = "circleci_organization is the organization's id, a UUID, not its name."
  }
}

variable "circleci_project" {
  description = "Id of the project on CircleCI (Project Settings, Overview)."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.circleci_project))
    error_message = "circleci_project is the project's id, a UUID, not its name."
  }
}

variable "name" {
  description = "Name of the cluster, and the beginning of the names of what belongs to it."
  type        = string
  default     = "shop"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,19}[a-z0-9]$", var.name))
    error_message = "name has 4 to 21 small letters, digits and hyphens, and begins with a letter."
  }
}

variable "authorized_networks" {
  description = "Who may reach the control plane's IP address: a name and a network each, as in {office = \"203.0.113.0/24\"}."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for network in values(var.authorized_networks) : can(cidrhost(network, 0))])
    error_message = "authorized_networks has a value that is no network, as in 203.0.113.0/24."
  }

  validation {
    condition     = !anytrue([for network in values(var.authorized_networks) : endswith(network, "/0")])
    error_message = "authorized_networks must not hold the whole internet."
  }
}

variable "node_pools" {
  description = "Pools of nodes by name. The numbers are for one zone, and a region has three. A machine type is changed without downtime by a second pool."
  type = map(object({
    machine_type = string
    min_per_zone = number
    max_per_zone = number
    disk_gb      = optional(number, 50)
  }))
  default = {
    shop = { machine_type = "e2-standard-4", min_per_zone = 1, max_per_zone = 3 }
  }

  validation {
    condition     = length(var.node_pools) > 0
    error_message = "node_pools is empty: the shop needs nodes."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : startswith(pool.machine_type, "e2-")])
    error_message = "node_pools: a machine_type is one of the e2 family, as in e2-standard-4."
  }

  validation {
    condition = alltrue([
      for pool in values(var.node_pools) : pool.min_per_zone >= 1 && pool.max_per_zone >= pool.min_per_zone
    ])
    error_message = "node_pools: min_per_zone is at least 1, and max_per_zone is not less than it."
  }
}

variable "release_channel" {
  description = "How soon the cluster takes new versions of Kubernetes: RAPID, REGULAR or STABLE."
  type        = string
  default     = "REGULAR"

  validation {
    condition     = contains(["RAPID", "REGULAR", "STABLE"], var.release_channel)
    error_message = "release_channel is RAPID, REGULAR or STABLE."
  }
}

variable "maintenance_start" {
  description = "When the four hours begin in which Google may upgrade the cluster, every day, in UTC."
  type        = string
  default     = "02:00"

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.maintenance_start))
    error_message = "maintenance_start is a time of day in UTC, as in 02:00."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the cluster. To remove everything, set it to false, apply, then destroy."
  type        = bool
  default     = true
}
