resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "standard" {
  name     = "standard"
  on_start = filebase64("${path.module}/scripts/on-start.sh")
}

resource "aws_sagemaker_notebook_instance" "platform" {
  name                  = "platform"
  role_arn              = var.role_arn
  instance_type         = "ml.t3.medium"
  lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.standard.name
}

variable "role_arn" {
  type = string
}
