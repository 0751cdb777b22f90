variable "settings" {
  type    = any
  default = { ra = "Disabled" }
}

resource "aws_sagemaker_notebook_instance" "this" {
  root_access = var.settings.ra
}
