variable "name" {
  description = "Begins every name; also the GitHub environment that may deploy."
  type        = string
}

variable "region" {
  description = "Region of what is named."
  type        = string
}

variable "account_id" {
  description = "Account of what is named."
  type        = string
}

variable "bucket_arn" {
  description = "Artifacts."
  type        = string
}

variable "repository_arns" {
  description = "Images."
  type        = list(string)
}

variable "secret_arns" {
  description = "The relay's secrets."
  type        = map(string)
}

variable "log_group_arns" {
  description = "Logs of the tasks."
  type        = list(string)
}

variable "cluster_name" {
  description = "Cluster of the services."
  type        = string
}

variable "github_repositories" {
  description = "owner/name of the repositories that train."
  type        = list(string)
}

variable "github_deploy_repository" {
  description = "owner/name of the repository that deploys."
  type        = string
}

variable "training_subnets" {
  description = "Subnets that a training may have an interface in."
  type        = list(string)
}

variable "training_group" {
  description = "Security group of trainings that reach MLflow."
  type        = string
}
