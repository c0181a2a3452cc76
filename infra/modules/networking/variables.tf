variable "name" {
  description = "Begins every name."
  type        = string
}

variable "region" {
  description = "Region of the endpoints."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network."
  type        = string
}

variable "zones" {
  description = "Availability zones."
  type        = list(string)
}

variable "nat_per_zone" {
  description = "A NAT gateway in each zone, or one for all."
  type        = bool
}
