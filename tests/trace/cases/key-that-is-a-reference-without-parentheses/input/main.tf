# To Terraform a reference as a key is an error where its value is asked for, unless it is in parentheses or computed.
locals {
  names = ["a"]
}

resource "aws_sagemaker_notebook_instance" "dotted" {
  root_access = can({ path.module = 1 }) ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "parenthesised" {
  root_access = can({ (path.module) = 1 }) ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "computed" {
  root_access = can({ local.names[tonumber("0")] = 1 }) ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "indexed" {
  root_access = can({ local.names[0] = 1 }) ? "Disabled" : "Enabled"
}
