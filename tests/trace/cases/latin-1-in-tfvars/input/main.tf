variable "ra" {
  default = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "this" {
  root_access = var.ra
}
