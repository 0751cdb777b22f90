resource "aws_sagemaker_notebook_instance" "merged" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = merge(local.chosen, { size = 50 }).root
}

resource "aws_sagemaker_notebook_instance" "overridden" {
  name          = "training"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = merge({ root = "Disabled" }, local.chosen).root
}

locals {
  open   = { root = "Enabled" }
  closed = { root = "Disabled" }
  chosen = var.open ? local.open : local.closed
}

variable "open" {
  type    = bool
  default = true
}

output "open" {
  value = local.open
}
