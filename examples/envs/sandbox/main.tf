resource "aws_sagemaker_notebook_instance" "scratch" {
  name          = "scratch"
  role_arn      = var.role_arn
  instance_type = "ml.t3.medium"
  root_access   = null
}

# The provider rejects this one: the value is case-sensitive.
resource "aws_sagemaker_notebook_instance" "workshop" {
  count = 12

  name          = "workshop-${count.index}"
  role_arn      = var.role_arn
  instance_type = "ml.t3.medium"
  root_access   = "disabled"
}

# resource "aws_sagemaker_notebook_instance" "old_workshop" {
#   name        = "old-workshop"
#   root_access = "Enabled"
# }

variable "role_arn" {
  type = string
}
