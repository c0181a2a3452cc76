output "arns" {
  description = "Each secret, by the variable that it is to the relay."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}
