locals {
  http       = 8080
  management = 8081
  grpc       = 9090

  environment = {
    QANAT_KAFKA_BOOTSTRAPSERVERS           = var.kafka.bootstrap_servers
    CAMEL_COMPONENT_KAFKA_SECURITYPROTOCOL = "SASL_SSL"
    CAMEL_COMPONENT_KAFKA_SASLMECHANISM    = "SCRAM-SHA-512"
    QANAT_POSTGRESQL_URL                   = var.postgresql.url
    QANAT_POSTGRESQL_USERNAME              = var.postgresql.username
    QANAT_SALESFORCE_LOGINURL              = var.salesforce_login_url
    QANAT_OPERATORS_0_ROLE                 = "operator"
  }

  secrets = {
    CAMEL_COMPONENT_KAFKA_SASLJAASCONFIG = "kafka-jaas-config"
    QANAT_MONGODB_URI                    = "mongodb-uri"
    QANAT_POSTGRESQL_PASSWORD            = "postgresql-password"
    QANAT_SALESFORCE_CLIENTID            = "salesforce-client-id"
    QANAT_SALESFORCE_CLIENTSECRET        = "salesforce-client-secret"
    QANAT_OPERATORS_0_NAME               = "operator-name"
    QANAT_OPERATORS_0_PASSWORD           = "operator-password"
  }
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "this" {
  for_each = var.services

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([{
    name      = "hub"
    image     = var.image
    essential = true
    user      = "65532"
    # Fargate's volumes belong to root, so /tmp is the image's own, of which each task has a fresh copy.
    readonlyRootFilesystem = false
    # 20 s for requests, 20 s for batches, and a margin.
    stopTimeout = 60
    portMappings = [
      for name, port in { http = local.http, management = local.management, grpc = local.grpc } :
      { name = name, containerPort = port, protocol = "tcp" }
    ]
    environment = concat(
      [for name, value in local.environment : { name = name, value = value }],
      [{ name = "QANAT_ROLES", value = join(",", each.value.roles) }],
      length(each.value.flows) == 0 ? [] : [{ name = "QANAT_FLOWS", value = join(",", each.value.flows) }],
    )
    secrets = [for name, key in local.secrets : { name = name, valueFrom = "${var.secret_arn}:${key}::" }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = var.region
        awslogs-stream-prefix = each.key
      }
    }
  }])
}

resource "aws_ecs_service" "this" {
  for_each = var.services

  name                               = each.key
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.this[each.key].arn
  desired_count                      = each.value.min
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = each.key == "front" ? 120 : null

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets         = var.private_subnet_ids
    security_groups = [aws_security_group.hub.id]
  }

  dynamic "load_balancer" {
    for_each = each.key == "front" ? {
      http = { group = aws_lb_target_group.http.arn, port = local.http }
      grpc = { group = aws_lb_target_group.grpc.arn, port = local.grpc }
    } : {}

    content {
      target_group_arn = load_balancer.value.group
      container_name   = "hub"
      container_port   = load_balancer.value.port
    }
  }

  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [aws_lb_listener_rule.grpc, aws_iam_role_policy.secret]
}
