variable "name" {
  description = "Begins both repositories' names."
  type        = string
}
