variable "name" {
  description = "Begins every name."
  type        = string
}

variable "relay_url" {
  description = "Address of the relay."
  type        = string
}

variable "secret_arn" {
  description = "Secret whose value the relay and EventBridge share; it has to have one."
  type        = string
}
