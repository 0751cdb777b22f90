variable "ra" {
  type      = string
  default   = "Disabled"
  ephemeral = true
}

locals {
  ra = ephemeralasnull(var.ra)
}

resource "aws_sagemaker_notebook_instance" "as_it_is" {
  name        = "as-it-is"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "through_a_local" {
  name        = "through-a-local"
  root_access = coalesce(local.ra, "Disabled")
}

resource "aws_sagemaker_notebook_instance" "lasting" {
  name        = "lasting"
  root_access = ephemeralasnull("Disabled")
}
