variable "key" {
  type = string
}

resource "aws_sagemaker_notebook_instance" "compacted" {
  name        = "compacted"
  root_access = length(compact([var.key])) > 0 ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "of_a_set" {
  name        = "of-a-set"
  root_access = length(toset([var.key, ""])) == 2 ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "second" {
  name        = "second"
  root_access = compact([var.key, "Disabled", "Enabled"])[1]
}
