resource "aws_security_group" "balancer" {
  name_prefix = "${var.name}-balancer-"
  description = "Those who may call the API"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "hub" {
  name_prefix = "${var.name}-hub-"
  description = "The hubs"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "callers" {
  for_each = toset(var.allowed_cidrs)

  security_group_id = aws_security_group.balancer.id
  description       = "Callers"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "to_hubs" {
  for_each = { http = local.http, management = local.management, grpc = local.grpc }

  security_group_id            = aws_security_group.balancer.id
  description                  = "To the hubs: ${each.key}"
  referenced_security_group_id = aws_security_group.hub.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_ingress_rule" "from_balancer" {
  for_each = { http = local.http, management = local.management, grpc = local.grpc }

  security_group_id            = aws_security_group.hub.id
  description                  = "From the load balancer: ${each.key}"
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.hub.id
  description       = "Salesforce, the registry, Secrets Manager, logs"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

locals {
  servers = merge(
    {
      kafka      = { port = var.kafka.port, group = var.kafka.security_group_id }
      postgresql = { port = var.postgresql.port, group = var.postgresql.security_group_id }
    },
    var.mongodb == null ? {} : {
      mongodb = { port = var.mongodb.port, group = var.mongodb.security_group_id }
    },
  )
}

resource "aws_vpc_security_group_egress_rule" "servers" {
  for_each = local.servers

  security_group_id            = aws_security_group.hub.id
  description                  = "To ${each.key}"
  referenced_security_group_id = each.value.group
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "servers" {
  for_each = local.servers

  security_group_id            = each.value.group
  description                  = "From the hubs of ${var.name}"
  referenced_security_group_id = aws_security_group.hub.id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}
