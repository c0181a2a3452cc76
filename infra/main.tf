locals {
  name = "${var.name}-${var.environment}"
}

data "aws_caller_identity" "current" {}

module "networking" {
  source = "./modules/networking"

  name         = local.name
  region       = var.region
  cidr         = var.vpc_cidr
  zones        = var.zones
  nat_per_zone = var.nat_per_zone
}

module "s3" {
  source = "./modules/s3"

  name    = "${local.name}-artifacts-${data.aws_caller_identity.current.account_id}"
  protect = var.protect
}

module "ecr" {
  source = "./modules/ecr"

  name = local.name
}

module "secrets" {
  source = "./modules/secrets"

  name    = local.name
  further = var.further_secrets
}

module "observability" {
  source = "./modules/observability"

  name               = local.name
  log_retention_days = var.log_retention_days
  alarm_email        = var.alarm_email
  load_balancer      = module.ecs.load_balancer_suffix
  target_group       = module.ecs.target_group_suffix
  cluster            = module.ecs.cluster_name
  relay_service      = module.ecs.relay_service_name
  mlflow_service     = module.ecs.mlflow_service_name
  dead_letters       = module.events.dead_letter_queue_name
  region             = var.region
}

module "iam" {
  source = "./modules/iam"

  name                     = local.name
  region                   = var.region
  account_id               = data.aws_caller_identity.current.account_id
  bucket_arn               = module.s3.bucket_arn
  repository_arns          = module.ecr.repository_arns
  secret_arns              = module.secrets.arns
  log_group_arns           = module.observability.log_group_arns
  cluster_name             = local.name
  github_repositories      = var.github_repositories
  github_deploy_repository = var.github_deploy_repository
  training_subnets         = module.networking.private_subnets
  training_group           = module.networking.training_group
}

module "ecs" {
  source = "./modules/ecs"

  name               = local.name
  region             = var.region
  vpc_id             = module.networking.vpc_id
  public_subnets     = module.networking.public_subnets
  private_subnets    = module.networking.private_subnets
  alb_group          = module.networking.alb_group
  relay_group        = module.networking.relay_group
  mlflow_group       = module.networking.mlflow_group
  certificate_arn    = var.certificate_arn
  protect            = var.protect
  execution_role_arn = module.iam.execution_role_arn
  relay_role_arn     = module.iam.relay_role_arn
  mlflow_role_arn    = module.iam.mlflow_role_arn
  relay_image        = "${module.ecr.relay_repository_url}:${var.image_tag}"
  mlflow_image       = "${module.ecr.mlflow_repository_url}:${var.image_tag}"
  relay              = var.relay
  mlflow             = var.mlflow
  relay_log_group    = module.observability.relay_log_group
  mlflow_log_group   = module.observability.mlflow_log_group
  bucket             = module.s3.bucket
  secret_arns        = module.secrets.arns
  supabase_url       = var.supabase_url
  supabase_anon_key  = var.supabase_anon_key
  github_app_id      = var.github_app_id
  anthropic_base_url = var.anthropic_base_url
  log_level          = var.log_level
}

module "events" {
  source = "./modules/events"

  name       = local.name
  relay_url  = var.relay_url
  secret_arn = module.secrets.arns["AWS_EVENTS_SECRET"]
}
