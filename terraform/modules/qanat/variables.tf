variable "name" {
  description = "Name of the release, and of everything that it makes"
  type        = string
  default     = "qanat"

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", var.name))
    error_message = "name must be lower-case letters, digits and hyphens, at most 40."
  }
}

variable "namespace" {
  description = "Namespace of the release"
  type        = string
  default     = "qanat"
}

variable "create_namespace" {
  description = "Whether the namespace is made; the Secrets must be in it before the release, so mostly it is there"
  type        = bool
  default     = false
}

variable "chart" {
  description = "Where the chart is: an OCI address, or a folder such as helm/qanat"
  type        = string
  default     = "oci://ghcr.io/qanat-io/charts/qanat"
}

variable "chart_version" {
  description = "Version of the chart; null with a folder"
  type        = string
  default     = "0.1.0"
}

variable "image" {
  description = "The hub's image; a digest counts more than the tag, and without both the chart's appVersion is run"
  type = object({
    repository = optional(string, "ghcr.io/qanat-io/qanat")
    tag        = optional(string, "")
    digest     = optional(string, "")
  })
  default = {}

  validation {
    condition     = var.image.digest == "" || can(regex("^sha256:[0-9a-f]{64}$", var.image.digest))
    error_message = "image.digest must be sha256: and 64 hexadecimal digits."
  }
}

variable "kafka" {
  description = "Brokers, and the Secrets with the login and the authority of their certificates"
  type = object({
    bootstrap_servers  = string
    security_protocol  = optional(string, "SASL_SSL")
    sasl_mechanism     = optional(string, "SCRAM-SHA-512")
    sasl_secret        = optional(string, "")
    ca_secret          = optional(string, "")
    replication_factor = optional(number, -1)
  })

  validation {
    condition     = can(regex("^[^:, ]+:[0-9]+(,[^:, ]+:[0-9]+)*$", var.kafka.bootstrap_servers))
    error_message = "kafka.bootstrap_servers must be host:port, with commas between several."
  }

  validation {
    condition     = contains(["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"], var.kafka.security_protocol)
    error_message = "kafka.security_protocol must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL."
  }

  validation {
    condition     = !startswith(var.kafka.security_protocol, "SASL_") || var.kafka.sasl_secret != ""
    error_message = "kafka.sasl_secret is needed with SASL: a Secret with username and password."
  }
}

variable "mongodb_secret" {
  description = "Secret whose key uri is MongoDB's URI"
  type        = string
}

variable "postgresql" {
  description = "PostgreSQL with PostGIS, and the Secret whose key password is its user's; null where no flow needs it"
  type = object({
    url      = string
    username = optional(string, "qanat")
    secret   = string
  })
  default = null

  validation {
    condition     = var.postgresql == null || startswith(try(var.postgresql.url, ""), "jdbc:postgresql://")
    error_message = "postgresql.url must begin with jdbc:postgresql://."
  }
}

variable "salesforce" {
  description = "The org's My Domain, and the Secret with client-id and client-secret; null where no flow needs it"
  type = object({
    login_url = string
    secret    = string
  })
  default = null

  validation {
    condition     = var.salesforce == null || startswith(try(var.salesforce.login_url, ""), "https://")
    error_message = "salesforce.login_url must begin with https://."
  }
}

variable "operators_secret" {
  description = "Secret whose key operators.yaml names the operators; without it nobody may look at flows and dead letters"
  type        = string
  default     = ""
}

variable "flows" {
  description = "Flows that hubs run where deployments say nothing else; none named means all"
  type        = list(string)
  default     = []
}

variable "deployments" {
  description = "The chart's deployments by name, as its values have them; none means one with every flow and role"
  type        = any
  default     = {}

  validation {
    condition     = can(keys(var.deployments))
    error_message = "deployments must be a map of names."
  }
}

variable "values" {
  description = "More of the chart's values, as YAML; the last counts most"
  type        = list(string)
  default     = []
}

variable "timeout" {
  description = "Seconds that install and upgrade may take"
  type        = number
  default     = 600

  validation {
    condition     = var.timeout >= 120
    error_message = "timeout must be 120 or more: pods are replaced one after the other, each with its grace period."
  }
}
