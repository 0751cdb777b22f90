module "each" {
  source   = "./m"
  for_each = { x = "Disabled", y = "Enabled" }
  ra       = each.value
}

module "many" {
  source = "./m"
  count  = 2
  ra     = count.index == 0 ? "Disabled" : "Enabled"
}

module "none" {
  source = "./m"
  count  = 0
  ra     = "Disabled"
}

module "single" {
  source = "./m"
  ra     = "Enabled"
}

resource "aws_sagemaker_notebook_instance" "complies" {
  name        = "complies"
  root_access = module.each["x"].out
}

resource "aws_sagemaker_notebook_instance" "by_key" {
  name        = "by-key"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "by_splat" {
  name        = "by-splat"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "by_for" {
  name        = "by-for"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "counted" {
  name        = "counted"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "of_none" {
  name        = "of-none"
  root_access = try(module.none[0].out, "Disabled")
}

resource "aws_sagemaker_notebook_instance" "whole" {
  name        = "whole"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "same" {
  count       = 2
  name        = "same-${count.index}"
  root_access = "Disabled"
}
