# Names without values: a person puts each value (output "next"), so no secret is in a file, a plan or the state.

locals {
  # What each is, for who has to put it.
  known = {
    DATABASE_URL                 = "postgresql:// address of the database with its password; MLflow keeps its tables in schema mlflow of it"
    GITHUB_WEBHOOK_SECRET        = "The webhook secret of the GitHub App"
    GITHUB_WEBHOOK_SECRET_BEFORE = "While the webhook secret is being changed: the one before"
    GITHUB_APP_PRIVATE_KEY       = "The GitHub App's private key, PEM"
    AWS_EVENTS_SECRET            = "At least 16 characters, by which the relay knows EventBridge"
    SUPABASE_JWT_SECRET          = "The Supabase project's JWT secret, where it does not sign with published keys"
    ANTHROPIC_API_KEY            = "The organisation's key for Claude, where people do not bring their own"
  }
  always = ["DATABASE_URL", "GITHUB_WEBHOOK_SECRET", "GITHUB_APP_PRIVATE_KEY", "AWS_EVENTS_SECRET"]
  used   = toset(concat(local.always, var.further))
}

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV_AWS_149:AWS's own key; a key of one's own adds a policy to keep and no reader less
  #checkov:skip=CKV2_AWS_57:each belongs to another service (GitHub, Supabase, Anthropic) where only a person can change it
  for_each = { for name in local.used : name => local.known[name] }

  name                    = "${var.name}/${each.key}"
  description             = each.value
  recovery_window_in_days = 7
}
