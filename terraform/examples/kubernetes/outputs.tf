output "url" {
  description = "Where the API is, inside the cluster"
  value       = module.qanat.url
}
