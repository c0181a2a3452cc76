output "dead_letter_queue_name" {
  description = "Where events lie that could not be handed over."
  value       = aws_sqs_queue.dead_letters.name
}
