variable "ra" {
  type     = string
  default  = "Disabled"
  nullable = "false"
}

resource "aws_sagemaker_notebook_instance" "this" {
  name        = "this"
  root_access = var.ra
}
