variable "root_access" {
  default = "Disabled"
}

variable "tags" {
  default = {}
}

resource "aws_sagemaker_notebook_instance" "this" {
  root_access = var.root_access
}
