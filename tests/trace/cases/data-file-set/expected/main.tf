locals {
  files = fileset(path.module, "notebooks/*.json")
}

resource "aws_sagemaker_notebook_instance" "this" {
  for_each      = local.files
  name          = "n"
  role_arn      = "arn:aws:iam::123456789012:role/n"
  instance_type = "ml.t3.medium"
  root_access   = "Disabled"
}
