output "relay_log_group" {
  description = "Log of the relay."
  value       = aws_cloudwatch_log_group.this["relay"].name
}

output "mlflow_log_group" {
  description = "Log of MLflow."
  value       = aws_cloudwatch_log_group.this["mlflow"].name
}

output "log_group_arns" {
  description = "Both, for policies."
  value       = [for group in aws_cloudwatch_log_group.this : group.arn]
}
