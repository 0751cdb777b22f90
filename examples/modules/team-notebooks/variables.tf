variable "team" {
  description = "Prefix of the notebooks' names."
  type        = string
}

variable "members" {
  description = "One notebook each, by user name."
  type = map(object({
    role_arn      = string
    instance_type = optional(string, "ml.t3.medium")
  }))
}
