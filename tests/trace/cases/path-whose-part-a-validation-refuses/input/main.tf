variable "first" {
  type = string
}

variable "second" {
  type = string

  validation {
    condition     = !(var.second == "Disabled" && var.first == "Enabled")
    error_message = "The first comes first."
  }
}

resource "aws_sagemaker_notebook_instance" "nb" {
  for_each    = { first = var.first, second = var.second }
  name        = each.key
  root_access = each.value
}
