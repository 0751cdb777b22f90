resource "aws_sagemaker_notebook_instance" "forecast" {
  name = "forecast"
  role_arn = "${var.role_arn}"
  instance_type = "ml.t2.medium"

  tags = {
    Owner = "finance"
  }
}

variable "role_arn" {}
