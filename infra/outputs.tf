output "next" {
  description = "What to do now, in order."
  value       = <<-EOT
    1. Point the host of ${var.relay_url} at ${module.ecs.load_balancer_dns} (CNAME or alias).
    2. Put each secret's value: aws secretsmanager put-secret-value --secret-id ${local.name}/NAME --secret-string ... (${join(", ", keys(module.secrets.arns))})
    3. Push the images ${module.ecr.relay_repository_url}:${var.image_tag} and ${module.ecr.mlflow_repository_url}:${var.image_tag} (the deploy workflow does).
    4. Set the GitHub App's webhook to ${var.relay_url}/api/webhooks/github.
    5. In VS Code: "gamma.relay.url": "${var.relay_url}", then Gamma: Sign In.
  EOT
}

output "relay_url" {
  description = "For the setting gamma.relay.url, and GAMMA_RELAY."
  value       = var.relay_url
}

output "load_balancer_dns" {
  description = "What the relay's host name points to."
  value       = module.ecs.load_balancer_dns
}

output "bucket" {
  description = "Of artifacts and checkpoints: s3Bucket of a project, and .gamma/train.json's sagemaker.bucket."
  value       = module.s3.bucket
}

output "ecr_repositories" {
  description = "Where the images go."
  value       = { relay = module.ecr.relay_repository_url, mlflow = module.ecr.mlflow_repository_url }
}

output "deploy_role_arn" {
  description = "Repository variable AWS_DEPLOY_ROLE of the deploy workflow."
  value       = module.iam.deploy_role_arn
}

output "training_role_arn" {
  description = "Repository variable GAMMA_AWS_ROLE of a training repository: its models branches submit trainings with it."
  value       = module.iam.training_ci_role_arn
}

output "sagemaker_role_arn" {
  description = "The role that trainings run as: sagemaker.role of .gamma/train.json."
  value       = module.iam.sagemaker_role_arn
}

output "training_network" {
  description = "For trainings that log to this MLflow: sagemaker.subnets, sagemaker.securityGroups and env.MLFLOW_TRACKING_URI of .gamma/train.json."
  value = {
    subnets        = module.networking.private_subnets
    securityGroups = [module.networking.training_group]
    tracking_uri   = module.ecs.mlflow_url
  }
}

output "reader_policy_arn" {
  description = "What a person's own AWS user needs for the editor to show trainings, logs and artifacts."
  value       = module.iam.reader_policy_arn
}

output "migrate" {
  description = "What the deploy workflow runs before the new tasks: task definition, cluster, subnets and security group."
  value = {
    cluster        = module.ecs.cluster_name
    service        = module.ecs.relay_service_name
    mlflow_service = module.ecs.mlflow_service_name
    subnets        = module.networking.private_subnets
    group          = module.networking.relay_group
  }
}
