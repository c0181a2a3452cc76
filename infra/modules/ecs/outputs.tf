output "load_balancer_dns" {
  description = "What the relay's host name points to."
  value       = aws_lb.this.dns_name
}

output "load_balancer_suffix" {
  description = "As CloudWatch names the load balancer."
  value       = aws_lb.this.arn_suffix
}

output "target_group_suffix" {
  description = "As CloudWatch names the relay's targets."
  value       = aws_lb_target_group.relay.arn_suffix
}

output "cluster_name" {
  description = "Cluster of both services."
  value       = aws_ecs_cluster.this.name
}

output "relay_service_name" {
  description = "Service of the relay."
  value       = aws_ecs_service.relay.name
}

output "mlflow_service_name" {
  description = "Service of MLflow."
  value       = aws_ecs_service.mlflow.name
}

output "mlflow_url" {
  description = "MLflow inside the network."
  value       = local.mlflow_url
}
