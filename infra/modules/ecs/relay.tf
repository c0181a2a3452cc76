resource "aws_ecs_task_definition" "relay" {
  family                   = "${var.name}-relay"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.relay.cpu
  memory                   = var.relay.memory
  execution_role_arn       = var.execution_role_arn
  task_role_arn            = var.relay_role_arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  container_definitions = jsonencode([
    {
      name                   = "relay"
      image                  = var.relay_image
      essential              = true
      user                   = "1000:1000"
      readonlyRootFilesystem = true
      # Streams are told to come again, work under way is finished (server/serve.ts): 20 s, then the task is killed.
      stopTimeout  = 30
      portMappings = [{ containerPort = local.relay_port, hostPort = local.relay_port, protocol = "tcp" }]
      environment  = [for name, value in local.relay_environment : { name = name, value = value }]
      # By name order, so that a plan changes only where a secret does.
      secrets = [for name in sort(keys(var.secret_arns)) : { name = name, valueFrom = var.secret_arns[name] }]
      healthCheck = {
        # The image has no shell, and no PATH that leads to node.
        command     = ["CMD", "/nodejs/bin/node", "-e", "fetch('http://127.0.0.1:${local.relay_port}/api/health').then((r) => process.exit(r.ok || r.status === 503 ? 0 : 1), () => process.exit(1))"]
        interval    = 10
        timeout     = 5
        retries     = 3
        startPeriod = 30
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = var.relay_log_group
          awslogs-region        = var.region
          awslogs-stream-prefix = "relay"
          mode                  = "non-blocking"
        }
      }
    },
  ])
}

locals {
  # Everything of server/config.ts that is no secret and not a local relay's.
  relay_environment = {
    PORT                = tostring(local.relay_port)
    HOST                = "0.0.0.0"
    LOG_LEVEL           = var.log_level
    LEASE_SECONDS       = "60"
    SUPABASE_URL        = var.supabase_url
    SUPABASE_ANON_KEY   = var.supabase_anon_key
    GITHUB_APP_ID       = var.github_app_id
    GITHUB_API_URL      = "https://api.github.com"
    MLFLOW_TRACKING_URI = local.mlflow_url
    ANTHROPIC_BASE_URL  = var.anthropic_base_url
    AWS_REGION          = var.region
    S3_BUCKET           = var.bucket
    # Many streams in little memory (server/README.md).
    NODE_OPTIONS = "--max-semi-space-size=4"
  }
}

resource "aws_ecs_service" "relay" {
  #checkov:skip=CKV_AWS_332:a platform by its number changes when somebody says so, and is the newest there is
  name                               = "relay"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.relay.arn
  desired_count                      = var.relay.least
  launch_type                        = "FARGATE"
  platform_version                   = "1.4.0"
  enable_execute_command             = false
  propagate_tags                     = "SERVICE"
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = 60
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.private_subnets
    security_groups  = [var.relay_group]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.relay.arn
    container_name   = "relay"
    container_port   = local.relay_port
  }

  # The pipeline rolls out, autoscaling counts.
  lifecycle {
    ignore_changes = [desired_count, task_definition]
  }

  depends_on = [aws_lb_listener.https]
}
