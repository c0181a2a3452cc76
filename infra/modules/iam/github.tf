# GitHub Actions signs in by OpenID Connect: no key is stored anywhere.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://${local.oidc}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "training_ci_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.oidc}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Only pushes to models branches of these repositories: no pull request, no other branch.
    condition {
      test     = "StringLike"
      variable = "${local.oidc}:sub"
      values = flatten([
        for repository in var.github_repositories :
        ["repo:${repository}:ref:refs/heads/models", "repo:${repository}:ref:refs/heads/models/*"]
      ])
    }
  }
}

resource "aws_iam_role" "training_ci" {
  name                 = "${var.name}-submit"
  assume_role_policy   = data.aws_iam_policy_document.training_ci_trust.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "training_ci" {
  name   = "submit-trainings"
  role   = aws_iam_role.training_ci.id
  policy = data.aws_iam_policy_document.training_ci.json
}

data "aws_iam_policy_document" "training_ci" {
  statement {
    sid       = "Code"
    actions   = ["s3:PutObject"]
    resources = ["${var.bucket_arn}/*"]
  }

  statement {
    sid       = "Submit"
    actions   = ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:AddTags"]
    resources = local.trainings
  }

  statement {
    sid       = "HandOverTheRole"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.sagemaker.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["sagemaker.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "deploy_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.oidc}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.oidc}:sub"
      values   = ["repo:${var.github_deploy_repository}:environment:${var.name}"]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name                 = "${var.name}-deploy"
  assume_role_policy   = data.aws_iam_policy_document.deploy_trust.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "Login"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # ECR knows no narrower resource for this read
  }

  statement {
    sid = "Images"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = var.repository_arns
  }

  statement {
    sid       = "ReadDefinitions"
    actions   = ["ecs:DescribeTaskDefinition"]
    resources = ["*"] # ECS knows no narrower resource for this read
  }

  statement {
    sid     = "ReadTasks"
    actions = ["ecs:DescribeServices", "ecs:DescribeTasks"]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:service/${var.cluster_name}/*",
      "arn:aws:ecs:${var.region}:${var.account_id}:task/${var.cluster_name}/*",
    ]
  }

  statement {
    sid     = "NewTasks"
    actions = ["ecs:RegisterTaskDefinition", "ecs:TagResource"]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-relay:*",
      "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-mlflow:*",
    ]
  }

  statement {
    sid       = "Roll"
    actions   = ["ecs:UpdateService"]
    resources = ["arn:aws:ecs:${var.region}:${var.account_id}:service/${var.cluster_name}/*"]
  }

  statement {
    sid       = "Migrate"
    actions   = ["ecs:RunTask"]
    resources = ["arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-relay:*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = ["arn:aws:ecs:${var.region}:${var.account_id}:cluster/${var.cluster_name}"]
    }
  }

  statement {
    sid       = "HandOverTheRoles"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.execution.arn, aws_iam_role.relay.arn, aws_iam_role.mlflow.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}
