variable "region" {
  description = "Where all is made"
  type        = string
}

variable "name" {
  description = "Name of everything that is made"
  type        = string
  default     = "qanat"

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", var.name))
    error_message = "name must be lower-case letters, digits and hyphens, at most 20: target groups have short names."
  }
}

variable "image" {
  description = "The hub's image, by tag or digest"
  type        = string
  default     = "ghcr.io/qanat-io/qanat:0.1.0"
}

variable "vpc_id" {
  description = "The VPC that all runs in"
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the load balancer, in two zones or more"
  type        = list(string)

  validation {
    condition     = length(var.public_subnet_ids) >= 2
    error_message = "A load balancer needs subnets in two zones."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the hubs; they need a way out, to Salesforce and to the image's registry"
  type        = list(string)
}

variable "certificate_arn" {
  description = "The load balancer's certificate, from ACM"
  type        = string
}

variable "allowed_cidrs" {
  description = "Who may call the API"
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "kafka" {
  description = "Brokers, such as MSK's, with SASL/SCRAM over TLS; security_group_id is theirs, which is opened for the hubs"
  type = object({
    bootstrap_servers = string
    port              = optional(number, 9096)
    security_group_id = string
  })
}

variable "mongodb" {
  description = "DocumentDB's or an Atlas private endpoint's security group, which is opened for the hubs; null if none is to be opened"
  type = object({
    port              = optional(number, 27017)
    security_group_id = string
  })
  default = null
}

variable "postgresql" {
  description = "PostgreSQL with PostGIS; security_group_id is its own, which is opened for the hubs"
  type = object({
    url               = string
    username          = optional(string, "qanat")
    port              = optional(number, 5432)
    security_group_id = string
  })
}

variable "salesforce_login_url" {
  description = "The org's My Domain"
  type        = string

  validation {
    condition     = startswith(var.salesforce_login_url, "https://")
    error_message = "salesforce_login_url must begin with https://."
  }
}

variable "secret_arn" {
  description = "A secret of Secrets Manager, JSON with the keys kafka-jaas-config, mongodb-uri, postgresql-password, salesforce-client-id, salesforce-client-secret, operator-name, operator-password (a bcrypt hash)"
  type        = string

  validation {
    condition     = startswith(var.secret_arn, "arn:")
    error_message = "secret_arn must be the whole ARN."
  }
}

variable "log_retention_days" {
  description = "Days for which logs are kept"
  type        = number
  default     = 30
}

variable "services" {
  description = "Services by name: which flows and roles each runs (no flows means all), its size, and between how many tasks it scales"
  type = map(object({
    flows  = optional(list(string), [])
    roles  = list(string)
    cpu    = optional(number, 1024)
    memory = optional(number, 2048)
    min    = optional(number, 2)
    max    = optional(number, 6)
  }))
  default = {
    front   = { roles = ["accept", "query"] }
    deliver = { roles = ["deliver"] }
  }

  validation {
    condition     = alltrue([for s in var.services : length(setsubtract(s.roles, ["accept", "deliver", "query"])) == 0])
    error_message = "roles are accept, deliver and query."
  }

  validation {
    condition     = contains(keys(var.services), "front")
    error_message = "The service that the load balancer calls is named front."
  }

  validation {
    condition     = alltrue([for s in var.services : s.min >= 1 && s.min <= s.max])
    error_message = "Each service has at least one task, and no more at least than at most."
  }
}
