resource "aws_sagemaker_notebook_instance" "this" {
  for_each = var.access

  name          = each.key
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = each.value
}

variable "access" {
  type    = map(string)
  default = { main = "Enabled" }
}
