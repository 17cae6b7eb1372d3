locals {
  kafka = {
    bootstrapServers  = var.kafka.bootstrap_servers
    securityProtocol  = var.kafka.security_protocol
    replicationFactor = var.kafka.replication_factor
    sasl              = { mechanism = var.kafka.sasl_mechanism, existingSecret = var.kafka.sasl_secret }
    tls               = { existingSecret = var.kafka.ca_secret }
  }

  sinks = merge(
    var.postgresql == null ? {} : {
      postgresql = {
        url            = var.postgresql.url
        username       = var.postgresql.username
        existingSecret = var.postgresql.secret
      }
    },
    var.salesforce == null ? {} : {
      salesforce = {
        loginUrl       = var.salesforce.login_url
        existingSecret = var.salesforce.secret
      }
    },
  )

  settings = merge(
    {
      fullnameOverride = var.name
      image            = var.image
      kafka            = local.kafka
      mongodb          = { existingSecret = var.mongodb_secret }
      operators        = { existingSecret = var.operators_secret }
      defaults         = { flows = var.flows }
      deployments      = var.deployments
    },
    local.sinks,
  )
}

resource "helm_release" "qanat" {
  name             = var.name
  namespace        = var.namespace
  create_namespace = var.create_namespace
  chart            = var.chart
  version          = var.chart_version
  values           = concat([yamlencode(local.settings)], var.values)
  atomic           = true
  timeout          = var.timeout
}
