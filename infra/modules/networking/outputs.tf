output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "public_subnets" {
  description = "Of the load balancer."
  value       = [for zone in var.zones : aws_subnet.public[zone].id]
}

output "private_subnets" {
  description = "Of the tasks."
  value       = [for zone in var.zones : aws_subnet.private[zone].id]
}

output "alb_group" {
  description = "Security group of the load balancer."
  value       = aws_security_group.alb.id
}

output "relay_group" {
  description = "Security group of the relay's tasks."
  value       = aws_security_group.relay.id
}

output "mlflow_group" {
  description = "Security group of MLflow's tasks."
  value       = aws_security_group.mlflow.id
}

output "training_group" {
  description = "Security group of trainings that reach MLflow."
  value       = aws_security_group.training.id
}
