output "address" {
  description = "The load balancer's name in the DNS, for a record of the certificate's"
  value       = aws_lb.this.dns_name
}

output "cluster" {
  description = "The cluster, for aws ecs"
  value       = aws_ecs_cluster.this.name
}

output "log_group" {
  description = "Where the hubs' logs are"
  value       = aws_cloudwatch_log_group.this.name
}
