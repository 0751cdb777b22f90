variable "flag" {
  type    = string
  default = "Enabled"
}

resource "terraform_data" "settings" {
  input = "Disabled"
}

resource "terraform_data" "each" {
  for_each = { dev = var.flag, prod = "Disabled" }
  input    = each.value
}

resource "terraform_data" "kept" {
  input = "Disabled"

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_sagemaker_notebook_instance" "complies" {
  name        = "complies"
  root_access = terraform_data.settings.input
}

resource "aws_sagemaker_notebook_instance" "by_key" {
  name        = "by-key"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "as_another" {
  name        = "as-another"
  root_access = aws_sagemaker_notebook_instance.complies.root_access
}

resource "aws_sagemaker_notebook_instance" "as_it_was" {
  name        = "as-it-was"
  root_access = terraform_data.kept.input
}
