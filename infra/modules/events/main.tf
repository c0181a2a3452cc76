# SageMaker says how a training goes; EventBridge hands it to the relay, and keeps what could not be handed over.

data "aws_secretsmanager_secret_version" "shared" {
  secret_id = var.secret_arn
}

resource "aws_cloudwatch_event_rule" "trainings" {
  name        = "${var.name}-trainings"
  description = "Each change of state of a SageMaker training"
  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = ["SageMaker Training Job State Change"]
  })
}

resource "aws_cloudwatch_event_connection" "relay" {
  name               = var.name
  description        = "The relay knows EventBridge by this header"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "X-Gamma-Secret"
      value = data.aws_secretsmanager_secret_version.shared.secret_string
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "relay" {
  name                             = var.name
  invocation_endpoint              = "${var.relay_url}/api/webhooks/aws"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 50
  connection_arn                   = aws_cloudwatch_event_connection.relay.arn
}

resource "aws_cloudwatch_event_target" "relay" {
  rule     = aws_cloudwatch_event_rule.trainings.name
  arn      = aws_cloudwatch_event_api_destination.relay.arn
  role_arn = aws_iam_role.invoke.arn

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-undelivered-events"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id
  policy    = data.aws_iam_policy_document.dead_letters.json
}

data "aws_iam_policy_document" "dead_letters" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letters.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.trainings.arn]
    }
  }
}

data "aws_iam_policy_document" "invoke_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "invoke" {
  name               = "${var.name}-events"
  assume_role_policy = data.aws_iam_policy_document.invoke_trust.json
}

data "aws_iam_policy_document" "invoke" {
  statement {
    actions   = ["events:InvokeApiDestination"]
    resources = [aws_cloudwatch_event_api_destination.relay.arn]
  }
}

resource "aws_iam_role_policy" "invoke" {
  name   = "tell-the-relay"
  role   = aws_iam_role.invoke.id
  policy = data.aws_iam_policy_document.invoke.json
}
