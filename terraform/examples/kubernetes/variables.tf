variable "kubeconfig" {
  description = "The file that says how the cluster is reached"
  type        = string
  default     = "~/.kube/config"
}

variable "context" {
  description = "The context in it; null means the current one"
  type        = string
  default     = null
}

variable "kafka_bootstrap_servers" {
  description = "Brokers, host:port"
  type        = string
}

variable "postgresql_url" {
  description = "jdbc:postgresql://host:5432/database"
  type        = string
}

variable "salesforce_login_url" {
  description = "The org's My Domain, https://..."
  type        = string
}
