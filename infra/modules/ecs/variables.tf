variable "name" {
  description = "Begins every name."
  type        = string
}

variable "region" {
  description = "Region of logs and artifacts."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "public_subnets" {
  description = "Of the load balancer."
  type        = list(string)
}

variable "private_subnets" {
  description = "Of the tasks."
  type        = list(string)
}

variable "alb_group" {
  description = "Security group of the load balancer."
  type        = string
}

variable "relay_group" {
  description = "Security group of the relay's tasks."
  type        = string
}

variable "mlflow_group" {
  description = "Security group of MLflow's tasks."
  type        = string
}

variable "certificate_arn" {
  description = "Certificate of the relay's host name."
  type        = string
}

variable "protect" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
}

variable "execution_role_arn" {
  description = "ECS's own role."
  type        = string
}

variable "relay_role_arn" {
  description = "What the relay may do."
  type        = string
}

variable "mlflow_role_arn" {
  description = "What MLflow may do."
  type        = string
}

variable "relay_image" {
  description = "Image and tag of the relay."
  type        = string
}

variable "mlflow_image" {
  description = "Image and tag of MLflow."
  type        = string
}

variable "relay" {
  description = "Size and number of the relay's tasks."
  type = object({
    cpu              = number
    memory           = number
    least            = number
    most             = number
    streams_per_task = number
  })
}

variable "mlflow" {
  description = "Size and number of MLflow's tasks."
  type = object({
    cpu    = number
    memory = number
    count  = number
  })
}

variable "relay_log_group" {
  description = "Log of the relay."
  type        = string
}

variable "mlflow_log_group" {
  description = "Log of MLflow."
  type        = string
}

variable "bucket" {
  description = "Artifacts."
  type        = string
}

variable "secret_arns" {
  description = "Secrets, by the variable that each is."
  type        = map(string)
}

variable "supabase_url" {
  description = "Where people sign in."
  type        = string
}

variable "supabase_anon_key" {
  description = "The public key of that."
  type        = string
}

variable "github_app_id" {
  description = "Number of the GitHub App."
  type        = string
}

variable "anthropic_base_url" {
  description = "Another address of Claude; empty for Anthropic's own."
  type        = string
}

variable "log_level" {
  description = "What is logged."
  type        = string
}
