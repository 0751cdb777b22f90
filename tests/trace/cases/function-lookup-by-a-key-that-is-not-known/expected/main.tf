locals {
  access = { dev = "Disabled", prod = "Disabled" }
}

resource "aws_sagemaker_notebook_instance" "this" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = lookup(local.access, terraform.workspace, "Disabled")
}

resource "aws_sagemaker_notebook_instance" "other" {
  name          = "other"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = try(local.access[terraform.workspace], "Disabled")
}
