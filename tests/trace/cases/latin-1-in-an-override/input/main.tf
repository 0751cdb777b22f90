locals {
  ra = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "this" {
  root_access = local.ra
}
