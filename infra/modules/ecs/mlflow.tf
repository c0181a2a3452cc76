resource "aws_ecs_task_definition" "mlflow" {
  family                   = "${var.name}-mlflow"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.mlflow.cpu
  memory                   = var.mlflow.memory
  execution_role_arn       = var.execution_role_arn
  task_role_arn            = var.mlflow_role_arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  # MLflow writes temporary files; its root stays read-only.
  volume {
    name = "tmp"
  }

  container_definitions = jsonencode([
    {
      name                   = "mlflow"
      image                  = var.mlflow_image
      essential              = true
      user                   = "1000:1000"
      readonlyRootFilesystem = true
      stopTimeout            = 30
      portMappings           = [{ containerPort = local.mlflow_port, hostPort = local.mlflow_port, protocol = "tcp" }]
      mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
      environment = [
        { name = "AWS_REGION", value = var.region },
        { name = "MLFLOW_ARTIFACTS", value = "s3://${var.bucket}/mlflow" },
        { name = "MLFLOW_HOST_NAMES", value = "mlflow.${aws_service_discovery_private_dns_namespace.this.name}" },
      ]
      secrets = [{ name = "DATABASE_URL", valueFrom = var.secret_arns["DATABASE_URL"] }]
      healthCheck = {
        command     = ["CMD", "python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:${local.mlflow_port}/health', timeout=4)"]
        interval    = 15
        timeout     = 5
        retries     = 4
        startPeriod = 120
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = var.mlflow_log_group
          awslogs-region        = var.region
          awslogs-stream-prefix = "mlflow"
          mode                  = "non-blocking"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "mlflow" {
  #checkov:skip=CKV_AWS_332:a platform by its number changes when somebody says so, and is the newest there is
  name                               = "mlflow"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.mlflow.arn
  desired_count                      = var.mlflow.count
  launch_type                        = "FARGATE"
  platform_version                   = "1.4.0"
  enable_execute_command             = false
  propagate_tags                     = "SERVICE"
  availability_zone_rebalancing      = "ENABLED"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.private_subnets
    security_groups  = [var.mlflow_group]
    assign_public_ip = false
  }

  service_registries {
    registry_arn = aws_service_discovery_service.mlflow.arn
  }

  lifecycle {
    ignore_changes = [task_definition]
  }
}
