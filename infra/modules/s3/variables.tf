variable "name" {
  description = "The bucket's name: one in the world."
  type        = string
}

variable "protect" {
  description = "Whether the bucket refuses to go while something is in it."
  type        = bool
}
