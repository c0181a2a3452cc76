variable "name" {
  description = "What everything is called by, before the environment."
  type        = string
  default     = "gamma"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.name))
    error_message = "Lower-case letters, digits and hyphens, at most 16: names of load balancers are short."
  }
}

variable "environment" {
  description = "dev or prod: part of every name."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "dev or prod."
  }
}

variable "region" {
  description = "Region of everything, such as eu-central-1."
  type        = string
}

variable "tags" {
  description = "Further tags of everything, such as a cost centre."
  type        = map(string)
  default     = {}
}

variable "vpc_cidr" {
  description = "Addresses of the network; each subnet takes a sixteenth."
  type        = string
  default     = "10.40.0.0/16"
}

variable "zones" {
  description = "Availability zones, two or more."
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 6
    error_message = "Two to six zones: a load balancer wants two."
  }
}

variable "nat_per_zone" {
  description = "One NAT gateway in each zone (survives the loss of a zone) or one for all. GitHub, Supabase and Claude are reached through it; S3, ECR, logs and secrets are not."
  type        = bool
}

variable "certificate_arn" {
  description = "Certificate (ACM, same region) of the host name by which GitHub and the editors reach the relay."
  type        = string
}

variable "relay_url" {
  description = "Address of the relay as GitHub, AWS and the editors call it, such as https://gamma.example.com: a name of yours that points to the load balancer."
  type        = string

  validation {
    condition     = can(regex("^https://[^/]+$", var.relay_url))
    error_message = "https:// and a host, without a path."
  }
}

variable "supabase_url" {
  description = "Address of the Supabase project that people sign in to."
  type        = string
}

variable "supabase_anon_key" {
  description = "The project's public key; it is in every editor and no secret."
  type        = string
}

variable "github_app_id" {
  description = "Number of the relay's GitHub App."
  type        = string
}

variable "github_repositories" {
  description = "owner/name of the repositories whose models branches train in SageMaker through OpenID Connect."
  type        = list(string)
}

variable "github_deploy_repository" {
  description = "owner/name of the repository whose main branch deploys this relay."
  type        = string
}

variable "image_tag" {
  description = "Tag of both images, such as 0.1.0; tags are never used twice."
  type        = string
}

variable "relay" {
  description = "Size and number of the relay's tasks. Measured: 17.5 kB a stream, so 5,000 take 90 MB; streams_per_task is where another task begins."
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

variable "further_secrets" {
  description = "Secrets beyond those that every relay has: SUPABASE_JWT_SECRET where the project signs with a shared secret, ANTHROPIC_API_KEY for the organisation's agent, GITHUB_WEBHOOK_SECRET_BEFORE while that is being changed."
  type        = list(string)
  default     = []
}

variable "anthropic_base_url" {
  description = "Another address of Claude than Anthropic's own; empty for that."
  type        = string
  default     = ""
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
}

variable "alarm_email" {
  description = "Who hears of alarms; empty: nobody, they are on the dashboard."
  type        = string
  default     = ""
}

variable "protect" {
  description = "Keeps the load balancer and the bucket from being deleted with what is in them."
  type        = bool
}

variable "log_level" {
  description = "What the relay logs: info, or debug for a while."
  type        = string
  default     = "info"
}
