resource "aws_sagemaker_notebook_instance" "this" {
  for_each = { for name, notebook in var.notebooks : name => merge(local.defaults, notebook) }

  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = each.value.root_access
}

locals {
  defaults = {
    root_access = "Disabled"
  }
}
