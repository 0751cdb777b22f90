variable "root_access" {}

resource "aws_sagemaker_notebook_instance" "nb" {
  name        = "nb"
  root_access = var.root_access
}

output "root_access" {
  value = aws_sagemaker_notebook_instance.nb.root_access
}
