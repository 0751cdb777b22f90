variable "root_access" {
  default = "Enabled"
}

resource "aws_sagemaker_notebook_instance" "nb" {
  name        = "nb"
  root_access = var.root_access
}

locals {
  access  = aws_sagemaker_notebook_instance.nb.root_access
  is_root = local.access == "Enabled"
}

data "terraform_remote_state" "x" {
  count   = local.is_root ? 1 : 0
  backend = "local"
}
