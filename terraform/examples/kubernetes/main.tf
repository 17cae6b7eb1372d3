terraform {
  required_version = ">= 1.8"

  required_providers {
    helm = {
      source  = "hashicorp/helm"
      version = ">= 3.0"
    }
  }
}

provider "helm" {
  kubernetes = {
    config_path    = var.kubeconfig
    config_context = var.context
  }
}

module "qanat" {
  source = "../../modules/qanat"

  namespace     = "qanat"
  chart         = "${path.module}/../../../helm/qanat"
  chart_version = null

  kafka = {
    bootstrap_servers = var.kafka_bootstrap_servers
    sasl_secret       = "qanat-kafka"
  }

  mongodb_secret   = "qanat-mongodb"
  operators_secret = "qanat-operators"

  postgresql = {
    url    = var.postgresql_url
    secret = "qanat-postgresql"
  }

  salesforce = {
    login_url = var.salesforce_login_url
    secret    = "qanat-salesforce"
  }

  deployments = {
    accept  = { roles = ["accept", "query"], replicas = 2 }
    deliver = { roles = ["deliver"], replicas = 2 }
  }
}
