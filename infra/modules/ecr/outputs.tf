output "relay_repository_url" {
  description = "Where the relay's image goes."
  value       = aws_ecr_repository.this["relay"].repository_url
}

output "mlflow_repository_url" {
  description = "Where MLflow's image goes."
  value       = aws_ecr_repository.this["mlflow"].repository_url
}

output "repository_arns" {
  description = "Both repositories, for policies."
  value       = [for repository in aws_ecr_repository.this : repository.arn]
}
