variable "name" {
  description = "Begins every name."
  type        = string
}

variable "region" {
  description = "Region of the charts."
  type        = string
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
}

variable "alarm_email" {
  description = "Who hears of alarms; empty: nobody."
  type        = string
}

variable "load_balancer" {
  description = "As CloudWatch names the load balancer."
  type        = string
}

variable "target_group" {
  description = "As CloudWatch names the relay's targets."
  type        = string
}

variable "cluster" {
  description = "Cluster of both services."
  type        = string
}

variable "relay_service" {
  description = "Service of the relay."
  type        = string
}

variable "mlflow_service" {
  description = "Service of MLflow."
  type        = string
}

variable "dead_letters" {
  description = "Queue of undelivered events."
  type        = string
}
