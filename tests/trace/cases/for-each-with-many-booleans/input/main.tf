resource "aws_sagemaker_notebook_instance" "this" {
  for_each = var.teams

  name          = each.key
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = each.value.root ? "Enabled" : "Disabled"
}

variable "teams" {
  type = map(object({ root = bool }))
}
