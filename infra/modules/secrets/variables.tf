variable "name" {
  description = "Begins every secret's name."
  type        = string
}

variable "further" {
  description = "Secrets beyond those that every relay has."
  type        = list(string)

  validation {
    condition = alltrue([
      for name in var.further : contains(["SUPABASE_JWT_SECRET", "GITHUB_WEBHOOK_SECRET_BEFORE", "ANTHROPIC_API_KEY"], name)
    ])
    error_message = "SUPABASE_JWT_SECRET, GITHUB_WEBHOOK_SECRET_BEFORE or ANTHROPIC_API_KEY."
  }
}
