# What a person's own AWS user needs for the editor: trainings, their logs, artifacts. Attach it to a group or permission set.

resource "aws_iam_policy" "reader" {
  name        = "${var.name}-reader"
  description = "For the Gamma extension: shows trainings, logs and artifacts, and changes nothing"
  policy      = data.aws_iam_policy_document.reader.json
}

data "aws_iam_policy_document" "reader" {
  source_policy_documents = [data.aws_iam_policy_document.read_artifacts.json]

  statement {
    sid       = "Trainings"
    actions   = ["sagemaker:ListTrainingJobs"]
    resources = ["*"] # SageMaker knows no narrower resource for this list
  }

  statement {
    sid       = "Training"
    actions   = ["sagemaker:DescribeTrainingJob", "sagemaker:ListTags"]
    resources = ["arn:aws:sagemaker:${var.region}:${var.account_id}:training-job/*"]
  }

  statement {
    sid     = "Logs"
    actions = ["logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents"]
    resources = [
      "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/sagemaker/TrainingJobs",
      "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/sagemaker/TrainingJobs:*",
    ]
  }
}
