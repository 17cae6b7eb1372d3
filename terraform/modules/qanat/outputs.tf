output "name" {
  description = "Name of the release, and of the Service in front of the hubs"
  value       = helm_release.qanat.name
}

output "namespace" {
  description = "Namespace of the release"
  value       = helm_release.qanat.namespace
}

output "app_version" {
  description = "Version of the hub that is installed"
  value       = helm_release.qanat.metadata.app_version
}

output "revision" {
  description = "Revision of the release, for helm rollback"
  value       = helm_release.qanat.metadata.revision
}

output "url" {
  description = "Where the API is, inside the cluster"
  value       = "http://${helm_release.qanat.name}.${helm_release.qanat.namespace}.svc:8080"
}

output "grpc_target" {
  description = "Where gRPC is, inside the cluster"
  value       = "${helm_release.qanat.name}.${helm_release.qanat.namespace}.svc:9090"
}
