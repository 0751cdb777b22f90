# unroot:ignore[root-access-enabled] builds kernel modules, has no network; approved in SEC-77
resource "aws_sagemaker_notebook_instance" "kernel" {
  name          = "kernel-modules"
  role_arn      = var.role_arn
  instance_type = "ml.t3.medium"
  root_access   = "Enabled"
}
