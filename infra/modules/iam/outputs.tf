output "execution_role_arn" {
  description = "ECS's own, on a task's behalf."
  value       = aws_iam_role.execution.arn
}

output "relay_role_arn" {
  description = "The relay's."
  value       = aws_iam_role.relay.arn
}

output "mlflow_role_arn" {
  description = "MLflow's."
  value       = aws_iam_role.mlflow.arn
}

output "sagemaker_role_arn" {
  description = "Of trainings."
  value       = aws_iam_role.sagemaker.arn
}

output "training_ci_role_arn" {
  description = "Of the workflow that submits trainings."
  value       = aws_iam_role.training_ci.arn
}

output "deploy_role_arn" {
  description = "Of the workflow that deploys."
  value       = aws_iam_role.deploy.arn
}

output "reader_policy_arn" {
  description = "For people's own AWS users."
  value       = aws_iam_policy.reader.arn
}
