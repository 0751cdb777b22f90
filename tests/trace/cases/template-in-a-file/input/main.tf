variable "on" {
  default = true
}

resource "aws_sagemaker_notebook_instance" "this" {
  name          = "n"
  role_arn      = "arn:aws:iam::123456789012:role/n"
  instance_type = "ml.t3.medium"
  root_access   = templatefile("${path.module}/root.tftpl", { on = var.on })
}
