variable "settings" {
  type = object({ size = optional(number, 20) })
}

variable "root" {
  type    = bool
  default = false
}

resource "aws_sagemaker_notebook_instance" "first" {
  name          = "first"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = try(var.settings.level, var.root ? "Enabled" : "Disabled")
}

resource "aws_sagemaker_notebook_instance" "second" {
  name          = "second"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = var.root ? "Disabled" : "Enabled"
}
