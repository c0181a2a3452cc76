resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:logs hold ids and no secret (server/README.md); encrypted with AWS's own key
  #checkov:skip=CKV_AWS_338:how long is a variable; both environments keep a year
  for_each = toset(["relay", "mlflow"])

  name              = "/gamma/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
}

locals {
  namespace = "Gamma/${var.name}"

  # Fields of the line "figures" that each relay logs once a minute (server/figures.ts).
  figures = {
    OpenStreams     = { field = "openStreams", unit = "Count" }
    QueueAgeSeconds = { field = "queueAgeSeconds", unit = "Seconds" }
    DeliveryLagMs   = { field = "deliveryLagMs", unit = "Milliseconds" }
    DatabaseAway    = { field = "databaseAway", unit = "Count" }
  }
}

resource "aws_cloudwatch_log_metric_filter" "figures" {
  for_each = local.figures

  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.this["relay"].name
  pattern        = "{ $.msg = \"figures\" && $.${each.value.field} >= 0 }"

  metric_transformation {
    namespace = local.namespace
    name      = each.key
    value     = "$.${each.value.field}"
    unit      = each.value.unit
  }
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sns_topic_subscription" "email" {
  count = var.alarm_email == "" ? 0 : 1

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

locals {
  alb = { LoadBalancer = var.load_balancer }
  alarms = {
    server-errors = {
      says       = "The relay answers 5xx"
      namespace  = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", statistic = "Sum"
      dimensions = local.alb, threshold = 5, minutes = 5, missing = "notBreaching"
    }
    unhealthy = {
      says       = "A relay does not answer its health check, or says that the database is away"
      namespace  = "AWS/ApplicationELB", metric = "UnHealthyHostCount", statistic = "Maximum"
      dimensions = merge(local.alb, { TargetGroup = var.target_group }), threshold = 0, minutes = 3, missing = "notBreaching"
    }
    queue-age = {
      says       = "A job has waited for a runner for an hour"
      namespace  = local.namespace, metric = "QueueAgeSeconds", statistic = "Maximum"
      dimensions = {}, threshold = 3600, minutes = 10, missing = "notBreaching"
    }
    delivery-lag = {
      says       = "Events reach the editors more than five seconds late"
      namespace  = local.namespace, metric = "DeliveryLagMs", statistic = "Maximum"
      dimensions = {}, threshold = 5000, minutes = 5, missing = "notBreaching"
    }
    database-away = {
      says       = "A relay cannot reach the database"
      namespace  = local.namespace, metric = "DatabaseAway", statistic = "Maximum"
      dimensions = {}, threshold = 0, minutes = 3, missing = "notBreaching"
    }
    no-figures = {
      says       = "No relay has said anything for ten minutes"
      namespace  = local.namespace, metric = "OpenStreams", statistic = "SampleCount"
      dimensions = {}, threshold = null, minutes = 10, missing = "breaching"
    }
    undelivered = {
      says       = "Events of SageMaker could not be handed to the relay"
      namespace  = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum"
      dimensions = { QueueName = var.dead_letters }, threshold = 0, minutes = 5, missing = "notBreaching"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.says}: docs/operating.md says what to do"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = each.value.minutes
  datapoints_to_alarm = each.value.threshold == null ? each.value.minutes : min(3, each.value.minutes)
  threshold           = each.value.threshold == null ? 1 : each.value.threshold
  comparison_operator = each.value.threshold == null ? "LessThanThreshold" : "GreaterThanThreshold"
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

locals {
  # Two columns of charts: the title and [namespace, metric, dimensions..., statistic] of each line.
  charts = [
    { title = "Requests and errors", metrics = [
      ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.load_balancer, { stat = "Sum" }],
      ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", var.load_balancer, { stat = "Sum" }],
      ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", var.load_balancer, { stat = "Sum" }],
    ] },
    { title = "Answers, p50 and p99", metrics = [
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer, { stat = "p50" }],
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer, { stat = "p99" }],
    ] },
    { title = "Open streams of a task", metrics = [[local.namespace, "OpenStreams", { stat = "Average" }], [local.namespace, "OpenStreams", { stat = "Maximum" }]] },
    { title = "Delivery lag (ms)", metrics = [[local.namespace, "DeliveryLagMs", { stat = "Maximum" }]] },
    { title = "Oldest waiting job (s)", metrics = [[local.namespace, "QueueAgeSeconds", { stat = "Maximum" }]] },
    { title = "Database away", metrics = [[local.namespace, "DatabaseAway", { stat = "Maximum" }]] },
    { title = "Processor", metrics = [
      ["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster, "ServiceName", var.relay_service, { stat = "Average" }],
      ["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster, "ServiceName", var.mlflow_service, { stat = "Average" }],
    ] },
    { title = "Memory", metrics = [
      ["AWS/ECS", "MemoryUtilization", "ClusterName", var.cluster, "ServiceName", var.relay_service, { stat = "Average" }],
      ["AWS/ECS", "MemoryUtilization", "ClusterName", var.cluster, "ServiceName", var.mlflow_service, { stat = "Average" }],
    ] },
    { title = "Healthy relays", metrics = [
      ["AWS/ApplicationELB", "HealthyHostCount", "TargetGroup", var.target_group, "LoadBalancer", var.load_balancer, { stat = "Minimum" }],
      ["AWS/ApplicationELB", "UnHealthyHostCount", "TargetGroup", var.target_group, "LoadBalancer", var.load_balancer, { stat = "Maximum" }],
    ] },
    { title = "Undelivered events", metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.dead_letters, { stat = "Maximum" }]] },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      for at, chart in local.charts : {
        type   = "metric"
        x      = (at % 2) * 12
        y      = floor(at / 2) * 6
        width  = 12
        height = 6
        properties = {
          title   = chart.title
          region  = var.region
          period  = 60
          metrics = chart.metrics
        }
      }
    ]
  })
}
