# Another task where the processor is busy, or where each task has as many streams as it was measured for.

resource "aws_appautoscaling_target" "relay" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.relay.name}"
  min_capacity       = var.relay.least
  max_capacity       = var.relay.most
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${var.name}-relay-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.relay.service_namespace
  scalable_dimension = aws_appautoscaling_target.relay.scalable_dimension
  resource_id        = aws_appautoscaling_target.relay.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 600
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_policy" "streams" {
  name               = "${var.name}-relay-streams"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.relay.service_namespace
  scalable_dimension = aws_appautoscaling_target.relay.scalable_dimension
  resource_id        = aws_appautoscaling_target.relay.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.relay.streams_per_task
    scale_in_cooldown  = 600
    scale_out_cooldown = 60

    # Each task logs its own number once a minute (server/figures.ts): the average is what one has.
    customized_metric_specification {
      namespace   = "Gamma/${var.name}"
      metric_name = "OpenStreams"
      statistic   = "Average"
    }
  }
}
